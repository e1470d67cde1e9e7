import { isRecord } from '../../runtime/json.js';
import type { EditContent, MessageContent, MessageHead, PastMessage, RevokeContent, UnknownContent } from '../events/message-content.js';
import { anyMessage, bodies } from '../schemas/message.js';
import { fit } from '../schemas/schema.js';

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
