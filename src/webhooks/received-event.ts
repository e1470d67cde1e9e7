import type { WebhookEvent, WebhookEventOf } from './fields/registry.js';

/** Facts about the delivery of an event. */
export interface ReceivedDelivery {
  /** Equal for equal bytes, which Meta redelivers after any response except 200. */
  readonly id: string;
  /** Time of arrival by this machine's clock. */
  readonly receivedAt: Date;
  /** Number of the attempt to handle the event. Greater than 1 after a handler failed or a process crashed. */
  readonly attempt: number;
  /** Index of the app secret that matched the signature, from 0. */
  readonly secretIndex: number;
}

/** The result of `route`. Empty without `route`. */
export type TenantPart<Tenant> = [Tenant] extends [never] ? unknown : { readonly tenant: Tenant };

/** An event with facts about its delivery, and its tenant. */
export type ReceivedEvent<Event extends WebhookEvent = WebhookEvent, Tenant = never> = Event & {
  readonly delivery: ReceivedDelivery;
} & TenantPart<Tenant>;

/** The events of `createWebhooks`, by the names for handlers. `'*'` stands for every event that has a tenant. */
export type WebhookEvents<Tenant = never> = {
  readonly [Type in WebhookEvent['type']]: ReceivedEvent<WebhookEventOf<Type>, Tenant>;
} & {
  readonly '*': ReceivedEvent<WebhookEvent, Tenant>;
  /** An event that had no tenant until the end of `parkMs`. No other handler receives it. */
  readonly unrouted: ReceivedEvent;
};

/** The result of handling the events of a delivery. If all lists are empty, every event was handled, now or before. */
export interface HandlingResult {
  /** The errors of handlers, of `route` or of the store. */
  readonly failures: readonly unknown[];
  /** Number of events that another process is handling, or that weren't handled because the receiver closed. */
  readonly pending: number;
  /** Events without a known tenant. */
  readonly unrouted: readonly WebhookEvent[];
}
