import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { signWebhook } from 'wa-coexist/testing';
import { createWebhooks, type Webhooks } from 'wa-coexist/webhooks';
import { toNodeHandler } from 'wa-coexist/webhooks/node';

const limit = 3 * 1024 * 1024;
const head = 'POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nx-hub-signature-256: sha256=';

/** Uploads just under the limit in 1-byte chunks, without a valid signature. Resolves with the status line. */
function uploadInTinyChunks(port: number, bytes = limit - 10): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.once('data', (data) => {
      resolve(data.toString('latin1').split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.write(`${head}${'0'.repeat(64)}\r\n\r\n`);
    const piece = '1\r\nx\r\n'.repeat(8_192);
    let left = bytes;
    const pump = (): void => {
      while (left > 8_192) {
        left -= 8_192;
        if (!socket.write(piece)) {
          socket.once('drain', pump);
          return;
        }
      }
      socket.write('0\r\n\r\n');
    };
    pump();
  });
}

describe('an unsigned upload in 1-byte chunks', { timeout: 180_000 }, () => {
  const run = async (connections: number, execArgv: readonly string[]): Promise<{ growth: number; answers: readonly string[] }> => {
    const child = fork(new URL('upload-server.ts', import.meta.url), { execArgv: [...execArgv] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let [rss, peak] = [0, 0];
    const port = await new Promise<number>((resolve, reject) => {
      let listening: number | undefined;
      child.once('exit', () => {
        reject(new Error('The receiver died.'));
      });
      child.on('message', (message: { readonly rss?: number; readonly port?: number }) => {
        listening ??= message.port;
        if (message.rss === undefined) return;
        rss = message.rss;
        peak = Math.max(peak, rss);
        if (listening !== undefined) resolve(listening);
      });
    });
    // The first upload loads and compiles code.
    await uploadInTinyChunks(port, 100_000);
    await once(child, 'message');
    const first = rss;
    peak = rss;
    const answers = await Promise.all(Array.from({ length: connections }, () => uploadInTinyChunks(port)));
    await once(child, 'message');
    return { growth: peak - first, answers };
  };

  test('takes at most the limit and 25 MB of memory', async () => {
    const { growth, answers } = await run(1, []);
    expect(answers).toEqual(['HTTP/1.1 401 Unauthorized']);
    expect(growth).toBeLessThan(limit + 25e6);
  });

  test("doesn't end a process with little memory, four at a time", async () => {
    const { answers } = await run(4, ['--max-old-space-size=256']);
    expect(answers).toEqual(Array<string>(4).fill('HTTP/1.1 401 Unauthorized'));
  });
});

describe('an upload that never ends', () => {
  const serve = async (webhooks: Webhooks): Promise<number> => {
    const handle = toNodeHandler(webhooks);
    const server = createServer((request, response) => void handle(request, response)).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };

  test('gets a 408 and is cut off after the time limit of uploads', async () => {
    const port = await serve(createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', uploadTimeoutMs: 50 }));
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write(`${head}${'0'.repeat(64)}\r\n\r\n1\r\n{\r\n`);
    const [data] = (await once(socket, 'data')) as [Buffer];
    expect(data.toString('latin1')).toMatch(/^HTTP\/1\.1 408 /);
    await once(socket, 'close');
  });

  test("doesn't delay close() of a fetch server, and gets 503", async () => {
    const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
    const endless = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          controller.enqueue(new Uint8Array(0));
        },
      },
      { highWaterMark: 0 },
    );
    const stalled = new ReadableStream<Uint8Array>();
    const responses = [endless, stalled].map((body) =>
      webhooks.fetch(new Request('http://localhost/', { method: 'POST', body, duplex: 'half' } as RequestInit)),
    );
    await new Promise((resolve) => setImmediate(resolve));
    await webhooks.close();
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([503, 503]);
  });

  test("doesn't affect other deliveries", async () => {
    const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
    const port = await serve(webhooks);
    connect(port, '127.0.0.1')
      .on('error', () => undefined)
      .write(`${head}${'0'.repeat(64)}\r\n\r\n1\r\n{\r\n`);
    const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [] });
    const headers = { 'x-hub-signature-256': signWebhook(body, 'app-secret') };
    expect((await fetch(`http://127.0.0.1:${String(port)}/`, { method: 'POST', body, headers })).status).toBe(200);
  });
});
