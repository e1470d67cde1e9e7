import type { Clock } from '../../runtime/clock.js';
import { createIndexedHeap, type Positioned } from './indexed-heap.js';

/** Items with a deadline by the wall clock. */
export interface Deadlines<Item extends Positioned> {
  add(item: Item, atMs: number): void;
  remove(item: Item): void;
  close(): void;
}

/** Maximum delay until the next check, because the wall clock can jump. */
const longestWaitMs = 60_000;

/** Watches deadlines with one timer, and passes items whose deadline has passed to `onDue`, in no particular order. */
export function createDeadlines<Item extends Positioned>(clock: Clock, onDue: (items: readonly Item[]) => void): Deadlines<Item> {
  const heap = createIndexedHeap<Item>();
  let cancel: (() => void) | undefined;
  let armedForMs = Infinity;
  const arm = (): void => {
    if (heap.nextAtMs >= armedForMs) return;
    cancel?.();
    armedForMs = heap.nextAtMs;
    cancel = clock.schedule(onTimer, Math.min(longestWaitMs, Math.max(0, armedForMs - clock.now())));
  };
  const disarm = (): void => {
    cancel?.();
    cancel = undefined;
    armedForMs = Infinity;
  };
  const onTimer = (): void => {
    disarm();
    const now = clock.now();
    const due: Item[] = [];
    for (let item = heap.takeDue(now); item !== undefined; item = heap.takeDue(now)) due.push(item);
    onDue(due);
    arm();
  };
  return {
    add(item, atMs) {
      heap.add(item, atMs);
      arm();
    },
    remove(item) {
      heap.remove(item);
      if (heap.size === 0) disarm();
    },
    close: disarm,
  };
}
