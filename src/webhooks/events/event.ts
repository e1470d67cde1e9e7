import type { AccountDisconnectedEvent, AccountOffboardedEvent, AccountReconnectedEvent, AccountUpdateEvent } from './account.js';
import type { EventBase } from './base.js';
import type { ContactEvent } from './contacts.js';
import type { EchoEditEvent, EchoEvent, EchoRevokeEvent } from './echoes.js';
import type { HistoryChunkEvent, HistoryDeclinedEvent, HistoryMediaEvent } from './history.js';
import type { MessageEditEvent, MessageEvent, MessageRevokeEvent, StatusEvent } from './messages.js';

/** Something in a webhook field that this version of the library does not know. Nothing is lost: it is all in `raw`. */
export type UnknownEvent = EventBase<'unknown', string>;

/** Everything that a webhook can tell, discriminated by `type`. */
export type WebhookEvent =
  | MessageEvent
  | MessageEditEvent
  | MessageRevokeEvent
  | StatusEvent
  | EchoEvent
  | EchoEditEvent
  | EchoRevokeEvent
  | HistoryChunkEvent
  | HistoryMediaEvent
  | HistoryDeclinedEvent
  | ContactEvent
  | AccountOffboardedEvent
  | AccountReconnectedEvent
  | AccountDisconnectedEvent
  | AccountUpdateEvent
  | UnknownEvent;

/** The event of one type. */
export type WebhookEventOf<Type extends WebhookEvent['type']> = Extract<WebhookEvent, { readonly type: Type }>;
