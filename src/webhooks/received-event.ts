import type { WebhookEvent, WebhookEventOf } from './events/event.js';

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

/** An event with what is known of the delivery that brought it. */
export type ReceivedEvent<Event extends WebhookEvent = WebhookEvent> = Event & { readonly delivery: ReceivedDelivery };

/** The events of `createWebhooks`, by the names under which handlers are registered; `'*'` stands for all of them. */
export type WebhookEvents = { readonly [Type in WebhookEvent['type']]: ReceivedEvent<WebhookEventOf<Type>> } & {
  readonly '*': ReceivedEvent;
};
