import type { Handler } from '../runtime/emitter.js';

/** Registers and removes one handler. */
export interface StreamSource<Event> {
  readonly on: (handler: Handler<Event>) => void;
  readonly off: (handler: Handler<Event>) => void;
}

interface Waiting<Event> {
  readonly event: Event;
  readonly done: () => void;
  readonly giveBack: (reason: Error) => void;
}

/**
 * Events as an async iterator, from the first call of `next` on. An event counts as handled when the next one is asked for, so none is lost
 * silently: what was not taken when the loop ends, or was being worked on when it threw, is given back and comes again.
 */
export async function* eventStream<Event>(source: StreamSource<Event>, signal: AbortSignal): AsyncGenerator<Event, void, undefined> {
  const waiting: Waiting<Event>[] = [];
  let wake: () => void = () => undefined;
  const handler = (event: Event): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ event, done: resolve, giveBack: reject });
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
      current = waiting.shift();
      if (current) {
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
    source.off(handler);
    signal.removeEventListener('abort', onAbort);
    const reason = new Error('The loop over webhook events ended before it had handled this one.');
    for (const { giveBack } of current ? [current, ...waiting] : waiting) giveBack(reason);
  }
}
