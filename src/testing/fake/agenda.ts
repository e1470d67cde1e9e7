import type { Clock } from '../../runtime/clock.js';

/** What the fake is going to do later. */
export interface Agenda {
  /** Does something after a while; `settled()` waits for it. */
  soon(action: () => void, delayMs: number): void;
  /** Does something after a long while; `settled()` does not wait for it. Gives a function that calls it off. */
  someday(action: () => void, delayMs: number): () => void;
  /** Milliseconds until the next thing that `settled()` waits for; `undefined` if there is none. */
  untilNext(): number | undefined;
  /** Resolves when something that `settled()` waits for was done, or all was called off. */
  progress(): Promise<void>;
  /** Calls everything off. */
  close(): void;
}

/** Makes an agenda on a clock. */
export function createAgenda(clock: Clock): Agenda {
  const soonDueAtMs = new Map<() => void, number>();
  const cancellations = new Set<() => void>();
  let wakeUp: () => void = () => undefined;
  let progress = new Promise<void>((resolve) => {
    wakeUp = resolve;
  });
  const wakeAll = (): void => {
    wakeUp();
    progress = new Promise((resolve) => {
      wakeUp = resolve;
    });
  };
  const plan = (action: () => void, delayMs: number, isSoon: boolean): (() => void) => {
    const cancelTimer = clock.schedule(() => {
      forget();
      action();
      if (isSoon) wakeAll();
    }, delayMs);
    const forget = (): void => {
      soonDueAtMs.delete(cancel);
      cancellations.delete(cancel);
    };
    const cancel = (): void => {
      cancelTimer();
      forget();
    };
    cancellations.add(cancel);
    if (isSoon) soonDueAtMs.set(cancel, clock.monotonic() + delayMs);
    return cancel;
  };
  return {
    soon(action, delayMs) {
      plan(action, delayMs, true);
    },
    someday: (action, delayMs) => plan(action, delayMs, false),
    untilNext() {
      let nextMs: number | undefined;
      for (const dueAtMs of soonDueAtMs.values()) nextMs = Math.min(nextMs ?? dueAtMs, dueAtMs);
      return nextMs === undefined ? undefined : Math.max(0, nextMs - clock.monotonic());
    },
    progress: () => progress,
    close() {
      for (const cancel of cancellations) cancel();
      wakeAll();
    },
  };
}
