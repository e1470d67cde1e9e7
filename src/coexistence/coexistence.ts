import type { Client } from '../client/client.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { Clock } from '../runtime/clock.js';
import type { Subscribable } from '../runtime/emitter.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { WebhookEvent } from '../webhooks/fields/registry.js';
import type { SweepResult } from './schedule.js';
import type { ContactsModule } from './contacts/contacts-module.js';
import type { CostsModule, CostsOptions } from './costs/costs-module.js';
import type { CoexistenceEvents } from './events.js';
import type { HandoffModule, HandoffOptions } from './handoff/handoff-module.js';
import type { HeartbeatModule, HeartbeatOptions } from './heartbeat/heartbeat-module.js';
import type { HistoryModule, HistoryOptions } from './history/history-module.js';
import type { LifecycleModule } from './lifecycle/lifecycle-module.js';
import type { OnboardingModule, OnboardingOptions, SaveToken } from './onboarding/onboarding-module.js';
import type { RestrictionsModule } from './restrictions/create-restrictions.js';
import type { ServiceWindowModule, ServiceWindowOptions } from './service-window/service-window-module.js';
import type { SyncModule } from './sync/sync-module.js';

/** The source of webhook events: `createWebhooks` or any other object that emits every event. */
export interface WebhookSource {
  /** Subscribes to all events. */
  on(name: '*', handler: (event: WebhookEvent) => Promise<void>): unknown;
  /** Removes a subscription. */
  off(name: '*', handler: (event: WebhookEvent) => Promise<void>): unknown;
}

/** Options of {@link createCoexistence}. */
export interface CoexistenceOptions {
  /**
   * Makes the API calls. For many businesses, set `accessToken` to a function of the target. Set `appId` and
   * `appSecret` to exchange signup codes.
   */
  readonly client: Client;
  /**
   * Saves a business token durably. The library doesn't store tokens. Your client's `accessToken` function loads them.
   */
  readonly saveToken: SaveToken;
  /** Emits the webhook events. Without this option, pass each event to `handle`. */
  readonly webhooks?: WebhookSource | undefined;
  /**
   * Stores all state except tokens and message texts.
   * @defaultValue `memoryStore()`, which loses its state when the process ends
   */
  readonly store?: Store | undefined;
  /** ID of the Meta app whose subscriptions are checked. @defaultValue the client's app ID */
  readonly appId?: string | undefined;
  /** Meta's rules. @defaultValue the client's policy, or today's rules */
  readonly policy?: CoexistencePolicy | undefined;
  readonly onboarding?: OnboardingOptions | undefined;
  readonly history?: HistoryOptions | undefined;
  readonly heartbeat?: HeartbeatOptions | undefined;
  readonly handoff?: HandoffOptions | undefined;
  readonly serviceWindow?: ServiceWindowOptions | undefined;
  readonly costs?: CostsOptions | undefined;
  /**
   * Milliseconds between two sweeps in this process. Set `false` if a cron job calls `sweep`.
   * @defaultValue 60 000
   */
  readonly sweepIntervalMs?: number | false | undefined;
  /**
   * Time limit for a listener in milliseconds. After it, the event counts as failed and is emitted again later. The
   * late listener isn't cancelled.
   * @defaultValue 30 000
   */
  readonly listenerTimeoutMs?: number | undefined;
  /** Time limit for one call of `store` in milliseconds. A slower call counts as failed. @defaultValue 10 000 */
  readonly storeTimeoutMs?: number | undefined;
  /** Clock for all time calculations. @defaultValue the client's clock */
  readonly clock?: Clock | undefined;
  /** Receives warnings and errors. @defaultValue the client's logger */
  readonly logger?: Logger | undefined;
  /** Wraps each event, resume and sweep for tracing. @defaultValue no instrumentation */
  readonly instrument?: Instrument | undefined;
}

/** Options of `Coexistence.sweep`. */
export interface SweepOptions {
  /** Handles facts that are due at this time. @defaultValue now */
  readonly now?: Date | undefined;
  /** Maximum number of due facts to handle. Facts with a failed handler don't count. @defaultValue 1000 */
  readonly limit?: number | undefined;
}

/** All coexistence modules for all numbers of a platform. */
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
   * Processes one webhook event. Use it if you have your own queue. You can repeat events and pass them in any order.
   *
   * @param event - A webhook event, for example from `parseWebhook`.
   * @throws the error of a handler, or an `AggregateError` if several fail. Pass the event again later.
   */
  handle(event: WebhookEvent): Promise<void>;
  /**
   * Handles all due facts of all numbers: reminders, deadlines, expiring tokens, missing reconnections, complete or
   * stalled history, and threads that return to the bot.
   *
   * Each fact is handled by one process at a time. It stays due if its handler fails. After two minutes, another
   * process may handle the same fact.
   *
   * @param options - The time and the maximum number of facts.
   * @returns the number of handled and failed facts
   */
  sweep(options?: SweepOptions): Promise<SweepResult>;
  /**
   * Stops the sweeps, removes the webhook subscription, and waits up to 4 seconds for a running sweep. It doesn't close
   * the store.
   */
  close(): Promise<void>;
}
