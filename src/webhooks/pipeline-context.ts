import type { KeyObject } from 'node:crypto';
import type { Clock } from '../runtime/clock.js';
import type { Emitter } from '../runtime/emitter.js';
import type { Instrument } from '../runtime/instrument.js';
import type { Logger } from '../runtime/logger.js';
import type { Claims } from './claims.js';
import type { CredentialSource } from './credential-source.js';
import type { Deadlines } from './callback-deadlines.js';
import type { WebhookEvent } from './fields/registry.js';
import type { Inbox } from './inbox.js';
import type { QueueKey } from './queue-key.js';
import type { ReceivedDelivery, WebhookEvents } from './received-event.js';
import type { RequestLog } from './request-log.js';
import type { Scheduler } from './scheduler.js';
import type { Counters } from './stats.js';
import type { WebhooksBaseOptions, WebhooksMode } from './webhooks-options.js';
import type { WorkInProgress } from './work-in-progress.js';

/** Facts about a delivery that are independent of attempts. */
export type DeliveryFacts = Omit<ReceivedDelivery, 'attempt'>;

/** Dependencies of the second half of the pipeline, from events to handlers. */
export interface HandlingContext {
  readonly emitter: Emitter<WebhookEvents<unknown>>;
  readonly route: WebhooksBaseOptions<unknown>['route'];
  readonly scheduler: Scheduler;
  readonly queueKeyOf: (event: WebhookEvent) => QueueKey;
  readonly claims: Claims;
  readonly deadlines: Deadlines;
  readonly instrument: Instrument;
  readonly logger: Logger;
  readonly counters: Counters;
}

/** Dependencies of the whole pipeline. */
export interface ReceivingContext extends HandlingContext {
  readonly delivering: WebhooksMode;
  readonly archive: WebhooksBaseOptions['archive'];
  readonly appSecrets: CredentialSource;
  readonly keysOf: (secrets: readonly string[]) => readonly KeyObject[];
  /** Time limits of whole deliveries. They are never abandoned. */
  readonly deliveryDeadlines: Deadlines;
  /** Aborts when the receiver closes and stops waiting for incomplete uploads. */
  readonly closing: AbortSignal;
  readonly inbox: Inbox;
  readonly work: WorkInProgress;
  readonly requestLog: RequestLog;
  readonly clock: Clock;
}
