import type { AnyMessage } from '../../messages/outgoing/outgoing-message.js';
import type { MediaObject, MessageContent, PastMessage } from '../../webhooks/events/message-content.js';
import { isRecord } from '../../runtime/json.js';
import type { ConversationContent, MessageRow } from './conversation-rows.js';
import { contentRanks, mediaRanks } from './ranks.js';
import { storedId } from './identity.js';
import type { SentContent } from './sent-message.js';

/** The kind of copy that an event contains. */
export type CopyKind = 'history' | 'historyMedia' | 'live';

/**
 * Returns the content group and the media group of a webhook message.
 *
 * @param message - The message.
 * @param kind - The kind of copy.
 */
export function contentOf(message: PastMessage, kind: CopyKind): Partial<MessageRow> {
  if (message.type === 'text' && message.context === undefined && message.referral === undefined && message.errors === undefined) {
    // A fast path: most history messages are plain texts.
    return { type: 'text', text: message.text.body, content: { type: 'text', text: message.text }, contentRank: contentRanks[kind] };
  }
  const content = withoutHead(message);
  return groupsOf(content, message.context?.id, rankOf(content, kind), mediaRanks[kind]);
}

/**
 * Returns the content group and the media group of a message that you sent.
 *
 * @param message - The message.
 */
export function sentContentOf(message: AnyMessage): Partial<MessageRow> {
  const { type = 'text', context } = message;
  // The other members belong to the envelope, to which Meta adds members.
  const content = { ...membersOf(message, [type]), type } as SentContent;
  return groupsOf(content, context?.message_id, contentRanks.sent, mediaRanks.sent);
}

/** Returns the content group and the media group of a row. */
function groupsOf(content: ConversationContent, answers: string | undefined, contentRank: number, mediaRank: number): Partial<MessageRow> {
  const media = mediaOf(content);
  const text = textOf(content);
  return {
    type: content.type,
    ...(text !== undefined && { text }),
    content,
    ...(answers !== undefined && { answers: storedId(answers) }),
    contentRank,
    ...(media?.id !== undefined && { mediaId: media.id, media, mediaRank }),
  };
}

/**
 * Returns the plain text of a message, if there is any.
 *
 * @param content - The content.
 */
export function textOf(content: ConversationContent): string | undefined {
  const body = bodyOf(content);
  switch (content.type) {
    case 'text':
      return stringOf(body.body);
    case 'image':
    case 'video':
    case 'document':
      return stringOf(body.caption);
    case 'button':
    case 'order':
      return stringOf(body.text);
    case 'interactive':
      return stringOf(recordOf(body.body).text) ?? stringOf(recordOf(body.button_reply).title) ?? stringOf(recordOf(body.list_reply).title);
    default:
      return undefined;
  }
}

/** Returns the member that is named after the type. Members without a schema may have any type. */
function bodyOf(content: ConversationContent): Readonly<Record<string, unknown>> {
  return recordOf(Object.entries(content).find(([member]) => member === content.type)?.[1]);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/**
 * Returns the columns of an edited message. It removes links that expire within minutes.
 *
 * @param content - The new content.
 */
export function editedOf(content: MessageContent): Pick<MessageRow, 'edited' | 'editedText'> {
  // Meta adds a `context` with an invented ID.
  const edited = content.type === 'unknown' ? content : withoutUrl(membersOf(content, ['type', content.type]) as unknown as MessageContent);
  const editedText = textOf(edited);
  return { edited, ...(editedText !== undefined && { editedText }) };
}

/**
 * Returns the content of an edit in the history. No schema has validated it.
 *
 * @param raw - The edited message.
 */
export function pastEditedOf(raw: unknown): MessageContent {
  const type = isRecord(raw) && typeof raw.type === 'string' ? raw.type : undefined;
  const body = isRecord(raw) && type !== undefined && Object.hasOwn(raw, type) ? raw[type] : undefined;
  if (type === 'text' && isRecord(body) && typeof body.body === 'string') return { type, text: { body: body.body } };
  // All members of a file are optional.
  if (isMediaType(type) && isRecord(body)) return mediaContent(type, body);
  return { type: 'unknown', originalType: type, raw };
}

function rankOf({ type }: ConversationContent, kind: CopyKind): number {
  if (type === 'media_placeholder') return contentRanks.placeholder;
  // The real message may follow with the same ID.
  if (type === 'unsupported' || type === 'unknown') return kind === 'live' ? contentRanks.liveStub : contentRanks.historyStub;
  return contentRanks[kind];
}

/**
 * Members of a message that belong to its content, besides the one with the name of its type. All others describe the
 * delivery, such as the sender, the recipient and the account.
 */
const contentMembers: readonly string[] = ['type', 'context', 'referral', 'errors'];

function withoutHead(message: PastMessage): MessageContent {
  if (message.type === 'unknown') return { type: 'unknown', originalType: message.originalType, raw: message.raw };
  const content = membersOf(message, [message.type, ...contentMembers]);
  return isContentOf(message, content) ? withoutUrl(content) : { type: 'unknown', originalType: message.type, raw: content };
}

function membersOf(message: object, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(message).filter(([member]) => names.includes(member)));
}

/**
 * Whether the remaining members are the content of the message. Edits and deletions have their own rows and no content.
 */
function isContentOf(message: PastMessage, content: Readonly<Record<string, unknown>>): content is MessageContent & typeof content {
  return message.type !== 'edit' && message.type !== 'revoke' && content.type === message.type;
}

/** Types whose content is a file. The member with the file has the same name. */
const mediaTypes = ['image', 'video', 'audio', 'document', 'sticker'] as const;
type MediaType = (typeof mediaTypes)[number];

function isMediaType(type: string | undefined): type is MediaType {
  return mediaTypes.some((mediaType) => mediaType === type);
}

function mediaContent(type: MediaType, body: MediaObject): MessageContent {
  switch (type) {
    case 'image':
      return { type, image: body };
    case 'video':
      return { type, video: body };
    case 'audio':
      return { type, audio: body };
    case 'document':
      return { type, document: body };
    case 'sticker':
      return { type, sticker: body };
  }
}

function withoutUrl(content: MessageContent): MessageContent {
  const media = mediaOf(content);
  return media ? { ...content, [content.type]: media } : content;
}

function mediaOf(content: ConversationContent): Omit<MediaObject, 'url'> | undefined {
  if (!isMediaType(content.type)) return undefined;
  const { url: _expires, id, ...rest } = bodyOf(content);
  return { ...rest, ...(stringOf(id) !== undefined && { id: stringOf(id) }) } as Omit<MediaObject, 'url'>;
}

/**
 * Returns the file ID of a message, if it has a file.
 *
 * @param content - The content.
 */
export function mediaIdIn(content: ConversationContent): string | undefined {
  return mediaOf(content)?.id;
}
