import type { Clock } from './clock.js';
import { noInstrument, type Instrument } from './instrument.js';
import type { Logger } from './logger.js';

/** Time limit for an instrument to start the work. Afterwards, the work runs without it. */
const startWithinMs = 1_000;

/** Instruments that {@link resolveInstrument} has created. */
const resolved = /* @__PURE__ */ new WeakSet<Instrument>();

/**
 * Creates the library's instrument from the `instrument` option of a `create…` function. The work runs exactly once,
 * and its result is the result of the operation, even if the caller's instrument throws, hangs, never runs the work,
 * runs it twice or returns another value. Its failures are logged.
 */
export function resolveInstrument(instrument: Instrument | undefined, clock: Clock, logger: Logger): Instrument {
  if (instrument === undefined || instrument === noInstrument || resolved.has(instrument)) return instrument ?? noInstrument;
  const guarded: Instrument = (operation, run) => {
    let running: ReturnType<typeof run> | undefined;
    const isRunning = (): boolean => running !== undefined;
    return new Promise((resolve, reject) => {
      const start = (): ReturnType<typeof run> => {
        if (running) return running;
        cancel();
        running = (async () => run())();
        running.then(resolve, reject);
        return running;
      };
      let cancel = (): void => undefined;
      const failed = (error: unknown): void => {
        // Errors of the work itself also arrive here.
        if (!running) logger.error('runtime.instrument_failed', { operation, error });
        start().catch(() => undefined);
      };
      try {
        const result: unknown = instrument(operation, start);
        // Most instruments run the work immediately, and then need no timer.
        if (!isRunning()) {
          cancel = clock.schedule(() => {
            failed(new Error('The instrument did not run the operation.'));
          }, startWithinMs);
        }
        Promise.resolve(result).then(() => {
          if (!running) failed(new Error('The instrument did not run the operation.'));
        }, failed);
      } catch (error) {
        failed(error);
      }
    });
  };
  resolved.add(guarded);
  return guarded;
}
