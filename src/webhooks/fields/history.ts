import { samePhoneNumber } from '../../identity/phone-number-spellings.js';
import { defined } from '../../runtime/json.js';
import type { Customer, EventBase, OpenEnum, WebhookError } from '../events/base.js';
import type { PastMessage } from '../events/message-content.js';
import { digitsOf, listOf, numberOf, recordOf, textOf, timeOf } from '../parsing/loose.js';
import { webhookError } from '../parsing/message-schema.js';
import { customerOf, personOf } from '../parsing/event-people.js';
import { factsOf, messageOf } from '../parsing/read-message.js';
import type { Scope } from '../parsing/scope.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** Whether the customer or the business sent a past message. */
export type MessageDirection = 'inbound' | 'outbound';

/** A past message. It doesn't open a service window, and handlers of live messages don't receive it. */
export interface HistoryMessage {
  /** Determined by comparing the sender with the thread's customer, then with the business number, but never with `to`. */
  readonly direction: MessageDirection;
  /** The time at which the recipient's device received it. */
  readonly occurredAt?: Date;
  readonly status?: OpenEnum<'SENT' | 'DELIVERED' | 'READ' | 'PLAYED' | 'PENDING' | 'ERROR'>;
  readonly message: PastMessage;
}

/** The messages with one customer, in the order in which Meta put them into the chunk. */
export interface HistoryThread {
  /** The customer's number as Meta sends it. Absent if the customer hides it. */
  readonly id?: string;
  readonly customer?: Customer;
  readonly messages: readonly HistoryMessage[];
}

/** A part of the app's chats of the last 180 days. Chunks can arrive in any order and more than once. */
export interface HistoryChunkEvent extends EventBase<'history.chunk', 'history'> {
  /** Time span before the onboarding: 0 = the last day, 1 = up to 90 days, 2 = up to 180 days. Absent if Meta sent no number. */
  readonly phase?: number;
  /** The position of the chunk in its phase. */
  readonly chunkOrder?: number;
  /** Progress of the whole sync in percent. A chunk with 100 can arrive before others. */
  readonly progress?: number;
  readonly threads: readonly HistoryThread[];
}

/** The file of a placeholder with the same wamid. The placeholder can arrive before or after it. */
export interface HistoryMediaEvent extends EventBase<'history.media', 'history'> {
  readonly direction: MessageDirection;
  readonly message: PastMessage;
}

/** The business decided on the phone not to share its history (2593109), or Meta couldn't deliver it. */
export interface HistoryDeclinedEvent extends EventBase<'history.declined', 'history'> {
  readonly error: WebhookError;
}

type HistoryEvent = HistoryChunkEvent | HistoryMediaEvent | HistoryDeclinedEvent;
type HistoryList = 'history' | 'messages' | 'message_echoes' | 'errors';
type HistoryScope = Scope<HistoryEvent, HistoryList>;

/**
 * The field `history`: the chats of the last 180 days in the app. A value contains a chunk of threads, an error because
 * the business doesn't share its history (`errors` of a chunk or of the value), or the media of placeholders, sent by
 * customers (`messages`) or by the business (`message_echoes`). None of it is live.
 */
export const history: WebhookField<HistoryEvent, HistoryList> = {
  lists: { history: { threads: { messages: {} }, errors: {} }, messages: {}, message_echoes: {}, errors: {} },
  read(scope) {
    const business = digitsOf(scope.displayPhoneNumber);
    for (const raw of scope.take('history')) readChunk(scope, raw, business);
    for (const raw of scope.take('messages')) readMedia(scope, raw, directionOf(recordOf(raw).from, undefined, business));
    for (const raw of scope.take('message_echoes')) readMedia(scope, raw, 'outbound');
    readDeclined(scope, scope.take('errors'));
  },
};

function readChunk(scope: HistoryScope, raw: unknown, business: string | undefined): void {
  const { errors, threads: rawThreads, metadata } = recordOf(raw);
  readDeclined(scope, listOf(errors));
  if (listOf(errors).length > 0 && !Array.isArray(rawThreads)) return;
  const position = ['phase', 'chunk_order', 'progress'].map((name) => recordOf(metadata)[name]);
  const [phase, chunkOrder, progress] = position.map(numberOf);
  const threads = listOf(rawThreads).map((thread) => threadOf(thread, business));
  const ids = [...position.map(textOf), fingerprintOf(scope, threads), scope.sentAt?.toISOString()];
  scope.emit('history.chunk', raw, defined({ phase, chunkOrder, progress, threads }), { ids });
}

function readDeclined(scope: HistoryScope, errors: readonly unknown[]): void {
  for (const raw of errors) {
    const error = scope.fit(webhookError, raw);
    if (error) scope.emit('history.declined', raw, { error });
  }
}

/**
 * Distinguishes chunks with the same position, by the ends and the length of each thread. A digest of the whole text
 * would take as long as parsing it.
 */
function fingerprintOf(scope: HistoryScope, threads: readonly HistoryThread[]): string {
  return scope.digest(
    threads.map(({ id, messages }) => [id, messages.length, messages[0]?.message.id, messages[messages.length - 1]?.message.id]),
  );
}

function readMedia(scope: HistoryScope, raw: unknown, direction: MessageDirection): void {
  const message = messageOf(raw);
  const customer = personOf(scope, raw, direction === 'inbound' ? 'from' : 'to');
  const { ids, ...facts } = factsOf(raw, message, customer);
  scope.emit('history.media', raw, { direction, message }, { ...facts, ids: ids && [...ids, direction] });
}

function threadOf(raw: unknown, business: string | undefined): HistoryThread {
  const thread = recordOf(raw);
  const context = recordOf(thread.context);
  const id = textOf(thread.id);
  const customer = customerOf({
    number: digitsOf(id) ?? context.wa_id ?? id,
    userId: context.user_id,
    parentUserId: context.parent_user_id,
    username: context.username,
  });
  const messages = listOf(thread.messages).map((item) => historyMessageOf(item, customer?.waId, business));
  return defined({ id, customer, messages });
}

function historyMessageOf(raw: unknown, customer: string | undefined, business: string | undefined): HistoryMessage {
  const item = recordOf(raw);
  const occurredAt = timeOf(item.timestamp);
  const status = textOf(recordOf(item.history_context).status);
  const direction = directionOf(item.from, customer, business);
  const message = messageOf(raw);
  // No loop or helper, because a chunk contains thousands of these.
  if (occurredAt && status !== undefined) return { direction, occurredAt, status, message };
  return defined({ direction, occurredAt, status, message });
}

/**
 * Returns the direction of a message. Compares the sender with the thread's customer, then with the business number,
 * but never `to`, which most messages lack. Messages of people who hide their number have no `from`. One number can
 * have two spellings, which are compared only if no text is equal.
 */
function directionOf(from: unknown, customer: string | undefined, business: string | undefined): MessageDirection {
  // The texts are nearly always equal and need no normalization.
  if (from === undefined || from === customer) return 'inbound';
  if (from === business) return 'outbound';
  const sender = digitsOf(from);
  if (sender === undefined || samePhoneNumber(sender, customer)) return 'inbound';
  return customer !== undefined || samePhoneNumber(sender, business) ? 'outbound' : 'inbound';
}
