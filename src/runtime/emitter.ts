import { EventEmitter } from 'eventemitter3';
import { isRecord } from './json.js';

/** A function that receives an event. The emitter awaits its promise. If it rejects, the event counts as not handled. */
export type EventHandler<Event> = (event: Event) => void | Promise<void>;

/** Registers and removes handlers by event name. If an emitter supports `'*'`, its handlers receive every event. */
export interface Subscribable<Events extends object> {
  /** Calls `handler` for every event of this name. Returns a function that removes this registration. */
  on<Name extends keyof Events & string>(name: Name, handler: EventHandler<Events[Name]>): () => void;
  /**
   * Calls `handler` for one event of this name. If the handler fails or is late, it stays registered and receives the
   * redelivery or the next event. It never runs for two events at the same time, unless one of them is late. Returns a
   * function that removes this registration.
   */
  once<Name extends keyof Events & string>(name: Name, handler: EventHandler<Events[Name]>): () => void;
  /** Removes all registrations of a handler for this name. */
  off<Name extends keyof Events & string>(name: Name, handler: EventHandler<Events[Name]>): void;
}

/** An emitter, as its owner uses it. */
export interface Emitter<Events extends object> extends Subscribable<Events> {
  /**
   * Calls the handlers of an event in the order of their registration. Returns `undefined` if all handlers succeeded
   * synchronously, as most do. Otherwise, the promise settles when all have finished. It rejects with their errors, as
   * one error.
   */
  dispatch<Name extends keyof Events & string>(name: Name, event: Events[Name]): Promise<void> | undefined;
  /** Returns the number of handlers of an event. */
  count(name: keyof Events & string): number;
}

/** Each registration has its own listener, because one handler can have several. */
interface Registration {
  readonly name: string;
  readonly handler: unknown;
  /** Removes the listener that calls the handler. */
  readonly unregister: () => void;
}

/** Waits for a handler for a limited time. Rejects with the error of the handler, or when it is late. */
type WorkLimit = (work: () => Promise<void>) => Promise<void>;

/**
 * Creates an emitter of typed events on eventemitter3, whose own `emit` neither awaits handlers nor catches the errors
 * of async ones.
 *
 * @param limit Decides when a handler of `once` is late. A late handler counts as failed, so it receives the
 * redelivery. Without a limit, handlers are never late.
 */
export function createEmitter<Events extends object>(limit: WorkLimit = (work) => work()): Emitter<Events> {
  const registry = new EventEmitter();
  const registrations = new Set<Registration>();
  const remove = (registration: Registration): void => {
    registrations.delete(registration);
    registration.unregister();
  };
  const add = <Event>(name: string, handler: unknown, listener: EventHandler<Event>): Registration => {
    const registration: Registration = {
      name,
      handler,
      unregister: () => {
        registry.off(name, listener);
      },
    };
    registrations.add(registration);
    registry.on(name, listener);
    return registration;
  };
  return {
    on(name, handler) {
      const registration = add<Events[typeof name]>(name, handler, (event) => handler(event));
      return () => {
        remove(registration);
      };
    },
    once(name, handler) {
      const end = (): void => {
        remove(registration);
      };
      const listener = callUntilDone(handler, limit, { isRegistered: () => registrations.has(registration), remove: end });
      const registration: Registration = add(name, handler, listener);
      return end;
    },
    off(name, handler) {
      for (const registration of registrations) {
        if (registration.name === name && registration.handler === handler) remove(registration);
      }
    },
    count: (name) => registry.listenerCount(name),
    dispatch(name, event) {
      const listeners = registry.listeners(name);
      const failures: unknown[] = [];
      const running: Promise<void>[] = [];
      for (const listener of listeners as readonly EventHandler<Events[typeof name]>[]) {
        try {
          // Most handlers are synchronous, and a promise for each would cost more than the handlers.
          const result = listener(event);
          if (result !== undefined) running.push(settled(result, failures));
        } catch (failure) {
          failures.push(failure);
        }
      }
      return running.length + failures.length === 0 ? undefined : allDone(name, running, failures);
    },
  };
}

/** Waits for all handlers. @throws their errors, as one error. */
async function allDone(name: string, running: readonly Promise<void>[], failures: readonly unknown[]): Promise<void> {
  await Promise.all(running);
  if (failures.length === 1) throw failures[0];
  if (failures.length > 1) throw new AggregateError(failures, `${String(failures.length)} handlers of ${name} failed.`);
}

/** Waits for a handler, and adds its error to the failures. */
async function settled(result: Promise<void>, failures: unknown[]): Promise<void> {
  try {
    await result;
  } catch (failure) {
    failures.push(failure);
  }
}

/** The event that a handler of `once` is handling. */
interface RunningCall {
  readonly key: unknown;
  result?: Promise<void>;
}

/**
 * Returns a listener that calls a handler until it succeeds for one event, and for one event at a time. If the current
 * event is redelivered, the redelivery has the same result, so it doesn't count as handled before the handler has
 * finished.
 */
function callUntilDone<Event>(
  handler: EventHandler<Event>,
  limit: WorkLimit,
  { isRegistered, remove }: { readonly isRegistered: () => boolean; readonly remove: () => void },
): EventHandler<Event> {
  let current: RunningCall | undefined;
  return (event) => {
    const key = isRecord(event) ? (event.key ?? event) : event;
    // Another handler of the same event may have removed it.
    if (!isRegistered()) return undefined;
    if (current) return current.key === key ? current.result : undefined;
    const run: RunningCall = { key };
    current = run;
    const release = (): void => {
      if (current === run) current = undefined;
    };
    try {
      const result = handler(event);
      if (result === undefined) {
        remove();
        return undefined;
      }
      // A late call can still succeed. The handler is then removed.
      const work = Promise.resolve(result).then(remove);
      run.result = limit(() => work).catch((error: unknown) => {
        release();
        throw error;
      });
      return run.result;
    } catch (error) {
      release();
      throw error;
    }
  };
}
