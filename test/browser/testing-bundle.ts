import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Uses the built package like a page, and assigns a promise of its result to `globalThis.result`. */
const program = `
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
        })();`;

/** The result of the program of {@link bundleForBrowser}. */
export const expectedResult = {
  inbox: ['Hello Mara'],
  deliveries: 3,
  signature: `sha256=${createHmac('sha256', 'app-secret').update('{}').digest('hex')}`,
  handlers: true,
  payload: 'object',
  refused: 'InvalidArgumentError',
};

/** Bundles the program for a browser, without externals. */
export async function bundleForBrowser(): Promise<{ readonly script: string; readonly imports: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  return { script: outputFiles[0]?.text ?? '', imports: output?.imports.map(({ path }) => path) ?? [] };
}
