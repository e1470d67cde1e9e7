import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createRecipientQueues, type QueueItem, type Rank, type Turn } from '../../src/sender/queue/recipient-queues.js';
import { createIndexedHeap, type Positioned } from '../../src/sender/queue/indexed-heap.js';

interface TestJob extends QueueItem<TestJob> {
  readonly recipient: string;
  readonly rank: Rank;
  readonly number: number;
  state: 'waiting' | 'left' | 'over';
}

let numbers = 0;
const job = (recipient: string, rank: Rank = 1): TestJob => ({
  recipient,
  rank,
  number: (numbers += 1),
  state: 'waiting',
  next: undefined,
  order: 0,
});

/** Creates recipient queues in which a recipient is ready when its messages are paid off. */
const createQueues = () => createRecipientQueues<TestJob>((paidUntilMs) => paidUntilMs);

describe('recipient queues', () => {
  test('take turns, and each keeps its order', () => {
    const queues = createQueues();
    const jobs = [job('a'), job('a'), job('a'), job('b'), job('b'), job('c')];
    for (const each of jobs) queues.add(each.recipient, each, 0);
    const taken: TestJob[] = [];
    for (let turn = queues.take(0); turn !== undefined; turn = queues.take(0)) {
      taken.push(turn.job);
      queues.ended(turn.queue, 0);
    }
    expect(taken.map(({ recipient }) => recipient).join('')).toBe('abcaba');
    expect(taken.filter(({ recipient }) => recipient === 'a')).toEqual(jobs.slice(0, 3));
  });

  test('have one message in flight at a time', () => {
    const queues = createQueues();
    queues.add('a', job('a'), 0);
    queues.add('a', job('a'), 0);
    const turn = queues.take(0);
    expect(queues.take(0)).toBeUndefined();
    expect(queues.nextAtMs(0)).toBe(Infinity);
    if (turn) queues.ended(turn.queue, 0);
    expect(queues.nextAtMs(0)).toBe(-Infinity);
  });

  test('let a more urgent message overtake all others, also those to the same recipient', () => {
    const queues = createQueues();
    const campaign = ['a', 'b', 'c'].map((recipient) => job(recipient, 2));
    const reply = job('c', 0);
    for (const each of [...campaign, reply]) queues.add(each.recipient, each, 0);
    expect(queues.take(0)?.job).toBe(reply);
    expect(queues.take(0)?.job).toBe(campaign[0]);
  });

  test("don't block each other, and a message that returns to its queue is first", () => {
    const queues = createQueues();
    const [first, second] = [job('a'), job('a')];
    for (const each of [first, second, job('b')]) queues.add(each.recipient, each, 0);
    const turn = queues.take(0);
    if (turn) queues.putBack(turn, 0, 5_000);
    expect(queues.take(0)?.job.recipient).toBe('b');
    expect(queues.nextAtMs(0)).toBe(5_000);
    expect(queues.waiting).toBe(1);
    expect(queues.take(4_999)).toBeUndefined();
    expect(queues.take(5_000)?.job).toBe(first);
  });

  test('are forgotten when they are idle and have no debt', () => {
    const queues = createQueues();
    for (let index = 0; index < 10_000; index += 1) {
      const nowMs = index * 10;
      queues.add(`r${String(index)}`, job(`r${String(index)}`), nowMs);
      const turn = queues.take(nowMs);
      if (!turn) continue;
      turn.queue.paidUntilMs = nowMs + 6_000;
      queues.ended(turn.queue, nowMs);
    }
    // At any time, 600 aren't paid off. The sweep is behind by at most about as many.
    expect(queues.recipients).toBeLessThan(2_500);
  });

  test('lose, duplicate and reorder no message, for any mix of arrivals, ends, returns, waits and cancellations', () => {
    const action = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          type: fc.constant('add' as const),
          to: fc.integer({ min: 0, max: 5 }),
          rank: fc.constantFrom<Rank>(0, 1, 2),
        }),
      },
      { weight: 3, arbitrary: fc.record({ type: fc.constant('take' as const) }) },
      { weight: 3, arbitrary: fc.record({ type: fc.constant('end' as const), pick: fc.nat(), paidMs: fc.integer({ min: 0, max: 50 }) }) },
      {
        weight: 1,
        arbitrary: fc.record({ type: fc.constant('putBack' as const), pick: fc.nat(), waitMs: fc.integer({ min: 0, max: 50 }) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const), pick: fc.nat() }) },
      { weight: 2, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 30 }) }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
        const queues = createQueues();
        const waiting: TestJob[] = [];
        const busy: Turn<TestJob>[] = [];
        const notBefore = new Map<string, number>();
        let nowMs = 0;
        const take = (): boolean => {
          const ready = waiting.filter(
            ({ recipient, state }) =>
              state === 'waiting' &&
              (notBefore.get(recipient) ?? 0) <= nowMs &&
              !busy.some(({ job: { recipient: to } }) => to === recipient),
          );
          const turn = queues.take(nowMs);
          expect(turn === undefined).toBe(ready.length === 0);
          if (!turn) return false;
          const own = waiting.filter(({ recipient, state }) => recipient === turn.job.recipient && state === 'waiting');
          const expected = own.toSorted((a, b) => a.rank - b.rank || a.number - b.number)[0];
          expect(turn.job).toBe(expected);
          expect(ready).toContain(turn.job);
          expect(Math.min(...ready.map(({ rank }) => rank))).toBe(turn.job.rank);
          waiting.splice(waiting.indexOf(turn.job), 1);
          busy.push(turn);
          return true;
        };
        const end = (turn: Turn<TestJob>, paidMs: number): void => {
          turn.queue.paidUntilMs = nowMs + paidMs;
          notBefore.set(turn.job.recipient, nowMs + paidMs);
          queues.ended(turn.queue, nowMs);
        };
        for (const each of actions) {
          if (each.type === 'add') {
            const added = job(String(each.to), each.rank);
            waiting.push(added);
            queues.add(added.recipient, added, nowMs);
          } else if (each.type === 'take') {
            take();
          } else if (each.type === 'pass') {
            nowMs += each.ms;
          } else if (each.type === 'cancel') {
            const [cancelled] = waiting.splice(each.pick % Math.max(1, waiting.length), 1);
            if (cancelled) cancelled.state = 'over';
          } else {
            const [turn] = busy.splice(each.pick % Math.max(1, busy.length), 1);
            if (turn && each.type === 'end') end(turn, each.paidMs);
            if (turn && each.type === 'putBack') {
              waiting.push(turn.job);
              notBefore.set(turn.job.recipient, Math.max(nowMs + each.waitMs, turn.queue.paidUntilMs));
              queues.putBack(turn, nowMs, nowMs + each.waitMs);
            }
          }
        }
        // All remaining messages can be taken.
        for (let left = waiting.length + busy.length; left > 0; left -= 1) {
          for (const turn of busy.splice(0)) end(turn, 0);
          if (waiting.length === 0) break;
          nowMs += 100;
          expect(take()).toBe(true);
        }
        expect(waiting).toEqual([]);
        for (const turn of busy.splice(0)) end(turn, 0);
        expect(queues.nextAtMs(nowMs + 1_000)).toBe(Infinity);
      }),
      { numRuns: 500 },
    );
  });
});

