import type { Clock } from '../../runtime/clock.js';
import { createTimeline, type Positioned } from './timeline.js';

/** Items with a time by the wall clock at which they are over. */
export interface Deadlines<Item extends Positioned> {
  add(item: Item, atMs: number): void;
  remove(item: Item): void;
  close(): void;
}

/** The wall clock may step; the next deadline is looked at again after this long at the latest. */
const longestWaitMs = 60_000;

/** Watches deadlines with one timer, and calls `onDue` with those that have passed, in no order. */
export function createDeadlines<Item extends Positioned>(clock: Clock, onDue: (items: readonly Item[]) => void): Deadlines<Item> {
  const timeline = createTimeline<Item>();
  let cancel: (() => void) | undefined;
  let armedForMs = Infinity;
  const arm = (): void => {
    if (timeline.nextAtMs >= armedForMs) return;
    cancel?.();
    armedForMs = timeline.nextAtMs;
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
    for (let item = timeline.takeDue(now); item !== undefined; item = timeline.takeDue(now)) due.push(item);
    onDue(due);
    arm();
  };
  return {
    add(item, atMs) {
      timeline.add(item, atMs);
      arm();
    },
    remove(item) {
      timeline.remove(item);
      if (timeline.size === 0) disarm();
    },
    close: disarm,
  };
}
