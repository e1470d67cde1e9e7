import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createClient, createSender } from 'wa-coexist';

test('on real sockets and the machine’s clock the server’s cap holds, too', async () => {
  const cap = 50;
  const acceptedAtMs: number[] = [];
  let refused = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const now = performance.now();
      const full = acceptedAtMs.filter((atMs) => atMs > now - 1_000).length >= cap;
      if (full) refused += 1;
      else acceptedAtMs.push(now);
      response.statusCode = full ? 400 : 200;
      const id = `wamid.EXAMPLE${String(acceptedAtMs.length)}`;
      response.end(JSON.stringify(full ? { error: { code: 130429, message: 'Rate limit hit' } } : { messages: [{ id }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const client = createClient({
    accessToken: 'EXAMPLE-TOKEN',
    phoneNumberId: '106540352242922',
    baseUrl: `http://127.0.0.1:${String(port)}`,
  });
  const sender = createSender({ client, throughput: cap });
  const campaign = Array.from({ length: 120 }, (_, index) => ({ to: `1555010${String(1_000 + index)}`, text: { body: 'hello' } }));
  const result = await sender.sendAll(campaign);
  await sender.close();
  server.closeAllConnections();
  server.close();
  expect(result).toMatchObject({ accepted: 120, rejected: 0, unknown: 0 });
  expect(acceptedAtMs).toHaveLength(120);
  // A machine that is busy with other things delays requests by more than the sender has seen; how fast it is, the bench tells.
  expect(refused).toBeLessThanOrEqual(24);
});
