import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { signWebhook } from 'wa-coexist/testing';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, so that its own name resolves to its own entries.
const folder = mkdtempSync(join(root, '.conformance-readme-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Returns the program that the README prints under a file name. */
function readProgram(name: string): string {
  const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);
  const code = blocks.find((block) => block.startsWith(`// ${name}`));
  if (code === undefined) throw new Error(`The README prints no ${name}.`);
  return code;
}

/** Runs a program of the README after another module. */
function run(name: string, before: string) {
  writeFileSync(join(folder, name), readProgram(name));
  writeFileSync(join(folder, `before-${name}`), before);
  const env = { ...process.env, WHATSAPP_APP_SECRET: 'fake-app-secret', WHATSAPP_VERIFY_TOKEN: 'fake-verify-token' };
  const child = spawn(process.execPath, ['--import', `./before-${name}`, name], { cwd: folder, env });
  let output = '';
  const waiting: { text: string; resolve: () => void }[] = [];
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const { text, resolve } of waiting) if (output.includes(text)) resolve();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const closed = new Promise<void>((resolve) =>
    child.on('close', () => {
      resolve();
    }),
  );
  return {
    says: async (text: string): Promise<string> => {
      if (!output.includes(text)) await Promise.race([new Promise<void>((resolve) => waiting.push({ text, resolve })), closed]);
      return output;
    },
    closed: closed.then(() => output),
    stop: () => child.kill(),
  };
}

test('receive.ts responds to the handshake, handles a signed message and replies', async () => {
  const program = run(
    'receive.ts',
    `import { Server } from 'node:http';
     process.env.WHATSAPP_ACCESS_TOKEN = 'token';
     globalThis.fetch = async (...parameters) => {
       const request = new Request(...parameters);
       console.log('request ' + new URL(request.url).pathname + ' ' + (await request.text()));
       return Response.json({ messages: [{ id: 'wamid.EXAMPLE2' }] });
     };
     const listen = Server.prototype.listen;
     Server.prototype.listen = function () { return listen.call(this, 0, '127.0.0.1', () => console.log('port ' + this.address().port + ' open')); };`,
  );
  const opened = await program.says(' open');
  const address = `http://127.0.0.1:${/port (\d+) open/.exec(opened)?.[1]}/webhook`;
  const handshake = await fetch(`${address}?hub.mode=subscribe&hub.verify_token=fake-verify-token&hub.challenge=1158201444`);
  expect(await handshake.text()).toBe('1158201444');
  const delivery = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '211987650043210',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '15550100123', phone_number_id: '339900112233445' },
              contacts: [{ profile: { name: 'Mara' }, wa_id: '15550100987' }],
              messages: [
                {
                  from: '15550100987',
                  id: 'wamid.EXAMPLE1',
                  timestamp: '1790000000',
                  type: 'text',
                  text: { body: 'Do you have rye bread?' },
                },
              ],
            },
          },
        ],
      },
    ],
  });
  const answer = await fetch(address, {
    method: 'POST',
    body: delivery,
    headers: { 'x-hub-signature-256': signWebhook(delivery, 'fake-app-secret') },
  });
  expect(answer.status).toBe(200);
  const output = await program.says('rye bread');
  expect(output).toContain('Mara wrote: Do you have rye bread?');
  expect(output).toMatch(/request \/v[\d.]+\/339900112233445\/messages .*We open at nine.*"to":"15550100987".*wamid.EXAMPLE1/);
  program.stop();
  await program.closed;
});

test('campaign.ts sends each message one time, even if it runs twice', async () => {
  const before = `import { createFakeCloudApi } from 'wa-coexist/testing';
     const fake = createFakeCloudApi();
     const { accessToken, phoneNumberId } = fake.coexistenceNumber();
     process.env.WHATSAPP_ACCESS_TOKEN = accessToken;
     process.env.WHATSAPP_PHONE_NUMBER_ID = phoneNumberId;
     globalThis.fetch = (...request) => (console.log('request'), fake.fetch(...request));`;
  const first = await run('campaign.ts', before).closed;
  expect(first).toContain('2 accepted, 0 rejected, 0 unknown');
  expect(first.match(/^request$/gm)).toHaveLength(2);
  expect(await run('campaign.ts', before).closed).toBe('2 accepted, 0 rejected, 0 unknown\n');
});

test('onboard.ts connects a number and imports its history', async () => {
  const program = run(
    'onboard.ts',
    `import { createFakeCloudApi } from 'wa-coexist/testing';
     const fake = createFakeCloudApi();
     const shop = fake.businessAppNumber();
     fake.phone(shop).seedHistory({ contacts: 2, threads: 2, messages: 40 });
     process.env.WHATSAPP_APP_ID = fake.app.id;
     process.env.WHATSAPP_APP_SECRET = fake.app.secret;
     globalThis.fetch = fake.fetch;
     setImmediate(async () => {
       const { webhooks, onboard } = await import('./onboard.ts');
       fake.deliverTo(webhooks.fetch);
       const { code, sessionEvent } = fake.signup(shop);
       console.log('onboarding: ' + (await onboard(code, sessionEvent)).state);
     });`,
  );
  const output = await program.says('history: 100 %');
  expect(output + (await program.says('onboarding: done'))).toContain('onboarding: done');
  program.stop();
  await program.closed;
});

test('shop.test.ts passes', () => {
  writeFileSync(join(folder, 'shop.test.ts'), readProgram('shop.test.ts'));
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const result = spawnSync(process.execPath, [vitest, 'run', '--root', folder], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect(result.stdout + result.stderr).toMatch(/Tests\s+1 passed/);
});
