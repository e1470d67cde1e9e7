import type { Customer } from '../../webhooks/events/base.js';
import type { ContactEvent } from '../../webhooks/fields/contacts.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { MessageDirection, HistoryChunkEvent, HistoryMessage, HistoryThread } from '../../webhooks/fields/history.js';
import type { MessageContent, PastMessage } from '../../webhooks/events/message-content.js';
import type { MessageStatus } from '../../webhooks/fields/messages.js';
import type { UserIdUpdateEvent } from '../../webhooks/fields/users.js';
import { defined } from '../../runtime/json.js';
import { identityChangeOf, type IdentityChange } from '../../identity/claim.js';
import { messageToken } from '../../identity/message-id.js';
import { fingerprint } from '../../runtime/fingerprint.js';
import type { ConversationChange, ConversationStatus, MessageRow } from './conversation-rows.js';
import { customerIdsOf, storedId, type ConversationOptions, type CustomerIds } from './identity.js';
import { jsonOf } from './merge-row.js';
import { contentOf, editedOf, pastEditedOf, sentContentOf, type CopyKind } from './mirrored-content.js';
import { authorRanks, editRanks, originRanks, statusRank } from './ranks.js';
import type { SentThroughApi } from './sent-message.js';
import { createCollector, noTime, timeOf, type Collector } from './change-collector.js';

/** The input of a conversation: a webhook event, or a message that you sent. */
export type ConversationEvent = WebhookEvent | SentThroughApi;

/**
 * Converts an event to rows of conversation tables, for any database. Each row occurs at most once. This function is
 * pure.
 *
 * A message is one row, identified by its wamid. Its content may arrive as a message, an echo, a send, a status or a
 * part of the history, repeatedly and in any order. Merge the rows by the rule of `conversationTables`.
 *
 * An edit or a deletion may arrive before its message, and a status before its send. History never overwrites live
 * data. It only adds missing data. Group messages are omitted because the app doesn't share its groups, and a group has
 * no single customer.
 *
 * @param event - A webhook event, or a message from `sentMessage`.
 * @param options - How phone numbers are compared.
 * @returns the changes. Pass them to {@link postgresUpserts}, or merge them by `mergeConversationRow`.
 *
 * @example
 * ```ts
 * import { conversationChanges } from 'wa-coexist/coexistence';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * webhooks.on('*', (event) => {
 *   for (const { table, row } of conversationChanges(event)) console.log(table, row);
 * });
 * ```
 */
export function conversationChanges(event: ConversationEvent, options: ConversationOptions = {}): readonly ConversationChange[] {
  const { phoneNumberId } = event;
  if (phoneNumberId === undefined) return [];
  const collector = createCollector(phoneNumberId, options);
  collect(event, collector);
  return collector.changes.all();
}

type LiveEvent = Extract<WebhookEvent, { readonly type: 'message' | 'standby.message' | 'echo' | 'standby.echo' }>;

/** One copy of a message. */
interface Copy {
  readonly customerId: string | undefined;
  readonly direction: MessageDirection;
  readonly occurredAt: Date;
  readonly kind: CopyKind;
  readonly place?: number;
  /** As the history formats it. */
  readonly status?: string | undefined;
}

function collect(event: ConversationEvent, collector: Collector): void {
  switch (event.type) {
    case 'message':
    case 'standby.message':
    case 'echo':
    case 'standby.echo':
      collectLive(event, collector);
      return;
    case 'message.edit':
    case 'echo.edit': {
      const { customer, messageId, originalMessageId, message } = event;
      collectEdit(
        messageId,
        originalMessageId,
        message,
        copyOf(customer, event.type === 'echo.edit', timeOf(event.occurredAt), collector),
        collector,
      );
      return;
    }
    case 'message.revoke':
    case 'echo.revoke':
      collectRevoke(
        event.originalMessageId,
        copyOf(event.customer, event.type === 'echo.revoke', timeOf(event.occurredAt), collector),
        collector,
      );
      return;
    case 'status':
    case 'standby.status':
      collectStatus(event.status, event.customer, timeOf(event.occurredAt), collector);
      return;
    case 'history.chunk':
      collectChunk(event, collector);
      return;
    case 'history.media': {
      const occurredAt = timeOf(event.occurredAt);
      const customerId = collector.person(event.customer, occurredAt);
      collectCopy(event.message, { customerId, direction: event.direction, occurredAt, kind: 'historyMedia' }, collector);
      return;
    }
    case 'contact':
      collectContact(event, collector);
      return;
    case 'user_id_update':
      collectNewUserId(event, collector);
      return;
    case 'sent':
      collectSent(event, collector);
      return;
    default:
  }
}

