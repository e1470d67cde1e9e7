import { isRecord } from '../../runtime/json.js';
import type { EditContent, MessageContent, MessageHead, PastMessage, RevokeContent, UnknownContent } from '../events/message-content.js';
import { anyMessage } from '../schemas/message.js';
import { fit } from '../schemas/schema.js';

type AnyContent = Partial<MessageHead> & (MessageContent | EditContent | RevokeContent);

/** Types whose content stands under the key of the same name, and must be there. */
const withBody: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'text',
  'image',
  'video',
  'audio',
  'document',
  'sticker',
  'location',
  'contacts',
  'reaction',
  'button',
  'interactive',
  'order',
  'system',
  'edit',
  'revoke',
]);
/** Types that say enough by themselves. */
const withoutBody: ReadonlySet<string> = /* @__PURE__ */ new Set(['request_welcome', 'media_placeholder', 'unsupported']);

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
  const item = isRecord(raw) ? fit(anyMessage, raw) : undefined;
  const type = item?.type;
  if (item !== undefined && type !== undefined) {
    // The types with a body are the names of members of the item; the schema has checked the one that is there.
    const isTyped = withoutBody.has(type) || (withBody.has(type) && item[type as 'text'] !== undefined);
    if (isTyped) return item as AnyContent;
  }
  return { ...item, ...unknownContent(raw) };
}

function unknownContent(raw: unknown): UnknownContent {
  return { type: 'unknown', originalType: isRecord(raw) && typeof raw.type === 'string' ? raw.type : undefined, raw };
}
