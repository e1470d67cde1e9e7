import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { bundleForBrowser, expectedResult } from '../browser/testing-bundle.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Returns whether a process that imports an entry of the built package loads msw. */
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

test('the fake and its handlers are bundled for a browser without externals, and run without Node', async () => {
  const { script, imports } = await bundleForBrowser();
  expect(imports).toEqual([]);
  // All globals that browsers also have, without `process`, `Buffer`, `require` and similar ones.
  const nodeOnly = new Set(['process', 'Buffer', 'global', 'globalThis', 'require', 'module', 'setImmediate', 'clearImmediate']);
  const names = Object.getOwnPropertyNames(globalThis).filter((name) => !nodeOnly.has(name) && !/^(?:__|jest|vi)/.test(name));
  const context: { result?: Promise<string> } = createContext({
    ...Object.fromEntries(names.map((name) => [name, Reflect.get(globalThis, name) as unknown])),
    location: new URL('http://localhost/'),
    localStorage: { getItem: () => null, setItem: () => undefined },
  });
  runInContext(script, context);
  expect(JSON.parse((await context.result) ?? '')).toEqual(expectedResult);
});
