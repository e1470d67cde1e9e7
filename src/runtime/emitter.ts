import { EventEmitter } from 'eventemitter3';

/** A function that is told of an event. A promise that it returns is awaited; if it rejects, the event counts as not handled. */
export type Handler<Event> = (event: Event) => void | Promise<void>;

/** Registers and removes handlers by event name. `'*'`, where an emitter offers it, gets every event. */
export interface Subscribable<Events extends object> {
  /** Calls `handler` at every event of this name. */
  on<Name extends keyof Events & string>(name: Name, handler: Handler<Events[Name]>): void;
  /** Calls `handler` at the next event of this name only. */
  once<Name extends keyof Events & string>(name: Name, handler: Handler<Events[Name]>): void;
  /** Removes a handler. */
  off<Name extends keyof Events & string>(name: Name, handler: Handler<Events[Name]>): void;
}

/** The side of an emitter that its owner keeps. */
export interface Emitter<Events extends object> extends Subscribable<Events> {
  /** Calls the handlers of an event in the order of their registration and waits for all. @throws what they threw, as one error, once all are done. */
  dispatch<Name extends keyof Events & string>(name: Name, event: Events[Name]): Promise<void>;
  /** How many handlers an event has. */
  count(name: keyof Events & string): number;
}

/**
 * Typed events on eventemitter3, whose own `emit` neither awaits handlers nor catches what async ones throw.
 */
export function createEmitter<Events extends object>(): Emitter<Events> {
  const registry = new EventEmitter();
  /** Names with listeners to be called once: the others need not be searched for them at every event. */
  const withOnce = new Set<string>();
  return {
    on(name, handler) {
      registry.on(name, handler);
    },
    once(name, handler) {
      registry.once(name, handler);
      withOnce.add(name);
    },
    off(name, handler) {
      registry.off(name, handler);
    },
    count: (name) => registry.listenerCount(name),
    async dispatch(name, event) {
      const listeners = registry.listeners(name);
      if (withOnce.delete(name)) {
        // The last argument takes away listeners registered by `once` alone.
        for (const listener of listeners) registry.off(name, listener, undefined, true);
      }
      const failures: unknown[] = [];
      const running: Promise<void>[] = [];
      for (const listener of listeners as readonly Handler<Events[typeof name]>[]) {
        try {
          // Most handlers are done when they return, and a promise for each would cost more than they do.
          const result = listener(event);
          if (result !== undefined) running.push(settled(result, failures));
        } catch (failure) {
          failures.push(failure);
        }
      }
      if (running.length > 0) await Promise.all(running);
      if (failures.length === 1) throw failures[0];
      if (failures.length > 1) throw new AggregateError(failures, `${String(failures.length)} handlers of ${name} failed.`);
    },
  };
}

/** Waits for a handler, and puts what it fails with among the failures. */
async function settled(result: Promise<void>, failures: unknown[]): Promise<void> {
  try {
    await result;
  } catch (failure) {
    failures.push(failure);
  }
}