function collectLive(event: LiveEvent, collector: Collector): void {
  const { message, customer } = event;
  if (message.group_id !== undefined) return;
  const occurredAt = timeOf(event.occurredAt);
  const direction = event.type === 'message' || event.type === 'standby.message' ? 'inbound' : 'outbound';
  const customerId = message.type === 'system' ? changedPerson(event, occurredAt, collector) : collector.person(customer, occurredAt);
  collectCopy(message, { customerId, direction, occurredAt, kind: 'live' }, collector);
}

function copyOf(customer: Customer | undefined, isOutbound: boolean, occurredAt: Date, collector: Collector): Copy {
  return { customerId: collector.person(customer, occurredAt), direction: isOutbound ? 'outbound' : 'inbound', occurredAt, kind: 'live' };
}

/** Adds a message, or an edit or deletion that the history contains as a message. */
function collectCopy(message: PastMessage, copy: Copy, collector: Collector): void {
  if (message.type === 'edit') {
    const { original_message_id: originalMessageId, message: edited } = message.edit;
    collectEdit(wamidOf(message, copy), originalMessageId, pastEditedOf(edited), copy, collector);
    return;
  }
  if (message.type === 'revoke') {
    collectRevoke(message.revoke.original_message_id, copy, collector);
    return;
  }
  const { kind, direction } = copy;
  const messageId = wamidOf(message, copy);
  collector.changes.add('messages', {
    ...messageKey(collector.phoneNumberId, messageId),
    ...originOf(copy, originRanks[kind]),
    author: direction === 'inbound' ? 'customer' : 'app',
    authorRank: kind === 'live' ? authorRanks.live : authorRanks.history,
    ...contentOf(message, kind),
    ...(copy.status !== undefined && {
      status: liveStatus(copy.status),
      statusRank: statusRank(copy.status === 'ERROR' ? copy.status : copy.status.toLowerCase()),
    }),
  });
  if (message.type === 'reaction') collectReaction(messageId, message.reaction, copy, collector);
}

function collectReaction(
  reactionId: string,
  { message_id: messageId, emoji }: { readonly message_id: string; readonly emoji?: string | undefined },
  { customerId, direction, occurredAt }: Pick<Copy, 'customerId' | 'direction' | 'occurredAt'>,
  { phoneNumberId, changes }: Collector,
): void {
  changes.add('reactions', {
    phoneNumberId,
    messageId: storedId(messageId),
    reactor: direction === 'inbound' ? 'customer' : 'business',
    ...(customerId !== undefined && { customerId }),
    reactionId: storedId(reactionId),
    ...(emoji !== undefined && emoji !== '' && { emoji }),
    reactedAt: occurredAt,
  });
}

function collectEdit(
  editWamid: string,
  messageId: string,
  message: MessageContent,
  copy: Copy,
  { phoneNumberId, changes }: Collector,
): void {
  const editId = storedId(editWamid);
  const { customerId, occurredAt: editedAt, kind } = copy;
  const edited = editedOf(message);
  const editRank = kind === 'live' ? editRanks.live : editRanks.history;
  changes.add('edits', {
    phoneNumberId,
    editId,
    messageId: storedId(messageId),
    ...(customerId !== undefined && { customerId }),
    editedAt,
    ...edited,
    editRank,
  });
  changes.add('messages', {
    ...messageKey(phoneNumberId, messageId),
    ...originOf(copy, originRanks.change),
    editId,
    editedAt,
    ...edited,
    editRank,
  });
}

