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

/** Types without content. */
const bodilessTypes: readonly unknown[] = ['request_welcome', 'media_placeholder', 'unsupported'];

/**
 * Reads a message: the item itself if all of it matches the schema, or a copy without the malformed parts. If the type is new or the content
 * is missing, returns content of type `unknown` with the item. Never throws.
 */
export function messageOf(raw: unknown): PastMessage {
  const message = contentOf(raw);
  // The ID is the only required member besides the content.
  return (message.id === undefined ? { ...message, id: '' } : message) as PastMessage;
}

/** Reads the new content of an edited message. It has no ID or time, and is no edit or deletion itself. */
export function editedContentOf(raw: unknown): MessageContent {
  const content = contentOf(raw);
  return content.type === 'edit' || content.type === 'revoke' ? unknownContent(raw) : content;
}

function contentOf(raw: unknown): AnyContent {
  // The schema would have the same result.
  if (isRecord(raw) && isPlainText(raw)) return raw as unknown as AnyContent;
  const item = fit(anyMessage, raw);
  const type = item?.type ?? '';
  // Types with content are names of members of the item. The schema has checked the member.
  const isTyped = Object.hasOwn(bodies, type) ? item?.[type as keyof typeof bodies] !== undefined : bodilessTypes.includes(type);
  return isTyped ? (item as AnyContent) : { ...item, ...unknownContent(raw) };
}

/**
 * Returns whether an item is a plain text message, as nine of ten messages of a history are. Exists only for speed: the schema has the same
 * result and takes ten times as long.
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

/** The events of a live message: a message of a customer, or an echo. */
type LiveEvent<Kind extends 'message' | 'echo'> =
  | (EventBase<Kind, string> & { readonly message: IncomingMessage })
  | (EventBase<`${Kind}.edit`, string> & LiveChange & { readonly message: MessageContent })
  | (EventBase<`${Kind}.revoke`, string> & LiveChange);
interface LiveChange {
  readonly messageId: string;
  readonly originalMessageId: string;
}

/** Reads a live message in either direction: a new message, or an edit or deletion of an earlier one. */
export function readLive<Kind extends 'message' | 'echo'>(
  scope: Scope<LiveEvent<Kind>>,
  raw: unknown,
  kind: Kind,
  customer: Customer | undefined,
): void {
  // All types begin with the kind. The compiler can't check that for a type parameter.
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

/** Person, time and IDs of a message. */
export function factsOf(raw: unknown, message: PastMessage, customer: Customer | undefined): ItemFacts {
  // A placeholder must not use up its wamid, because the real message may follow with the same one.
  const isStub = message.type === 'unsupported' || message.type === 'unknown';
  return {
    customer,
    occurredAt: timeOf(recordOf(raw).timestamp),
    ids: message.id === '' ? undefined : isStub ? [message.id, message.type] : [message.id],
  };
}
