import { EventEmitter } from 'eventemitter3';

/** A function that is told of an event. A promise that it returns is awaited; if it rejects, the event counts as not handled. */
export type Handler<Event> = (event: Event) => void | Promise<void>;

/** Registers and removes handlers by event name. `'*'`, where an emitter offers it, gets every event. */
export interface Subscribable<Events extends object> {
  /** Calls `handler` at every event of this name. */
  on<Name extends keyof Events & string>(name: Name, handler: Handler<Events[Name]>): void;
  /**
   * Calls `handler` for one event of this name, and removes it after it succeeds. If it throws or rejects, it is called again for the next event,
   * such as the redelivery. It never runs twice at the same time: events that arrive while it runs don't reach it.
   */
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
  const armed: OneTime[] = [];
  return {
    on(name, handler) {
      registry.on(name, handler);
    },
    once(name, handler) {
      let isRunning = false;
      const rearm = (failure: unknown): never => {
        isRunning = false;
        if (armed.includes(entry)) registry.on(name, run);
        throw failure;
      };
      const run = (event: Events[typeof name]): void | Promise<void> => {
        // A dispatch that a handler nests can have a list of listeners from before this one was called.
        if (isRunning || !armed.includes(entry)) return;
        isRunning = true;
        registry.off(name, run);
        try {
          const result = handler(event);
          if (result !== undefined) return settleOnce(result);
          disarm(armed, entry);
        } catch (failure) {
          rearm(failure);
        }
      };
      const entry: OneTime = { name, handler, remove: () => void registry.off(name, run) };
      const settleOnce = async (result: Promise<void>): Promise<void> => {
        try {
          await result;
          disarm(armed, entry);
        } catch (failure) {
          rearm(failure);
        }
      };
      armed.push(entry);
      registry.on(name, run);
    },
    off(name, handler) {
      registry.off(name, handler);
      for (const entry of armed.filter((one) => one.name === name && one.handler === handler)) {
        entry.remove();
        disarm(armed, entry);
      }
    },
    count: (name) => registry.listenerCount(name),
    async dispatch(name, event) {
      const listeners = registry.listeners(name);
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

/** A handler of `once` that hasn't succeeded yet. */
interface OneTime {
  readonly name: string;
  readonly handler: unknown;
  readonly remove: () => void;
}

function disarm(armed: OneTime[], entry: OneTime): void {
  const index = armed.indexOf(entry);
  if (index >= 0) armed.splice(index, 1);
}

/** Waits for a handler, and puts what it fails with among the failures. */
async function settled(result: Promise<void>, failures: unknown[]): Promise<void> {
  try {
    await result;
  } catch (failure) {
    failures.push(failure);
  }
}
