import { systemClock } from './clock.js';
import { noInstrument, type Instrument } from './instrument.js';
import type { Logger } from './logger.js';
import { within } from './within.js';

/**
 * Makes the instrument that the library uses from the `instrument` option of a `create…` function. Whatever the caller's instrument does,
 * the work runs exactly once and its own result is returned: an instrument may throw, call `run` twice, return something else or never
 * return. One that has not called `run` within `timeoutMs` is passed over.
 */
export function resolveInstrument(instrument: Instrument | undefined, logger: Logger, timeoutMs: number): Instrument {
  if (instrument === undefined || instrument === noInstrument) return noInstrument;
  return async <Result>(operation: string, run: () => Promise<Result>): Promise<Result> => {
    let result: Promise<Result> | undefined;
    let hasStarted = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      hasStarted = resolve;
    });
    const once = (): Promise<Result> => {
      result ??= run();
      hasStarted();
      return result;
    };
    const wasStarted = (): boolean => result !== undefined;
    const watched = (async () => {
      try {
        await instrument(operation, once);
      } catch (error) {
        const own: unknown = await result?.then(() => undefined).catch((reason: unknown) => reason);
        if (error !== own) logger.error('the instrument failed', { operation, error });
      }
    })();
    // Most instruments call `run` immediately, which costs no timer.
    if (!wasStarted()) await within(systemClock, timeoutMs, () => Promise.race([started, watched]));
    return once();
  };
}
