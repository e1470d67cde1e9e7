import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, test } from 'vitest';
import { appSecret, expectFaithful, verifyToken } from './deliveries.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
// Inside the package, so that its own name resolves to its own entries.
const app = mkdtempSync(join(root, '.conformance-next-'));
const texts: string[] = [];
let address = '';
let stop: () => void = () => undefined;

/** A real Next.js server with one route handler, as in the guide. */
beforeAll(async () => {
  mkdirSync(join(app, 'app', 'webhook'), { recursive: true });
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  writeFileSync(join(app, 'next.config.js'), `export default { turbopack: { root: ${JSON.stringify(root)} } };\n`);
  writeFileSync(
    join(app, 'app', 'layout.js'),
    `import { createElement } from 'react';\nexport default ({ children }) => createElement('html', null, createElement('body', null, children));\n`,
  );
  writeFileSync(
    join(app, 'app', 'webhook', 'route.js'),
    `import { createWebhooks } from '../../../dist/webhooks/index.js';
const webhooks = createWebhooks({ appSecret: '${appSecret}', verifyToken: '${verifyToken}' });
webhooks.on('message', (event) => {
  console.log('TEXT ' + JSON.stringify(event.message.text.body));
});
export const GET = webhooks.fetch;
export const POST = webhooks.fetch;
`,
  );
  const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const child = spawn(process.execPath, [next, 'dev', '--port', '0', '--hostname', '127.0.0.1'], {
    cwd: app,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'development' },
    detached: true,
  });
  stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  address = await new Promise<string>((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      for (const [, text = ''] of chunk.toString().matchAll(/TEXT (".*")/g)) texts.push(JSON.parse(text) as string);
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port !== undefined && output.includes('Ready')) resolve(`http://127.0.0.1:${port}/webhook`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('close', () => {
      reject(new Error(`Next.js ended: ${output}`));
    });
  });
}, 60_000);
afterAll(() => {
  stop();
  rmSync(app, { recursive: true, force: true });
});

test('Next.js route handler', async () => {
  await expectFaithful(address, texts);
}, 60_000);
