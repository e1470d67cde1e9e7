import type { Clock } from '../runtime/clock.js';
import { createEmitter, type Emitter } from '../runtime/emitter.js';
import type { Logger } from '../runtime/logger.js';
import { within } from '../runtime/within.js';
import type { CoexistenceEvents } from './events.js';
import { ListenerTimeoutError } from './listener-timeout-error.js';
import type { EventPort } from './module-context.js';

/** Options of {@link createEvents}. */
export interface EventsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Time limit for the listeners of one event. */
  readonly listenerTimeoutMs: number;
}

/**
 * Creates the emitter of the caller's listeners, and the port through which modules emit events.
 *
 * @param options - The clock, the logger and the time limit.
 */
export function createEvents({ clock, logger, listenerTimeoutMs }: EventsOptions): {
  readonly emitter: Emitter<CoexistenceEvents>;
  readonly port: EventPort;
} {
  const inTime = async (listeners: string, work: () => Promise<void>): Promise<void> => {
    const result = await within(clock, listenerTimeoutMs, work);
    if (result.type !== 'done') throw new ListenerTimeoutError(listeners, listenerTimeoutMs);
  };
  const emitter = createEmitter<CoexistenceEvents>((work) => inTime('A listener of once', work));
  const port: EventPort = {
    hasListeners: (name) => emitter.count(name) > 0,
    emit: async (name, event) => {
      const count = emitter.count(name);
      if (count === 0) return;
      try {
        const listening = emitter.dispatch(name, event);
        if (listening) await inTime(`A listener of ${name}`, () => listening);
      } catch (error) {
        logger.error('coexistence.listener_failed', { event: name, listeners: count, error });
        throw error;
      }
    },
  };
  return { emitter, port };
}
