import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Figure } from './figure.ts';

/** What a program pays for some exports of an entry, dependencies included: bundled, minified and gzipped, without Node's own modules. */
export function bundleFigure(name: string, entry: string, names: readonly string[], atMostKb: number): Figure {
  return {
    name,
    target: { atMost: atMostKb },
    async run() {
      const { outputFiles } = await build({
        stdin: { contents: `export { ${names.join(', ')} } from '${entry}';`, resolveDir: import.meta.dirname },
        bundle: true,
        minify: true,
        write: false,
        format: 'esm',
        platform: 'neutral',
        mainFields: ['module', 'main'],
        conditions: ['import'],
        external: ['node:*'],
      });
      const [output] = outputFiles;
      if (!output) throw new Error('esbuild wrote nothing.');
      return {
        value: gzipSync(output.contents, { level: 9 }).length / 1000,
        unit: 'kB',
        details: { minifiedKb: output.contents.length / 1000 },
      };
    },
  };
}
