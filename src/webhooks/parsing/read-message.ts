import { isRecord } from '../../runtime/json.js';
import type { Customer, EventBase } from '../events/base.js';
import type {
  EditContent,
  IncomingMessage,
  MessageContent,
  MessageHead,
  PastMessage,
  RevokeContent,
  UnknownContent,
} from '../events/message-content.js';
import { recordOf, timeOf } from './loose.js';
import { anyMessage, bodies } from './message-schema.js';
import { fit } from './schema.js';
import type { ItemFacts, Scope } from './scope.js';

type AnyContent = Partial<MessageHead> & (MessageContent | EditContent | RevokeContent);

/** Types that say enough by themselves. */
const bodilessTypes: readonly unknown[] = ['request_welcome', 'media_placeholder', 'unsupported'];

/**
 * A message with its type: the item itself where all of it fits, a copy without the odd parts where some do not, and content of type
 * `unknown` around the item where the type is new or its content is missing. Never throws.
 */
export function messageOf(raw: unknown): PastMessage {
  const message = contentOf(raw);
  // With an id, nothing of a message's head that must be there is missing.
  return (message.id === undefined ? { ...message, id: '' } : message) as PastMessage;
}

/** What an edited message says now: content without a head, and neither an edit nor a deletion itself. */
export function editedContentOf(raw: unknown): MessageContent {
  const content = contentOf(raw);
  return content.type === 'edit' || content.type === 'revoke' ? unknownContent(raw) : content;
}

function contentOf(raw: unknown): AnyContent {
  // Which is what the schema would say of it, too.
  if (isRecord(raw) && isPlainText(raw)) return raw as unknown as AnyContent;
  const item = fit(anyMessage, raw);
  const type = item?.type ?? '';
  // The types with a body are the names of members of the item; the schema has checked the one that is there.
  const isTyped = Object.hasOwn(bodies, type) ? item?.[type as keyof typeof bodies] !== undefined : bodilessTypes.includes(type);
  return isTyped ? (item as AnyContent) : { ...item, ...unknownContent(raw) };
}

/**
 * Whether an item is a text with nothing about it that needs a closer look, as nine of ten messages of a history are. Written out for
 * speed alone: the schema takes ten times as long to find the same.
 */
function isPlainText(item: Readonly<Record<string, unknown>>): boolean {
  return (
    item.type === 'text' &&
    isRecord(item.text) &&
    typeof item.text.body === 'string' &&
    isTextOrAbsent(item.id) &&
    isTextOrAbsent(item.timestamp) &&
    isTextOrAbsent(item.from) &&
    isTextOrAbsent(item.from_user_id) &&
    isTextOrAbsent(item.from_parent_user_id) &&
    isTextOrAbsent(item.to) &&
    isTextOrAbsent(item.to_user_id) &&
    isTextOrAbsent(item.to_parent_user_id) &&
    item.group_id === undefined &&
    item.context === undefined &&
    item.referral === undefined &&
    item.errors === undefined
  );
}

function isTextOrAbsent(value: unknown): boolean {
  return typeof value === 'string' || value === undefined;
}

function unknownContent(raw: unknown): UnknownContent {
  return { type: 'unknown', originalType: isRecord(raw) && typeof raw.type === 'string' ? raw.type : undefined, raw };
}

/** The events of a live message: of a customer, or an echo. */
type LiveEvent<Kind extends 'message' | 'echo'> =
  | (EventBase<Kind, string> & { readonly message: IncomingMessage })
  | (EventBase<`${Kind}.edit`, string> & LiveChange & { readonly message: MessageContent })
  | (EventBase<`${Kind}.revoke`, string> & LiveChange);
interface LiveChange {
  readonly messageId: string;
  readonly originalMessageId: string;
}

/** Reads a live message of either direction: what was written, or the change of what was written before. */
export function readLive<Kind extends 'message' | 'echo'>(
  scope: Scope<LiveEvent<Kind>>,
  raw: unknown,
  kind: Kind,
  customer: Customer | undefined,
): void {
  // All types begin with the kind, which the compiler does not follow through a type parameter.
  const { emit } = scope as Scope<LiveEvent<'message' | 'echo'>>;
  const message = messageOf(raw);
  const facts = factsOf(raw, message, customer);
  const { id: messageId } = message;
  if (message.type === 'edit') {
    const { original_message_id: originalMessageId, message: edited } = message.edit;
    emit(`${kind}.edit`, raw, { messageId, originalMessageId, message: editedContentOf(edited) }, facts);
  } else if (message.type === 'revoke') {
    emit(`${kind}.revoke`, raw, { messageId, originalMessageId: message.revoke.original_message_id }, facts);
  } else {
    emit(kind, raw, { message }, facts);
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
