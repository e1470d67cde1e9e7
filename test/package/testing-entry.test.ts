import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
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

test('the fake and its handlers are bundled for a browser without externals, and run without Node', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        import { createFakeCloudApi, fakeClock, listen, signWebhook, webhookPayload } from 'wa-coexist/testing';
        import { handlers } from 'wa-coexist/testing/msw';
        globalThis.result = (async () => {
          const clock = fakeClock();
          const fake = createFakeCloudApi({ clock });
          const { accessToken, phoneNumberId } = fake.coexistenceNumber();
          const mara = fake.customer('15550100987');
          const fields = [];
          fake.deliverTo(async (request) => { fields.push(await request.text()); return new Response(); });
          mara.send(phoneNumberId, 'Hello');
          await fake.fetch('https://graph.facebook.com/v26.0/' + phoneNumberId + '/messages', {
            method: 'POST',
            headers: { authorization: 'Bearer ' + accessToken, 'content-type': 'application/json' },
            body: JSON.stringify({ messaging_product: 'whatsapp', to: mara.waId, type: 'text', text: { body: 'Hello Mara' } }),
          });
          await fake.settled();
          const refused = await listen(fake).then(() => 'listens', (error) => error.name);
          return JSON.stringify({
            inbox: mara.inbox.map((message) => message.text),
            deliveries: fields.length,
            signature: signWebhook(new TextEncoder().encode('{}'), 'app-secret'),
            handlers: handlers(fake).length > 0,
            payload: typeof webhookPayload('message'),
            refused,
          });
        })();`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  expect(output?.imports.map(({ path }) => path)).toEqual([]);
  // Everything that browsers have, too: the standard globals, without `process`, `Buffer`, `require` and the like.
  const nodeOnly = new Set(['process', 'Buffer', 'global', 'globalThis', 'require', 'module', 'setImmediate', 'clearImmediate']);
  const names = Object.getOwnPropertyNames(globalThis).filter((name) => !nodeOnly.has(name) && !/^(?:__|jest|vi)/.test(name));
  const context: { result?: Promise<string> } = createContext({
    ...Object.fromEntries(names.map((name) => [name, Reflect.get(globalThis, name) as unknown])),
    location: new URL('http://localhost/'),
    // msw keeps the cookies of a page there.
    localStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined, clear: () => undefined },
  });
  runInContext(outputFiles[0]?.text ?? '', context);
  expect(JSON.parse((await context.result) ?? '')).toEqual({
    inbox: ['Hello Mara'],
    deliveries: 3,
    signature: `sha256=${createHmac('sha256', 'app-secret').update('{}').digest('hex')}`,
    handlers: true,
    payload: 'object',
    refused: 'InvalidArgumentError',
  });
});
