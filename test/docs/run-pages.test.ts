import { spawn } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, so that its own name resolves to its own entries.
const folder = mkdtempSync(join(root, '.conformance-pages-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * The blocks of guide pages that begin with ` ```ts run `: whole programs for the fake. A following ` ```text output `
 * block contains the expected output.
 */
const programs = globSync('docs/guide/*.md', { cwd: root })
  .sort()
  .flatMap((file) => {
    const page = readFileSync(join(root, file), 'utf8');
    return [...page.matchAll(/^```ts run\n([\s\S]*?)^```(?:\s*?\n+```text output\n([\s\S]*?)^```)?/gm)].map(
      ({ 1: code = '', 2: output, index }) => ({ place: `${file}:${String(page.slice(0, index).split('\n').length)}`, code, output }),
    );
  });

/** Pages whose other blocks also run, each against a fake that has the IDs of the guide. */
const connected = ['messages', 'templates', 'media', 'flows'].flatMap((name) => {
  const file = `docs/guide/${name}.md`;
  const page = readFileSync(join(root, file), 'utf8');
  return [...page.matchAll(/^```ts([^\n]*)\n([\s\S]*?)^```/gm)]
    .filter(([, info = '']) => info.trim() !== 'run')
    .map(({ 2: code = '', index }) => ({ place: `${file}:${String(page.slice(0, index).split('\n').length)}`, code }));
});
const runner = join(root, 'test/docs/run-against-fake.ts');

async function run(
  name: string,
  code: string,
  options: readonly string[] = [],
): Promise<{ readonly exit: number | null; readonly output: string; readonly errors: string }> {
  writeFileSync(join(folder, name), code);
  const child = spawn(process.execPath, [...options, name], { cwd: folder, timeout: 50_000 });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, output, errors };
}

test('the guide contains programs to run', () => {
  expect(programs.length).toBeGreaterThan(0);
});

test.each(programs.map((program, index) => [program.place, index, program] as const))(
  '%s runs as printed',
  async (_place, index, program) => {
    const { exit, output, errors } = await run(`page-${String(index)}.ts`, program.code);
    expect({ exit, errors }).toEqual({ exit: 0, errors: '' });
    if (program.output !== undefined) expect(output).toBe(program.output);
  },
);

test.each(connected.map((block, index) => [block.place, index, block] as const))(
  '%s runs against the fake',
  async (_place, index, block) => {
    writeFileSync(join(folder, 'receipt.pdf'), '%PDF-1.7');
    mkdirSync(join(folder, 'downloads'), { recursive: true });
    const { exit, errors } = await run(`block-${String(index)}.ts`, block.code, [runner]);
    const [, json = ''] = /^requests: (.*)$/m.exec(errors) ?? [];
    const requests = JSON.parse(json) as readonly string[];
    expect({ exit, errors: errors.replace(/^requests: .*\n/m, '') }).toEqual({ exit: 0, errors: '' });
    // If a page sends something, its program must have sent it.
    const makesRequests =
      /await (?:sendMessage|createTemplate|uploadMedia|downloadMedia|markAsRead)\(/.test(block.code) && !/async \(/.test(block.code);
    if (makesRequests) expect(requests.length).toBeGreaterThan(0);
    expect(requests.filter((request) => !request.endsWith(' 200'))).toEqual([]);
  },
);
