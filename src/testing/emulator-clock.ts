import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { systemClock, type Clock } from '../runtime/clock.js';
import { isRecord } from '../runtime/json.js';
import { fakeClock } from './fake-clock.js';

/** A clock of {@link emulatorClock}. */
export interface EmulatorClock extends Clock, AsyncDisposable {
  /** Stops following the emulator. Timers of the clock no longer run. */
  close(): Promise<void>;
}

/** Options of {@link emulatorClock}. */
export interface EmulatorClockOptions {
  /** Milliseconds between two looks at the emulator's clock. @defaultValue 250 */
  readonly intervalMs?: number | undefined;
  /** @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch | undefined;
}

/**
 * Returns a clock that follows the clock of a running emulator. If you advance the clock on the emulator's page, the timers of
 * your program run. For example, you can see the reminders of a heartbeat without waiting for 13 days.
 *
 * @param baseUrl - The base URL of the emulator, for example `WHATSAPP_BASE_URL`.
 * @param options - See {@link EmulatorClockOptions}.
 * @returns the clock, after it has read the emulator's time.
 * @throws `InvalidArgumentError` if no emulator responds at `baseUrl`.
 *
 * @example
 * ```ts
 * import { createClient } from 'wa-coexist';
 * import { emulatorClock } from 'wa-coexist/testing';
 *
 * const baseUrl = 'http://127.0.0.1:4004';
 * const clock = await emulatorClock(baseUrl);
 * const client = createClient({ accessToken: 'token', baseUrl, clock });
 * ```
 */
export async function emulatorClock(baseUrl: string, options: EmulatorClockOptions = {}): Promise<EmulatorClock> {
  const { intervalMs = 250, fetch: fetchNow = globalThis.fetch } = options;
  const look = async (): Promise<number> => {
    const response = await fetchNow(`${baseUrl}/emulator/clock`);
    const answer: unknown = await response.json();
    if (!isRecord(answer) || typeof answer.nowMs !== 'number') throw new InvalidArgumentError('emulatorClock', 'baseUrl', 'is no emulator');
    return answer.nowMs;
  };
  const startMs = await look().catch((error: unknown) => {
    if (error instanceof InvalidArgumentError) throw error;
    throw new InvalidArgumentError('emulatorClock', 'baseUrl', 'must be the address of a running emulator');
  });
  const clock = fakeClock({ now: new Date(startMs) });
  let isClosed = false;
  let cancel: () => void = () => undefined;
  let ending: Promise<void> = Promise.resolve();
  const follow = async (): Promise<void> => {
    // An emulator that restarts is found again at the next look.
    const nowMs = await look().catch(() => undefined);
    if (nowMs !== undefined && nowMs > clock.now()) await clock.advance(nowMs - clock.now());
    if (!isClosed) plan();
  };
  const plan = (): void => {
    cancel = systemClock.schedule(
      () => {
        ending = follow();
      },
      intervalMs,
      { background: true },
    );
  };
  plan();
  const close = async (): Promise<void> => {
    isClosed = true;
    cancel();
    await ending;
  };
  return {
    now: () => clock.now(),
    monotonic: () => clock.monotonic(),
    schedule: (callback, delayMs, scheduleOptions) => clock.schedule(callback, delayMs, scheduleOptions),
    close,
    [Symbol.asyncDispose]: close,
  };
}
