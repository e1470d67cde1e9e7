import { builtinModules } from 'node:module';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Figure } from './figure.ts';

/**
 * Returns the size of a program as one file with its dependencies: bundled and minified, without Node's own modules.
 */
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
    // Uses the built package instead of the sources to which the tests' path aliases lead.
    tsconfigRaw: {},
    logLevel: 'error',
  });
  const [output] = outputFiles;
  if (!output) throw new Error('esbuild wrote nothing.');
  return { gzipKb: gzipSync(output.contents, { level: 9 }).length / 1000, minifiedKb: output.contents.length / 1000 };
}

/** The bundle size of some exports of an entry. */
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
