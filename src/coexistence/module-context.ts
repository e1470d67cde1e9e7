import type { CoexistencePolicy } from '../policy/policy.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import type { WebhookEvent } from '../webhooks/fields/registry.js';
import type { CoexistenceEvents } from './events.js';
import type { KnownNumbers } from './known-numbers.js';
import type { DueHandler } from './schedule.js';
import type { SignalBus } from './signals.js';
import type { RunWork, Scope } from './unit-of-work.js';

/** What all modules share. */
export interface ModuleContext {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: CoexistencePolicy;
  /** Runs a piece of work on the store. */
  readonly run: RunWork;
  readonly events: EventPort;
  readonly signals: SignalBus;
  readonly numbers: KnownNumbers;
}

/** Emits events to the listeners of the caller. */
export interface EventPort {
  hasListeners(name: keyof CoexistenceEvents): boolean;
  /** Waits for the listeners. @throws the error of a listener, or a `ListenerTimeoutError` */
  emit<Name extends keyof CoexistenceEvents>(name: Name, event: CoexistenceEvents[Name]): Promise<void>;
}

/** A module as the coexistence object connects it. */
export interface ModuleService<Public> {
  /** The public methods. */
  readonly module: Public;
  /** Processes a webhook event. Its writes are applied together with those of the other modules. */
  observe?(event: WebhookEvent, scope: Scope): Promise<void>;
  /** The module's name in the schedule, and the handler of its entries. */
  readonly schedule?: DueHandler;
}
