import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { NumberSession } from './session-port.js';

/** Lets numbers take turns if more of them have messages than this process has places. */
export interface Rotation {
  /** Runs `work` in a place. While all places are taken, sessions end for numbers that wait. */
  whileBusy<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): void;
}

/** How long a number may send while others wait for a place. */
const sliceMs = 1_500;

/** How often a process without a free place looks for numbers that wait. */
const lookEveryMs = 200;

/** Makes the rotation of one process. */
export function createRotation({
  places,
  sessions,
  waiting,
  clock,
  logger,
}: {
  readonly places: number;
  readonly sessions: Iterable<NumberSession>;
  /** Counts the numbers that wait for a place in any process. */
  readonly waiting: () => Promise<number>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Rotation {
  let busy = 0;
  let cancelLook: (() => void) | undefined;
  let isClosed = false;
  const ending = new WeakSet<NumberSession>();

  /** Ends as many sessions as numbers wait: those without messages, then those that have sent for the longest time. */
  const rotate = (count: number): void => {
    const nowMs = clock.monotonic();
    const begun = [...sessions].filter((session) => session.sendsSinceMs !== undefined);
    const due = begun.filter((session) => !ending.has(session) && (session.isIdle() || nowMs - (session.sendsSinceMs ?? nowMs) >= sliceMs));
    due.sort((one, other) => Number(other.isIdle()) - Number(one.isIdle()) || (one.sendsSinceMs ?? 0) - (other.sendsSinceMs ?? 0));
    const open = count - begun.filter((session) => ending.has(session)).length;
    for (const session of due.slice(0, Math.max(0, open))) {
      ending.add(session);
      session.stop('turn');
    }
  };
  const look = async (): Promise<void> => {
    try {
      const count = await waiting();
      if (count > 0 && busy >= places) rotate(count);
    } catch (error) {
      logger.debug('sender.rotation_failed', { error });
    }
    cancelLook = undefined;
    scheduleLook();
  };
  const scheduleLook = (): void => {
    if (isClosed || cancelLook || busy < places) return;
    cancelLook = clock.schedule(() => void look(), lookEveryMs);
  };
  return {
    async whileBusy(work) {
      busy += 1;
      scheduleLook();
      try {
        return await work();
      } finally {
        busy -= 1;
      }
    },
    close() {
      isClosed = true;
      cancelLook?.();
    },
  };
}
