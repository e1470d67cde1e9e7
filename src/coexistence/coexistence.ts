import type { Client } from '../client/client.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { Clock } from '../runtime/clock.js';
import type { Subscribable } from '../runtime/emitter.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { WebhookEvent } from '../webhooks/events/event.js';
import type { SweepResult } from './agenda.js';
import type { ContactsModule } from './contacts/contacts.js';
import type { CostsModule, CostsOptions } from './costs/costs.js';
import type { CoexistenceEvents } from './events.js';
import type { HandoffModule, HandoffOptions } from './handoff/handoff.js';
import type { HeartbeatModule, HeartbeatOptions } from './heartbeat/heartbeat.js';
import type { HistoryModule, HistoryOptions } from './history/history.js';
import type { LifecycleModule } from './lifecycle/lifecycle.js';
import type { OnboardingModule, OnboardingOptions, SaveToken } from './onboarding/onboarding.js';
import type { RestrictionsModule } from './restrictions/create-restrictions.js';
import type { ServiceWindowModule, ServiceWindowOptions } from './service-window/service-window.js';
import type { SyncModule } from './sync/sync.js';

/** Where webhook events come from: what `createWebhooks` makes, or anything else that hands out every event. */
export interface WebhookSource {
  /** Calls `handler` at every event. */
  on(name: '*', handler: (event: WebhookEvent) => Promise<void>): unknown;
  /** Stops that. */
  off(name: '*', handler: (event: WebhookEvent) => Promise<void>): unknown;
}

/** Options of {@link createCoexistence}. */
export interface CoexistenceOptions {
  /** Makes the calls: with `accessToken` as a function of the target for many businesses, and `appId` and `appSecret` to exchange codes. */
  readonly client: Client;
  /** Keeps a business token, durably. The library keeps none; the client's `accessToken` function finds it again. */
  readonly saveToken: SaveToken;
  /** Where events come from. Without it hand them to `handle`. */
  readonly webhooks?: WebhookSource | undefined;
  /** Keeps everything but tokens and messages. @defaultValue `memoryStore()`, which forgets with the process */
  readonly store?: Store | undefined;
  /** Id of the Meta app whose subscriptions are checked. @defaultValue the client's */
  readonly appId?: string | undefined;
  /** Meta's rules. @defaultValue the client's, else those of today */
  readonly policy?: CoexistencePolicy | undefined;
  readonly onboarding?: OnboardingOptions | undefined;
  readonly history?: HistoryOptions | undefined;
  readonly heartbeat?: HeartbeatOptions | undefined;
  readonly handoff?: HandoffOptions | undefined;
  readonly serviceWindow?: ServiceWindowOptions | undefined;
  readonly costs?: CostsOptions | undefined;
  /** Milliseconds between two sweeps of this process; `false` where a cron job calls `sweep`. @defaultValue 60 000 */
  readonly sweepIntervalMs?: number | false | undefined;
  /**
   * Milliseconds that a listener may take. After that its event counts as not delivered and is emitted again later. A late listener
   * keeps running.
   * @defaultValue 30 000
   */
  readonly listenerTimeoutMs?: number | undefined;
  /** Milliseconds that one call of `store` may take before it counts as failed. @defaultValue 10 000 */
  readonly storeTimeoutMs?: number | undefined;
  /** Where time comes from. @defaultValue the client's */
  readonly clock?: Clock | undefined;
  /** Receives warnings and errors. @defaultValue the client's */
  readonly logger?: Logger | undefined;
  /** Wraps each event, resume and sweep, for tracing. @defaultValue nothing */
  readonly instrument?: Instrument | undefined;
}

/** One sweep. */
export interface SweepOptions {
  /** Handles what is due at this moment. @defaultValue now */
  readonly now?: Date | undefined;
  /** The most due facts to handle. One whose handler fails does not count. @defaultValue 1000 */
  readonly limit?: number | undefined;
}

/** Everything that coexistence adds to Cloud API, for all numbers of a platform. */
export interface Coexistence extends Subscribable<CoexistenceEvents>, AsyncDisposable {
  readonly onboarding: OnboardingModule;
  readonly sync: SyncModule;
  readonly history: HistoryModule;
  readonly contacts: ContactsModule;
  readonly heartbeat: HeartbeatModule;
  readonly lifecycle: LifecycleModule;
  readonly handoff: HandoffModule;
  readonly serviceWindow: ServiceWindowModule;
  readonly restrictions: RestrictionsModule;
  readonly costs: CostsModule;
  /**
   * Takes in one webhook event, for callers with a queue of their own. Safe to repeat, in any order.
   *
   * @throws what handlers threw: hand the event in again.
   */
  handle(event: WebhookEvent): Promise<void>;
  /**
   * Handles what is due, of all numbers, each fact in one process at a time: reminders, deadlines, tokens that end, reconnections that did not
   * come, history that is complete or stalled, threads that return. What a handler fails at stays due. A handler that takes longer than two
   * minutes is taken for dead, and another process may begin with the same fact.
   */
  sweep(options?: SweepOptions): Promise<SweepResult>;
  /** Ends the sweeps, removes itself from the webhooks, and waits up to 4 seconds for a running sweep. The store stays open. */
  close(): Promise<void>;
}
