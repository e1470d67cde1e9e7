import type { EventBase } from '../events/base.js';
import type { PastMessage } from '../events/message-content.js';
import { personOf, senderOf } from '../parsing/event-people.js';
import { factsOf, messageOf } from '../parsing/read-message.js';
import type { WebhookField } from '../parsing/webhook-field.js';
import { readStatus, type MessageStatus } from './messages.js';

/** A customer sent a message in a conversation that another app owns (beta). Don't reply to it. */
export interface StandbyMessageEvent extends EventBase<'standby.message', 'standby'> {
  readonly message: PastMessage;
}

/** The business sent a message in a conversation that another app owns (beta). */
export interface StandbyEchoEvent extends EventBase<'standby.echo', 'standby'> {
  readonly message: PastMessage;
}

/** The status of a message that another app sent (beta). */
export interface StandbyStatusEvent extends EventBase<'standby.status', 'standby'> {
  readonly status: MessageStatus;
}

type StandbyEvent = StandbyMessageEvent | StandbyEchoEvent | StandbyStatusEvent;
type StandbyList = 'messages' | 'message_echoes' | 'statuses';

/** The field `standby`: conversations of another app. Don't reply to them. */
export const standby: WebhookField<StandbyEvent, StandbyList> = {
  lists: { messages: {}, message_echoes: {}, statuses: {} },
  inner: 'standby',
  read(scope) {
    const inner = scope.inner('standby');
    if (!inner) return;
    for (const raw of inner.take('messages')) {
      const message = messageOf(raw);
      inner.emit('standby.message', raw, { message }, factsOf(raw, message, senderOf(inner, raw)));
    }
    for (const raw of inner.take('message_echoes')) {
      const message = messageOf(raw);
      inner.emit('standby.echo', raw, { message }, factsOf(raw, message, personOf(inner, raw, 'to')));
    }
    for (const raw of inner.take('statuses')) readStatus<'standby.status'>(inner, raw, 'standby.status');
    inner.emitLeftovers();
  },
};
