/**
 * Sends 10⁵ and then 10⁶ messages to 10⁵ recipients, in a process with Node's usual settings, and does the same with bare closures in p-queue,
 * whose time grows as the garbage collector's does: tells its parent what each took.
 */
import PQueue from 'p-queue';
import { createSender } from 'wa-coexist';
import { answeringClient, cpuMsOf, messageOf, noLimit } from './backlog.ts';

/** What the parent is told. */
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

const all: Took[] = [];
for (const many of [sendMany, queueMany]) {
  for (let round = 0; round < 2; round += 1) await many(100_000);
  all.push(await took(() => many(100_000)), await took(() => many(1_000_000)));
}
process.send?.(all);
process.disconnect();
