/**
 * A server in its own process: the fake, or one that reads the body, parses it, and returns the same bytes. Reports its
 * processor time.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFakeCloudApi, listen } from 'wa-coexist/testing';

/** The address of a server. */
export interface ServerAddress {
  readonly url: string;
  readonly path: string;
  readonly accessToken: string;
}

/** The resources used since the last report. */
export interface ServedReport {
  readonly processorMs: number;
}

const [kind = 'bare'] = process.argv.slice(2);
const fake = createFakeCloudApi();
const { phoneNumberId, accessToken } = fake.cloudApiNumber({ throughput: 1_000_000 });
// Opens service windows. There is no webhook receiver.
for (let index = 0; index < 1_000; index += 1) fake.customer(String(15550200000 + index)).send(phoneNumberId, 'Hello');
const path = `/v26.0/${phoneNumberId}/messages`;
const url = kind === 'fake' ? (await listen(fake)).url : await listenBare();
process.send?.({ url, path, accessToken } satisfies ServerAddress);

let since = process.cpuUsage();
process.on('message', () => {
  const { user, system } = process.cpuUsage(since);
  since = process.cpuUsage();
  process.send?.({ processorMs: (user + system) / 1_000 } satisfies ServedReport);
});

/** Returns the same responses as the fake. */
async function listenBare(): Promise<string> {
  const answer = await fake.fetch(`https://graph.facebook.com${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messaging_product: 'whatsapp', to: '15550200000', type: 'text', text: { body: 'Your order is ready' } }),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const headers = { ...Object.fromEntries(answer.headers), 'content-length': bytes.length };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString());
      response.writeHead(200, headers);
      response.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server has an address with a port.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
