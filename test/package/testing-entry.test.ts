import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Whether a process that imports an entry of the built package loads msw. */
function loadsMsw(entry: string): boolean {
  const script = `
    import { registerHooks } from 'node:module';
    let loads = false;
    registerHooks({ load(url, context, next) { loads ||= url.includes('/node_modules/msw/'); return next(url, context); } });
    await import('${entry}');
    console.log(loads);`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' });
  return printed.trim() === 'true';
}

test('wa-coexist/testing does not load msw, wa-coexist/testing/msw does', () => {
  expect(loadsMsw('wa-coexist/testing')).toBe(false);
  expect(loadsMsw('wa-coexist/testing/msw')).toBe(true);
});

test("the fake and its handlers need nothing of Node's: they work behind the browser's setupWorker", async () => {
  const result = await build({
    stdin: {
      contents: `export { createFakeCloudApi, fakeClock } from 'wa-coexist/testing'; export { handlers } from 'wa-coexist/testing/msw';`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    external: ['node:*'],
  });
  const [output] = Object.values(result.metafile.outputs);
  expect(output?.imports.map(({ path }) => path)).toEqual([]);
});
