import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns every TypeScript block of the doc comments and of the pages, with its position. */
function examples(): { readonly place: string; readonly code: string }[] {
  const files = [
    ...globSync('src/**/*.ts', { cwd: root }),
    ...globSync('docs/**/*.md', { cwd: root, exclude: ['docs/site', 'docs/reference'] }),
    'README.md',
  ];
  return files.sort().flatMap((file) => {
    const text = readFileSync(`${root}${file}`, 'utf8');
    return [...text.matchAll(/^([ \t]*(?:\* ?)?)```ts(?: [^\n]*)?\n([\s\S]*?)^\1```/gm)].map(
      ({ 1: margin = '', 2: block = '', index }) => ({
        place: `${file}:${text.slice(0, index).split('\n').length}`,
        code: block
          .split('\n')
          .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.replace(/^\s*\* ?/, '')))
          .join('\n'),
      }),
    );
  });
}

describe('examples compile against the built package', () => {
  const found = examples();
  const sources = new Map(found.map(({ code }, index) => [`${root}__example${index}.ts`, `${code}\nexport {};\n`]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ESNext,
    lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.readFile = (name) => sources.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = sources.get(name);
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, rest[0], true);
  };
  const program = ts.createProgram([...sources.keys()], options, host);

  test('the docs contain examples', () => {
    expect(found.length).toBeGreaterThan(20);
  });

  test.each(found.map(({ place }, index) => [place, index] as const))('%s', (_place, index) => {
    const file = program.getSourceFile(`${root}__example${index}.ts`);
    const problems = ts.getPreEmitDiagnostics(program, file).map(({ messageText, start }) => {
      const line = file && start !== undefined ? file.text.slice(0, start).split('\n').at(-1) : '';
      return `${ts.flattenDiagnosticMessageText(messageText, '\n')} after: ${line ?? ''}`;
    });
    expect(problems).toEqual([]);
  });
});
