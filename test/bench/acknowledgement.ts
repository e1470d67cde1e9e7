import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadReport } from './acknowledgement/load.ts';
import { child, messageOf } from './harness/child.ts';
import { quantile } from './harness/compare.ts';
import type { Figure } from './harness/figure.ts';

const perSecond = 500;
const seconds = 10;

/**
 * Measures how fast deliveries are acknowledged while every handler sleeps for 30 s, because the receiver must respond
 * without waiting for handlers.
 */
export const figure: Figure = {
  name: 'acknowledgement p99, 500 a second over HTTP, handlers that sleep 30 s',
  target: { below: 250 },
  async run() {
    const folder = await mkdtemp(join(tmpdir(), 'wa-coexist-bench-'));
    const receiver = child(new URL('./acknowledgement/receiver.ts', import.meta.url), [join(folder, 'inbox.db')]);
    try {
      const port = await messageOf<number>(receiver);
      const generator = child(new URL('./acknowledgement/load.ts', import.meta.url), [port, perSecond, seconds].map(String));
      const { tookMs, refused } = await messageOf<LoadReport>(generator);
      receiver.send('how many?');
      const sleeping = await messageOf<number>(receiver);
      if (sleeping === 0) throw new Error('No handler was called.');
      // A rejected delivery wasn't acknowledged, however fast the response was.
      const p99 = refused > 0 ? Number.POSITIVE_INFINITY : quantile(tookMs, 0.99);
      return {
        value: p99,
        unit: 'ms',
        details: {
          deliveries: tookMs.length,
          refused,
          'handlers asleep': sleeping,
          'median ms': quantile(tookMs, 0.5),
          'longest ms': Math.max(...tookMs),
        },
      };
    } finally {
      receiver.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  },
};
