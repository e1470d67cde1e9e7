import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A message that the server took. */
export interface Taken {
  readonly atMs: number;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly data: string;
}

/** What becomes of one request: nothing special, an answer that is lost after acceptance, or one that waits to be let go. */
export type Plan = 'answer' | 'cut-after' | Promise<void>;

/** The messages endpoint of many numbers on a real socket; each takes no more than `cap` in any trailing second. */
export async function startMeta(cap: number, planOf: (text: string) => Plan = () => 'answer') {
  const taken: Taken[] = [];
  const byNumber = new Map<string, number[]>();
  let refused = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const from = request.url?.split('/')[2] ?? '';
      // What the sender of this test wrote.
      const {
        to,
        text,
        biz_opaque_callback_data: data = '',
      } = JSON.parse(body) as { to: string; text: { body: string }; biz_opaque_callback_data?: string };
      const atMs = performance.now();
      const times = byNumber.get(from) ?? [];
      byNumber.set(from, times);
      const full = times.filter((time) => time > atMs - 1_000).length >= cap;
      if (full) refused += 1;
      else {
        times.push(atMs);
        taken.push({ atMs, from, to, text: text.body, data });
      }
      const answer = full
        ? { error: { code: 130429, message: 'Rate limit hit', type: 'OAuthException' } }
        : { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id: `wamid.${text.body}` }] };
      const end = (): void => {
        response.statusCode = full ? 400 : 200;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answer));
      };
      const plan = full ? 'answer' : planOf(text.body);
      if (plan === 'cut-after') request.socket.destroy();
      else if (plan === 'answer') end();
      else void plan.then(end);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    taken,
    get refused() {
      return refused;
    },
    /** The fullest second of any number. */
    worstSecond: (): number =>
      Math.max(
        0,
        ...[...byNumber.values()].map((times) =>
          Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + 1_000).length)),
        ),
      ),
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}
