import { Pool } from 'undici';
import { child, messageOf } from './harness/child.ts';
import type { Figure } from './harness/figure.ts';
import { quantile } from './harness/compare.ts';
import type { ServedReport, ServerAddress } from './fake/server.ts';

const rounds = 5;
const sends = 3_000;
const connections = 20;

/**
 * The cost of the fake as a server, compared to the minimum that any server needs. Measures the processor time of the
 * serving process, so the load generator and other programs don't count.
 */
export const figure: Figure = {
  name: 'sends that a served fake answers, as a share of a bare server',
  target: { above: 0.3 },
  async run() {
    const kinds = ['bare', 'fake'] as const;
    const perSecond: Record<(typeof kinds)[number], number[]> = { bare: [], fake: [] };
    for (let round = 0; round <= rounds; round += 1) {
      for (const kind of kinds) {
        const server = child(new URL('./fake/server.ts', import.meta.url), [kind]);
        try {
          const address = await messageOf<ServerAddress>(server);
          await load(address, 500);
          server.send('begin');
          await messageOf<ServedReport>(server);
          await load(address, sends);
          server.send('end');
          const { processorMs } = await messageOf<ServedReport>(server);
          // The first round is a warm-up.
          if (round > 0) perSecond[kind].push(sends / (processorMs / 1_000));
        } finally {
          server.kill('SIGKILL');
        }
      }
    }
    const medians = { bare: quantile(perSecond.bare, 0.5), fake: quantile(perSecond.fake, 0.5) };
    return {
      value: medians.fake / medians.bare,
      unit: '×',
      details: { 'bare, a processor second': medians.bare, 'fake, a processor second': medians.fake },
    };
  },
};

/** Sends texts with a limited number in flight. Consecutive texts have different recipients. */
async function load({ url, path, accessToken }: ServerAddress, count: number): Promise<void> {
  const pool = new Pool(url, { connections });
  let made = 0;
  const send = async (): Promise<void> => {
    while (made < count) {
      const to = String(15550200000 + (made % 1_000));
      made += 1;
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ messaging_product: 'whatsapp', to, type: 'text', text: { body: 'Your order is ready' } }),
      });
      const answer = await body.text();
      if (statusCode !== 200) throw new Error(`Refused: ${answer}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  await pool.close();
}