function collectRevoke(messageId: string, copy: Copy, { phoneNumberId, changes }: Collector): void {
  changes.add('messages', { ...messageKey(phoneNumberId, messageId), ...originOf(copy, originRanks.change), revokedAt: copy.occurredAt });
}

function collectStatus(status: MessageStatus, customer: Customer | undefined, statusAt: Date, collector: Collector): void {
  if (status.recipient_type === 'group') return;
  const { phoneNumberId, changes } = collector;
  const customerId = collector.person(customer, statusAt);
  // The status of a payment only proves that the message was sent.
  const isOfMessage = status.type !== 'payment';
  const [statusError] = status.errors ?? [];
  changes.add('messages', {
    ...messageKey(phoneNumberId, status.id),
    ...originOf({ customerId, direction: 'outbound', occurredAt: statusAt }, originRankOf(status.status)),
    author: 'api',
    authorRank: authorRanks.api,
    ...(isOfMessage && {
      status: status.status,
      statusAt,
      ...(statusError && { statusError }),
      statusRank: statusRank(status.status),
    }),
  });
}

function collectChunk(event: HistoryChunkEvent, collector: Collector): void {
  const chunkPlace = Math.min(Math.max(0, Math.trunc(event.chunkOrder ?? 0)), 1e6) * 1e6;
  const sentAt = timeOf(event.occurredAt);
  for (const thread of event.threads) {
    // Data about the person is as old as the chunk. If the chunk has no time, it is as old as the last message.
    const seenAt = sentAt === noTime ? lastOf(thread) : sentAt;
    const customerId = collector.person(thread.customer, seenAt);
    let place = chunkPlace;
    for (const item of thread.messages) collectPast(item, customerId, (place += 1), collector);
  }
}

function collectPast(item: HistoryMessage, threadCustomerId: string | undefined, place: number, collector: Collector): void {
  const { message, direction, status } = item;
  const occurredAt = timeOf(item.occurredAt);
  const customerId = threadCustomerId ?? (direction === 'inbound' ? collector.person(senderOf(message), occurredAt) : undefined);
  collectCopy(message, { customerId, direction, occurredAt, place, status, kind: 'history' }, collector);
}

function senderOf({ from: waId, from_user_id: userId }: PastMessage): Customer {
  return defined({ waId, userId });
}

function lastOf({ messages }: HistoryThread): Date {
  return messages.reduce((last, { occurredAt }) => (timeOf(occurredAt) > last ? timeOf(occurredAt) : last), noTime);
}

function collectContact({ action, contact, customer, occurredAt }: ContactEvent, collector: Collector): void {
  const contactAt = timeOf(occurredAt);
  const customerId = collector.person(customer, contactAt);
  if (customerId === undefined) return;
  const isThere = action !== 'remove';
  collector.changes.add('customers', {
    phoneNumberId: collector.phoneNumberId,
    customerId,
    ...(isThere && contact.full_name !== undefined && { contactName: contact.full_name }),
    ...(isThere && contact.first_name !== undefined && { contactFirstName: contact.first_name }),
    contactAt,
  });
}

function collectNewUserId(event: UserIdUpdateEvent, collector: Collector): void {
  const change = identityChangeOf(event);
  // The number is the same before and after the change.
  if (change)
    collectChange({ ...change, previous: { ...change.previous, waId: change.current.waId } }, event.customer, event.occurredAt, collector);
}

/** The person's old IDs become aliases of the new IDs. */
function changedPerson(event: LiveEvent, since: Date, collector: Collector): string | undefined {
  const change = identityChangeOf(event);
  return (change && collectChange(change, event.customer, since, collector)) ?? collector.person(event.customer, since);
}

