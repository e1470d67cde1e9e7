import { child, messageOf } from './harness/child.ts';
import type { Cell, Comparison } from './harness/comparison.ts';
import type { ServerReport } from './peers/graph-server.ts';
import { libraries } from './peers/libraries.ts';
import type { TextSender } from './peers/library.ts';

const count = 100;

/**
 * One hundred concurrent texts with the send function of each library, to a number with a limit of 20 per second. The
 * server counts them.
 */
export const comparison: Comparison = {
  async run() {
    const server = child(new URL('./peers/graph-server.ts', import.meta.url), []);
    try {
      const origin = `http://127.0.0.1:${await messageOf<number>(server)}`;
      const delivered: Record<string, Cell> = {};
      const untold: Record<string, Cell> = {};
      const requests: Record<string, Cell> = {};
      const seconds: Record<string, Cell> = {};
      for (const library of libraries) {
        const startedAtMs = performance.now();
        const resolved = await sendAll(library.sender(origin));
        seconds[library.name] = (performance.now() - startedAtMs) / 1_000;
        const asked = messageOf<ServerReport>(server);
        server.send('what did you see?');
        const report = await asked;
        delivered[library.name] = report.delivered;
        requests[library.name] = report.requests;
        untold[library.name] = Math.max(0, resolved - report.delivered);
      }
      return [
        { name: 'delivered of 100 texts sent at once, 20 a second allowed', unit: '', cells: delivered },
        { name: '  not delivered, and the caller was not told', unit: '', cells: untold },
        { name: '  requests', unit: '', cells: requests },
        { name: '  until the last answer', unit: 's', cells: seconds },
      ];
    } finally {
      server.kill();
    }
  },
};

/** Returns how many sends succeeded, as far as the caller knows. */
async function sendAll(sender: TextSender): Promise<number> {
  const sends = Array.from({ length: count }, (_, index) => sender.send(String(15550200000 + index), 'Your order is ready.'));
  const results = await Promise.allSettled(sends);
  await sender.close?.();
  return results.filter(({ status }) => status === 'fulfilled').length;
}
