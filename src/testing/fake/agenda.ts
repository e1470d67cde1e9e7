import type { Clock } from '../../runtime/clock.js';
import { isAwaited, type Task } from './task.js';

/** What the fake is going to do later, as data: it can be written down and taken up again. */
export interface Agenda {
  /** Does something after a while. */
  plan(task: Task, delayMs: number): void;
  /** Calls off what was planned of this kind for this id. */
  callOff(kind: Task['kind'], id: string): void;
  /** Milliseconds until the next thing that `settled()` waits for; `undefined` if there is none. */
  untilNext(): number | undefined;
  /** Resolves when something that `settled()` waits for was done, or all was called off. */
  progress(): Promise<void>;
  /** Everything that is planned, with Meta's time in milliseconds at which it is due. */
  planned(): readonly PlannedTask[];
  /** Calls everything off. */
  close(): void;
}

/** A task and its time. */
export interface PlannedTask {
  readonly task: Task;
  readonly dueAtMs: number;
}

/** Makes an agenda on a clock. `now` is Meta's time; `perform` does what is due. */
export function createAgenda(clock: Clock, now: () => number, perform: (task: Task) => void): Agenda {
  /** With the time on the monotonic clock: Meta's is too large a number to count fractions of a millisecond. */
  const entries = new Set<PlannedTask & { readonly dueMonotonicMs: number; readonly cancel: () => void }>();
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
  return {
    plan(task, delayMs) {
      const cancel = clock.schedule(() => {
        entries.delete(entry);
        perform(task);
        if (isAwaited(task)) wakeAll();
      }, delayMs);
      const entry = { task, dueAtMs: now() + delayMs, dueMonotonicMs: clock.monotonic() + delayMs, cancel };
      entries.add(entry);
    },
    callOff(kind, id) {
      for (const entry of entries) {
        if (entry.task.kind !== kind || entry.task.id !== id) continue;
        entry.cancel();
        entries.delete(entry);
      }
    },
    untilNext() {
      let nextMs: number | undefined;
      for (const { task, dueMonotonicMs } of entries) if (isAwaited(task)) nextMs = Math.min(nextMs ?? dueMonotonicMs, dueMonotonicMs);
      return nextMs === undefined ? undefined : Math.max(0, nextMs - clock.monotonic());
    },
    progress: () => progress,
    planned: () => Array.from(entries, ({ task, dueAtMs }) => ({ task, dueAtMs })),
    close() {
      for (const { cancel } of entries) cancel();
      entries.clear();
      wakeAll();
    },
  };
}
