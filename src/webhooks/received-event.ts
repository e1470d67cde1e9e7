import type { WebhookEvent, WebhookEventOf } from './fields/registry.js';

/** How an event reached its handlers. */
export interface ReceivedDelivery {
  /** The same for every copy of the same bytes, as Meta sends them again after an answer other than 200. */
  readonly id: string;
  /** When it arrived, by this machine's clock. */
  readonly receivedAt: Date;
  /** 1 when the event is handled for the first time; more after a handler failed or a process died. */
  readonly attempt: number;
  /** Which of the app secrets its signature matched: 0 for the first. */
  readonly secretIndex: number;
}

/** What `route` found for an event; nothing where there is no `route`. */
export type TenantPart<Tenant> = [Tenant] extends [never] ? unknown : { readonly tenant: Tenant };

/** An event with what is known of the delivery that brought it, and whose it is. */
export type ReceivedEvent<Event extends WebhookEvent = WebhookEvent, Tenant = never> = Event & {
  readonly delivery: ReceivedDelivery;
} & TenantPart<Tenant>;

/** The events of `createWebhooks`, by the names for which handlers are registered. `'*'` is every event that has a tenant. */
export type WebhookEvents<Tenant = never> = {
  readonly [Type in WebhookEvent['type']]: ReceivedEvent<WebhookEventOf<Type>, Tenant>;
} & {
  readonly '*': ReceivedEvent<WebhookEvent, Tenant>;
  /** An event that `route` still knew no tenant for when its time was up. It reached no other handler. */
  readonly unrouted: ReceivedEvent;
};

/** What became of the events of a delivery; all lists empty: every one was handled, by this or an earlier copy. */
export interface HandlingResult {
  /** What handlers, `route` or the store threw. */
  readonly failures: readonly unknown[];
  /** How many events another process is handling at this moment, or were left when the receiver closed. */
  readonly pending: number;
  /** Events that no tenant is known for. */
  readonly unrouted: readonly WebhookEvent[];
}
