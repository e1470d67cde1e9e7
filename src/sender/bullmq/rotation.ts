import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { SharedRedis } from './open-redis.js';
import type { NumberSession } from './session-port.js';

/** Lets numbers take turns if more of them have messages than this process has slots. */
export interface Rotation {
  /** Runs `work` in a slot. While all slots are taken, ends sessions in favor of numbers that wait. */
  whileBusy<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): void;
}

/** How long a number may send while others wait for a slot. */
const sliceMs = 1_000;

/** How often a process without a free slot checks for numbers that wait. */
const checkEveryMs = 200;

/** Creates the rotation of one process. */
export function createRotation({
  redis: { connection, numbers },
  places,
  sessions,
  clock,
  logger,
}: {
  readonly redis: SharedRedis;
  readonly places: number;
  readonly sessions: Iterable<NumberSession>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Rotation {
  let busy = 0;
  let cancelLook: (() => void) | undefined;
  let isClosed = false;
  const ending = new WeakSet<NumberSession>();
  /** Jobs that waited at the last check. A job that still waits didn't merely arrive between two free slots. */
  let waitedBefore: ReadonlySet<string> = new Set();

  /** The sessions whose turn may end: first those without messages, then those that have been sending longest. */
  const dueSessions = (): readonly NumberSession[] => {
    const nowMs = clock.monotonic();
    const sinceMs = (session: NumberSession): number => session.sendsSinceMs ?? nowMs;
    const isDue = (session: NumberSession): boolean => session.isIdle() || nowMs - sinceMs(session) >= sliceMs;
    return [...sessions]
      .filter((session) => !ending.has(session) && isDue(session))
      .sort((one, other) => Number(other.isIdle()) - Number(one.isIdle()) || sinceMs(one) - sinceMs(other));
  };
  /** Whether this process makes room for a waiting job, instead of another process. */
  const claim = async (id: string): Promise<boolean> =>
    (await connection.set(numbers.toKey(`turn:${id}`), '1', 'PX', sliceMs, 'NX')) === 'OK';
  const rotate = async (): Promise<void> => {
    const ids = await numbers.getRanges(['wait'], 0, places - 1, true);
    const stillWaiting = ids.filter((id) => waitedBefore.has(id));
    waitedBefore = new Set(ids);
    const due = [...dueSessions()];
    for (const id of stillWaiting) {
      const [session] = due;
      if (!session) return;
      if (!(await claim(id))) continue;
      due.shift();
      ending.add(session);
      session.stop('turn');
    }
  };
  const look = async (): Promise<void> => {
    try {
      if (busy >= places) await rotate();
    } catch (error) {
      logger.debug('sender.rotation_failed', { error });
    }
    cancelLook = undefined;
    scheduleLook();
  };
  const scheduleLook = (): void => {
    if (isClosed || cancelLook || busy < places) return;
    cancelLook = clock.schedule(() => void look(), checkEveryMs);
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