/** Adds a change of a person's IDs. Returns the leading ID after it, or `undefined` if the event contains no new ID. */
function collectChange(
  { previous, current }: IdentityChange,
  customer: Customer | undefined,
  occurredAt: Date | undefined,
  collector: Collector,
): string | undefined {
  const since = timeOf(occurredAt);
  const idsOf = (ids: CustomerIds): readonly string[] => customerIdsOf(ids, collector.options);
  const [previousNumber, number] = [previous, current].map(({ waId }) => idsOf({ waId })[0]);
  const hasNewParent = idsOf({ parentUserId: current.parentUserId }).length > 0;
  // Only the parent's ID is new. The other IDs of the person stay valid.
  const isOfParent = hasNewParent && idsOf({ userId: current.userId }).length === 0 && (number === undefined || number === previousNumber);
  const kept = isOfParent ? { waId: previous.waId, userId: previous.userId } : {};
  const person = { ...kept, ...defined(current) };
  const [newId, ...otherNewIds] = idsOf(person);
  if (newId === undefined || (newId === number && number === previousNumber && !hasNewParent)) return undefined;
  const previousIds = idsOf(previous);
  collector.person(defined({ name: customer?.name, username: customer?.username, ...person }), since);
  if (isOfParent && otherNewIds.length === 0) {
    // The previous ID can have a link to a user ID, which stays valid, too.
    for (const previousId of previousIds) collector.same([newId], previousId, since);
    return newId;
  }
  collector.same([...previousIds, ...otherNewIds], newId, since);
  if (!isOfParent && idsOf({ userId: previous.userId }).length === 0) collector.reported(previousIds, newId, since);
  return newId;
}

function collectSent({ message, response, sentAt }: SentThroughApi, collector: Collector): void {
  if (message.recipient_type === 'group') return;
  const { phoneNumberId, changes } = collector;
  const [sent] = response.messages;
  const [contact] = response.contacts;
  const waId = contact.wa_id ?? message.to;
  const userId = contact.user_id ?? (message.to === undefined ? message.recipient : undefined);
  const occurredAt = timeOf(sentAt);
  const customerId = collector.person(defined({ waId, userId }), occurredAt);
  changes.add('messages', {
    ...messageKey(phoneNumberId, sent.id),
    ...originOf({ customerId, direction: 'outbound', occurredAt }, originRanks.sent),
    author: 'api',
    authorRank: authorRanks.api,
    ...sentContentOf(message),
  });
  if (message.type === 'reaction') collectReaction(sent.id, message.reaction, { customerId, direction: 'outbound', occurredAt }, collector);
}

/** Returns the columns that identify a message. */
function messageKey(phoneNumberId: string, wamid: string): Pick<MessageRow, 'phoneNumberId' | 'messageId' | 'token'> {
  const token = messageToken(wamid);
  return { phoneNumberId, messageId: storedId(wamid), ...(token !== undefined && { token }) };
}

function originOf(
  { customerId, direction, occurredAt, place = 0 }: Pick<Copy, 'customerId' | 'direction' | 'occurredAt' | 'place'>,
  originRank: number,
): Partial<MessageRow> {
  return customerId === undefined ? {} : { customerId, direction, occurredAt, place, originRank };
}

function originRankOf(status: string): number {
  switch (status) {
    case 'sent':
      return originRanks.sentStatus;
    case 'failed':
      return originRanks.failedStatus;
    case 'delivered':
      return originRanks.deliveredStatus;
    default:
      return originRanks.readStatus;
  }
}

/** The history formats statuses in capitals, and has its own word for a failure. */
function liveStatus(status: string): ConversationStatus {
  return status === 'ERROR' ? 'failed' : status.toLowerCase();
}

/** Returns the wamid, or a fingerprint for a message without a wamid. */
function wamidOf(message: PastMessage, { customerId = '', occurredAt }: Pick<Copy, 'customerId' | 'occurredAt'>): string {
  return message.id === '' ? `~${fingerprint(`${customerId} ${String(occurredAt.getTime())} ${jsonOf(message)}`)}` : message.id;
}
