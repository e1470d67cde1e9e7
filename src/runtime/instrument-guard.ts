import type { Clock } from './clock.js';
import { noInstrument, type Instrument } from './instrument.js';
import type { Logger } from './logger.js';
import { within } from './within.js';

/** How long the guard waits for an instrument to start the work, or to end after it. */
const maxOverheadMs = 1_000;

/**
 * Makes the instrument that the library uses from the `instrument` option of a `create…` function. The caller's instrument may throw,
 * reject, hang or never run the work: the work runs exactly once, and its result is the only one that counts.
 */
export function resolveInstrument(instrument: Instrument | undefined, clock: Clock, logger: Logger): Instrument {
  if (instrument === undefined || instrument === noInstrument) return noInstrument;
  return async <Result>(operation: string, run: () => Promise<Result>): Promise<Result> => {
    let work: Promise<Result> | undefined;
    let noteStart: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      noteStart = resolve;
    });
    const start = (): Promise<Result> => {
      work ??= run();
      noteStart();
      return work;
    };
    const instrumented = within(clock, maxOverheadMs, () => instrument(operation, start)).then(
      () => undefined,
      (error: unknown) => error,
    );
    await Promise.race([started, instrumented]);
    if (!work) logger.error('instrument.failed', { operation, reason: 'it did not run the operation', error: await instrumented });
    try {
      return await start();
    } finally {
      // So that a span has ended when the operation has.
      await instrumented;
    }
  };
}
