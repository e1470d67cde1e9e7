import { defined } from '../../runtime/json.js';
import type { Customer } from '../events/base.js';
import type { PastMessage } from '../events/message-content.js';
import { messageStatus } from '../schemas/status.js';
import { conversationContext, userAction } from '../schemas/users.js';
import { editedContentOf, messageOf } from './content.js';
import { readErrors } from './errors.js';
import { customerOf } from './identity.js';
import { recordOf, textOf, timeOf } from './loose.js';
import type { ItemFacts, Scope } from './scope.js';
import { readValue } from './values.js';

/** Reads the field `messages`: what customers write, what became of what was sent, and failures of the number. */
export function readMessages(scope: Scope): void {
  for (const raw of scope.take('messages')) readLive(scope, raw, 'message', senderOf(scope, raw));
  for (const raw of scope.take('statuses')) readStatus(scope, raw, 'status');
  for (const raw of scope.take('user_actions')) readValue(scope, raw, 'user_actions', userAction);
  const context = scope.inner('conversation_context');
  if (context) readValue(scope, context.value, 'conversation_context', conversationContext);
  readErrors(scope, 'account.error');
}

/** The customer who sent a message. If the message reports a change of identity, these are the IDs after the change. */
export function senderOf(scope: Scope, raw: unknown): Customer | undefined {
  const { type, system, from } = recordOf(raw);
  const sender = personOf(scope, raw, 'from');
  const change = recordOf(type === 'system' ? system : undefined);
  const number = textOf(change.wa_id) ?? textOf(change.new_wa_id);
  const userId = textOf(change.user_id);
  const parentUserId = textOf(change.parent_user_id);
  if (!(number ?? userId ?? parentUserId)) return sender;
  // A new user ID leaves the number as it is. A new number brings another user ID.
  const current = customerOf(
    { number: number ?? (change.type === 'user_changed_user_id' ? from : undefined), userId, parentUserId },
    scope.contacts(),
  );
  return current ? defined({ name: sender?.name, username: sender?.username, ...current }) : sender;
}

/** Reads a live message of either direction: what was written, or the change of what was written before. */
export function readLive(scope: Scope, raw: unknown, type: 'message' | 'echo', customer: Customer | undefined): void {
  const message = messageOf(raw);
  const facts = factsOf(raw, message, customer);
  const { id: messageId } = message;
  if (message.type === 'edit') {
    const { original_message_id: originalMessageId, message: edited } = message.edit;
    scope.emit(`${type}.edit`, raw, { messageId, originalMessageId, message: editedContentOf(edited) }, facts);
  } else if (message.type === 'revoke') {
    scope.emit(`${type}.revoke`, raw, { messageId, originalMessageId: message.revoke.original_message_id }, facts);
  } else {
    scope.emit(type, raw, { message }, facts);
  }
}

/** Person, time and ids of a message. */
export function factsOf(raw: unknown, message: PastMessage, customer: Customer | undefined): ItemFacts {
  // A stub must not close its wamid: the real message may follow under the same one.
  const isStub = message.type === 'unsupported' || message.type === 'unknown';
  return {
    customer,
    occurredAt: timeOf(recordOf(raw).timestamp),
    ids: message.id === '' ? undefined : isStub ? [message.id, message.type] : [message.id],
  };
}

/** The person that the members of a role name, as `from`, `from_user_id` and `from_parent_user_id`. */
export function personOf(scope: Scope, raw: unknown, role: 'from' | 'to' | 'recipient' | 'recipient_participant'): Customer | undefined {
  const item = recordOf(raw);
  return customerOf(
    {
      number: item[role] ?? item[`${role}_id`],
      userId: item[`${role}_user_id`],
      // Until 5 May 2026 the words of one of these names stood in another order.
      parentUserId: item[`${role}_parent_user_id`] ?? item[`parent_${role}_user_id`],
    },
    scope.contacts(),
  );
}

/** Reads what became of a message, live or in a conversation that another app holds. */
export function readStatus(scope: Scope, raw: unknown, type: 'status' | 'standby.status'): void {
  const status = scope.fit(messageStatus, raw);
  if (!status) return;
  const { timestamp, recipient_id: recipient, participant_recipient_id: participant } = recordOf(raw);
  const { recipient_participant_id: participantId = textOf(participant) } = status;
  // In a group the recipient is the group, and the person is the participant.
  const customer =
    status.recipient_type === 'group'
      ? personOf(scope, { ...status, recipient_participant_id: participantId }, 'recipient_participant')
      : personOf(scope, raw, 'recipient');
  const ids = [status.id, status.status, textOf(timestamp), textOf(recipient) ?? status.recipient_user_id];
  if (participantId !== undefined) ids.push(participantId);
  scope.emit(type, raw, { status }, { customer, occurredAt: timeOf(timestamp), ids });
}
