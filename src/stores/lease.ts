import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';

/** A log entry of a lease. */
interface LeaseLog {
  readonly event: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What {@link acquireLease} works with. `Held` identifies what was written last, for example by its version. */
export interface LeaseOptions<Held> {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Other processes can acquire the lease so long after it was last written. It is renewed three times within that time. */
  readonly durationMs: number;
  /** Writes the lease. Returns `undefined` if another process has it. */
  readonly acquire: () => Promise<Held | undefined>;
  /** Writes the lease again on the condition that it is unchanged. Returns `undefined` if another process has changed it. */
  readonly renew: (held: Held) => Promise<Held | undefined>;
  /** Logged one time if another process took the lease over. */
  readonly lost: LeaseLog;
  /** Logged one time for each series of renewals that fail, with the error. */
  readonly notRenewed: LeaseLog;
  /** Called after each attempt to renew. */
  readonly onRenewal?: ((result: 'kept' | 'lost') => void) | undefined;
}

/** The right of this process to do something, until it releases or loses it. */
export interface Lease<Held> {
  /** What {@link LeaseOptions.acquire} returned. */
  readonly acquired: Held;
  /**
   * Whether no other process can have acquired the lease: false after another one did, if the last renewals failed for too long, and if the
   * clock jumped past the end. A renewal that succeeds makes it true again.
   */
  isHeld(): boolean;
  /**
   * Ends the renewals, waits for one that is in flight, and writes the end of the lease. Does nothing if the lease was lost or released before.
   *
   * @param write - Writes on the condition that the lease is unchanged. Returns whether it was.
   * @returns whether the end was written
   */
  release(write: (held: Held) => Promise<boolean>): Promise<boolean>;
  /** Ends the renewals without a write, so that the lease ends by itself. Does nothing after {@link release}. */
  abandon(): void;
}

const renewalsPerDuration = 3;

/**
 * Acquires a lease, and renews it until it is released. Only conditional writes decide who has it, so a process that was slow, paused or
 * without its store finds out that another one took over, and never writes over it.
 *
 * @returns `undefined` if another process has the lease
 */
export async function acquireLease<Held>(options: LeaseOptions<Held>): Promise<Lease<Held> | undefined> {
  const { clock, logger, durationMs, renew } = options;
  let { wallMs, monotonicMs } = times(clock);
  const acquired = await options.acquire();
  if (acquired === undefined) return undefined;
  let held: Held | undefined = acquired;
  let isReleased = false;
  let isFailing = false;
  let renewal: Promise<void> = Promise.resolve();
  let cancel: () => void = () => undefined;

  const log = ({ event, facts }: LeaseLog, error?: unknown): void => {
    logger.warn(event, { ...facts, ...(error !== undefined && { error }) });
  };
  const renewLater = (): void => {
    cancel = clock.schedule(() => {
      renewal = renewNow();
    }, durationMs / renewalsPerDuration);
  };
  const renewNow = async (): Promise<void> => {
    if (held === undefined) return;
    const started = times(clock);
    try {
      held = await renew(held);
      isFailing = false;
      if (held === undefined) log(options.lost);
      else ({ wallMs, monotonicMs } = started);
    } catch (error) {
      if (!isFailing) log(options.notRenewed, error);
      isFailing = true;
    }
    if (isReleased) return;
    if (held !== undefined) renewLater();
    options.onRenewal?.(held === undefined ? 'lost' : 'kept');
  };
  const stop = (): void => {
    isReleased = true;
    cancel();
  };
  renewLater();

  return {
    acquired,
    abandon: stop,
    isHeld: () =>
      held !== undefined && !isReleased && clock.monotonic() - monotonicMs < durationMs && Math.abs(clock.now() - wallMs) < durationMs,
    async release(write) {
      if (isReleased) return false;
      stop();
      // It changes what the last write is conditional on.
      await renewal;
      if (held === undefined) return false;
      const isWritten = await write(held);
      if (!isWritten) log(options.lost);
      return isWritten;
    },
  };
}

/**
 * Waits for leases that are acquired at the same time, which costs one commit of the store instead of many.
 *
 * @param abandon - Called for each of the others if one can't be acquired because the store failed.
 * @returns those that were acquired, in their order
 */
export async function acquireTogether<Acquired>(
  acquiring: readonly Promise<Acquired | undefined>[],
  abandon: (acquired: Acquired) => void,
): Promise<readonly Acquired[]> {
  const results = await Promise.allSettled(acquiring);
  const acquired = results.flatMap((result) => (result.status === 'fulfilled' && result.value !== undefined ? [result.value] : []));
  const failure = results.find((result) => result.status === 'rejected');
  if (!failure) return acquired;
  acquired.forEach(abandon);
  throw failure.reason;
}

function times(clock: Clock): { readonly wallMs: number; readonly monotonicMs: number } {
  return { wallMs: clock.now(), monotonicMs: clock.monotonic() };
}
