import { builtinModules } from 'node:module';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Figure } from './figure.ts';

/** What a program weighs in one file, dependencies included: bundled and minified, without Node's own modules. */
export async function bundleSize(program: string): Promise<{ readonly gzipKb: number; readonly minifiedKb: number }> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
    external: ['node:*', ...builtinModules],
    // The package as it was built, and not the sources to which the tests' names lead.
    tsconfigRaw: {},
    logLevel: 'error',
  });
  const [output] = outputFiles;
  if (!output) throw new Error('esbuild wrote nothing.');
  return { gzipKb: gzipSync(output.contents, { level: 9 }).length / 1000, minifiedKb: output.contents.length / 1000 };
}

/** What a program pays for some exports of an entry. */
export function bundleFigure(name: string, entry: string, names: readonly string[], atMostKb: number): Figure {
  return {
    name,
    target: { atMost: atMostKb },
    async run() {
      const { gzipKb, minifiedKb } = await bundleSize(`export { ${names.join(', ')} } from '${entry}';`);
      return { value: gzipKb, unit: 'kB', details: { minifiedKb } };
    },
  };
}
