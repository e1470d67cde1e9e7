import type { Clock } from '../runtime/clock.js';
import type { EventHandler } from '../runtime/emitter.js';

/** Registers and removes one handler. */
export interface StreamSource<Event> {
  readonly on: (handler: EventHandler<Event>) => void;
  /** Removes the handler of a finished loop, but only after the code that follows the loop could start another one. */
  readonly retire: (handler: EventHandler<Event>) => void;
  /** Whether the event has an active handler. */
  readonly isHandled: () => boolean;
}

interface Waiting<Event> {
  readonly event: Event;
  readonly done: () => void;
  readonly release: (reason: Error) => void;
}

/**
 * Returns events as an async iterator, starting with the first call of `next`. An event counts as handled when the loop
 * requests the next one. Events that the loop doesn't request in time, or fails at, are released and redelivered.
 *
 * @param timeoutMs - How long an event waits for the loop.
 */
export async function* eventStream<Event>(
  source: StreamSource<Event>,
  signal: AbortSignal,
  clock: Clock,
  timeoutMs: number,
): AsyncGenerator<Event, void, undefined> {
  const waiting = new Set<Waiting<Event>>();
  let wake: () => void = () => undefined;
  let hasEnded = false;
  const endedError = (): Error => new Error('The loop over webhook events ended before it handled this event.');
  const handler = (event: Event): Promise<void> =>
    new Promise((resolve, reject) => {
      if (hasEnded) {
        if (source.isHandled()) resolve();
        else reject(endedError());
        return;
      }
      const cancel = clock.schedule(() => {
        // If it is redelivered, the loop must not receive it twice.
        waiting.delete(entry);
        reject(new Error('The loop over webhook events did not request the next event in time.'));
      }, timeoutMs);
      const entry: Waiting<Event> = {
        event,
        done: () => {
          cancel();
          resolve();
        },
        release: (reason) => {
          cancel();
          reject(reason);
        },
      };
      waiting.add(entry);
      wake();
    });
  const onAbort = (): void => {
    wake();
  };
  source.on(handler);
  signal.addEventListener('abort', onAbort, { once: true });
  let current: Waiting<Event> | undefined;
  try {
    while (!signal.aborted) {
      [current] = waiting;
      if (current) {
        waiting.delete(current);
        yield current.event;
        current.done();
        current = undefined;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    hasEnded = true;
    // Until it is removed, the handler rejects new events. Without any handler, the receiver would drop them.
    source.retire(handler);
    signal.removeEventListener('abort', onAbort);
    for (const { release } of current ? [current, ...waiting] : waiting) release(endedError());
  }
}
