import { samePhoneNumber } from '../../identity/phone-number.js';
import { defined } from '../../runtime/json.js';
import type { MessageDirection, HistoryMessage, HistoryThread } from '../events/history.js';
import { messageOf } from './content.js';
import { readErrors } from './errors.js';
import { digestOf } from './event-key.js';
import { customerOf } from './identity.js';
import { digitsOf, listOf, numberOf, recordOf, textOf, timeOf } from './loose.js';
import { factsOf, personOf } from './messages.js';
import type { Scope } from './scope.js';

/**
 * Reads the field `history`, which comes in four shapes: chunks of threads, a refusal to share (as `errors` of a chunk or of the value),
 * and the media of placeholders, sent by customers (`messages`) or by the business (`message_echoes`). Nothing of it is live.
 */
export function readHistory(scope: Scope): void {
  const business = digitsOf(scope.displayPhoneNumber);
  for (const raw of scope.take('history')) readChunk(scope, raw, business);
  for (const raw of scope.take('messages')) readMedia(scope, raw, directionOf(recordOf(raw).from, undefined, business));
  for (const raw of scope.take('message_echoes')) readMedia(scope, raw, 'outbound');
  readErrors(scope, 'history.declined');
}

function readChunk(scope: Scope, raw: unknown, business: string | undefined): void {
  const { errors, threads: rawThreads, metadata } = recordOf(raw);
  readErrors(scope, 'history.declined', listOf(errors));
  if (listOf(errors).length > 0 && !Array.isArray(rawThreads)) return;
  const place = ['phase', 'chunk_order', 'progress'].map((name) => recordOf(metadata)[name]);
  const [phase, chunkOrder, progress] = place.map(numberOf);
  const threads = listOf(rawThreads).map((thread) => threadOf(thread, business));
  const content = defined({ phase, chunkOrder, progress, threads });
  scope.emit('history.chunk', raw, content, { ids: [...place.map(textOf), fingerprintOf(threads), scope.sentAt?.toISOString()] });
}

/**
 * Tells a chunk from another that claims the same place: where each thread begins and ends and how long it is. The whole text would take
 * as long to digest as to parse.
 */
function fingerprintOf(threads: readonly HistoryThread[]): string {
  return digestOf(
    threads.map(({ id, messages }) => [id, messages.length, messages[0]?.message.id, messages[messages.length - 1]?.message.id]),
  );
}

function readMedia(scope: Scope, raw: unknown, direction: MessageDirection): void {
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
  // Written out, as a chunk holds thousands of these.
  if (occurredAt && status !== undefined) return { direction, occurredAt, status, message };
  return defined({ direction, occurredAt, status, message });
}

/**
 * Returns the direction of a message. The thread's customer decides, else the business number, and never `to`, which most messages don't have.
 * Messages of people who hide their number have no `from`. One number can have two spellings, which count if no text is equal.
 */
function directionOf(from: unknown, customer: string | undefined, business: string | undefined): MessageDirection {
  // Nearly always the texts are equal and need no normalization.
  if (from === undefined || from === customer) return 'inbound';
  if (from === business) return 'outbound';
  const sender = digitsOf(from);
  if (sender === undefined || samePhoneNumber(sender, customer)) return 'inbound';
  return customer !== undefined || samePhoneNumber(sender, business) ? 'outbound' : 'inbound';
}
