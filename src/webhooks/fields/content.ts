import { isRecord } from '../../runtime/json.js';
import type { EditContent, MessageContent, MessageHead, PastMessage, RevokeContent, UnknownContent } from '../events/message-content.js';
import { anyMessage } from '../schemas/message.js';
import { fit } from '../schemas/schema.js';

type AnyContent = Partial<MessageHead> & (MessageContent | EditContent | RevokeContent);

/** Types of message, and whether their content must stand under the key of the same name; the others say enough by themselves. */
const needsBody: ReadonlyMap<string | undefined, boolean> = /* @__PURE__ */ new Map([
  ['text', true],
  ['image', true],
  ['video', true],
  ['audio', true],
  ['document', true],
  ['sticker', true],
  ['location', true],
  ['contacts', true],
  ['reaction', true],
  ['button', true],
  ['interactive', true],
  ['order', true],
  ['system', true],
  ['edit', true],
  ['revoke', true],
  ['request_welcome', false],
  ['media_placeholder', false],
  ['unsupported', false],
]);

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
  const item = fit(anyMessage, raw);
  const needed = needsBody.get(item?.type);
  // The types with a body are the names of members of the item; the schema has checked the one that is there.
  if (needed === false || (needed && item?.[item.type as 'text'] !== undefined)) return item as AnyContent;
  return { ...item, ...unknownContent(raw) };
}

function unknownContent(raw: unknown): UnknownContent {
  return { type: 'unknown', originalType: isRecord(raw) && typeof raw.type === 'string' ? raw.type : undefined, raw };
}
