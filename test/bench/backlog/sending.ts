/**
 * Sends 10⁵ and 10⁶ messages to 10⁵ recipients, alternating and after a warm-up for each size, in a process with Node's
 * default settings. Does the same with plain closures in p-queue, whose time grows with that of the garbage collector.
 * Reports the medians to its parent.
 */
import PQueue from 'p-queue';
import { createSender } from 'wa-coexist';
import { quantile } from '../harness/compare.ts';
import { answeringClient, cpuMsOf, messageOf, noLimit } from './backlog.ts';

/** The report to the parent. */
export interface Took {
  readonly cpuMs: number;
  readonly wallMs: number;
}

async function took(work: () => Promise<unknown>): Promise<Took> {
  const startedAtMs = performance.now();
  const cpuMs = await cpuMsOf(work);
  return { cpuMs, wallMs: performance.now() - startedAtMs };
}

async function sendMany(count: number): Promise<void> {
  const sender = createSender({ client: answeringClient(), throughput: noLimit, concurrency: 64 });
  await Promise.all(Array.from({ length: count }, (_, index) => sender.send(messageOf(index, 1_000_000))));
  await sender.close();
}

async function queueMany(count: number): Promise<void> {
  const queue = new PQueue({ concurrency: 64 });
  await Promise.all(
    Array.from({ length: count }, (_, index) => {
      const message = messageOf(index, 1_000_000);
      return queue.add(() => Promise.resolve(message));
    }),
  );
}

const rounds = 3;

/** The first round of each size doesn't count, because it compiles code and grows the heap. */
async function medians(many: (count: number) => Promise<void>): Promise<readonly [small: Took, large: Took]> {
  const small: Took[] = [];
  const large: Took[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    for (const [all, count] of [
      [small, 100_000],
      [large, 1_000_000],
    ] as const) {
      const one = await took(() => many(count));
      if (round > 0) all.push(one);
    }
  }
  return [medianOf(small), medianOf(large)];
}

function medianOf(all: readonly Took[]): Took {
  const of = (figure: keyof Took): number =>
    quantile(
      all.map((one) => one[figure]),
      0.5,
    );
  return { cpuMs: of('cpuMs'), wallMs: of('wallMs') };
}

process.send?.([...(await medians(sendMany)), ...(await medians(queueMany))]);
process.disconnect();
