import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';

/** A log entry of a lease. */
interface LeaseLog {
  readonly event: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Options of {@link acquireLease}. `Held` identifies the last write, for example by its version. */
export interface LeaseOptions<Held> {
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Duration of the lease after its last write. Other processes can acquire it afterwards. It is renewed three times
   * within this duration.
   */
  readonly durationMs: number;
  /** Writes the lease. Returns `undefined` if another process has it. */
  readonly acquire: () => Promise<Held | undefined>;
  /** Writes the lease again if it is unchanged. Returns `undefined` if another process has changed it. */
  readonly renew: (held: Held) => Promise<Held | undefined>;
  /** Logged once if another process acquired the lease. */
  readonly lost: LeaseLog;
  /** Logged once per series of failed renewals, with the error. */
  readonly notRenewed: LeaseLog;
  /** Called after each attempt to renew. */
  readonly onRenewal?: ((result: 'kept' | 'lost') => void) | undefined;
}

/** A lease of this process, until it is released or lost. */
export interface Lease<Held> {
  /** The result of {@link LeaseOptions.acquire}. */
  readonly acquired: Held;
  /**
   * Whether this process certainly has the lease. It is `false` after another process acquired it, if the last renewals
   * failed for too long, and if the clock jumped past the end. A successful renewal makes it `true` again.
   */
  isHeld(): boolean;
  /**
   * Stops the renewals, waits for a renewal in flight, and writes the end of the lease. It has no effect if the lease
   * was already lost or released.
   *
   * @param write - Writes if the lease is unchanged. Returns whether it was.
   * @returns whether the end was written
   */
  release(write: (held: Held) => Promise<boolean>): Promise<boolean>;
  /** Stops the renewals without a write, so that the lease expires. It has no effect after {@link release}. */
  abandon(): void;
}

const renewalsPerDuration = 3;

/**
 * Acquires a lease, and renews it until it is released. All writes are conditional. A process that was slow, paused or
 * disconnected therefore detects that another process acquired the lease, and never overwrites it.
 *
 * @param options - The clock, the duration, the writes and the log entries.
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
      // A renewal changes the condition of the last write.
      await renewal;
      if (held === undefined) return false;
      const isWritten = await write(held);
      if (!isWritten) log(options.lost);
      return isWritten;
    },
  };
}

/**
 * Waits for leases that are acquired concurrently, which needs one commit of the store instead of many.
 *
 * @param acquiring - The pending leases.
 * @param abandon - Called for each acquired lease if another one fails because of the store.
 * @returns the acquired leases, in their order
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