test('a heap returns due items in order, after any removals', () => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ add: fc.integer({ min: 0, max: 100 }) }) },
    { weight: 4, arbitrary: fc.record({ remove: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ until: fc.integer({ min: 0, max: 100 }) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 200 }), (steps) => {
      const heap = createIndexedHeap<Positioned & { readonly atMs: number }>();
      const model: (Positioned & { readonly atMs: number })[] = [];
      for (const each of steps) {
        if ('add' in each) {
          const item = { atMs: each.add, position: -1 };
          model.push(item);
          heap.add(item, item.atMs);
        } else if ('remove' in each) {
          const [item] = model.splice(each.remove % Math.max(1, model.length), 1);
          if (item) {
            heap.remove(item);
            heap.remove(item);
          }
        } else {
          const due = model.filter(({ atMs }) => atMs <= each.until).sort((a, b) => a.atMs - b.atMs);
          for (const { atMs } of due) {
            const item = heap.takeDue(each.until);
            expect(item?.atMs).toBe(atMs);
            if (item) model.splice(model.indexOf(item), 1);
          }
          expect(heap.takeDue(each.until)).toBeUndefined();
        }
        expect(heap.size).toBe(model.length);
        expect(heap.nextAtMs).toBe(Math.min(Infinity, ...model.map(({ atMs }) => atMs)));
      }
    }),
    { numRuns: 500 },
  );
});
