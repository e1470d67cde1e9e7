import type { MessageStatus } from '../../webhooks/fields/messages.js';
import { contentOf, isMedia, type NewFile } from '../fake/content.js';
import type { FakeTypedContent } from '../fake/fake-content.js';
import { createIds } from '../fake/ids.js';
import { echoMessage, editContent, incomingMessage, revokeContent, type WebhookValue } from '../fake/webhook-values.js';
import type { PayloadContent, PayloadPastMessage, WebhookPayloadOverrides } from './payload-overrides.js';
import { wamid, type Scene } from './scene.js';

/** An item of `messages`. */
export function incomingItem({ person, atMs }: Scene, members: WebhookValue): WebhookValue {
  return incomingMessage(person, wamid(person, 'customer'), atMs, members);
}

/** An item of `message_echoes`. */
export function echoItem({ number, person, atMs }: Scene, members: WebhookValue): WebhookValue {
  return echoMessage(number, person, wamid(person, 'app'), atMs, members);
}

/** An item of `statuses`. */
export function statusItem({ person, timestamp }: Scene, status: Partial<MessageStatus> = {}): MessageStatus {
  return {
    id: wamid(person, 'api'),
    status: 'delivered',
    timestamp,
    ...(!person.hidesNumber && { recipient_id: person.waId }),
    recipient_user_id: person.userId,
    ...(person.parentUserId !== undefined && { recipient_parent_user_id: person.parentUserId }),
    ...status,
  };
}

/** The members of a message that are said, with its content whole: a file gets an id, a type and a checksum. */
export function membersOf(message: PayloadPastMessage | PayloadContent = 'Hello'): FakeTypedContent {
  if (typeof message === 'string') return contentOf(message, fileIds());
  const { type, ...members } = message;
  if (type === undefined) return { ...contentOf('Hello', fileIds()), ...members };
  return { ...members, type, ...(isMedia(type) && contentOf({ ...members, type }, fileIds())) };
}

/** The members of an edit. */
export function editMembers(
  { messageId, originalMessageId, message }: WebhookPayloadOverrides['message.edit'],
  original: () => string,
): WebhookValue {
  const now = membersOf(message ?? 'Hello again');
  return { ...(messageId !== undefined && { id: messageId }), ...editContent(originalMessageId ?? original(), now) };
}

/** The members of a deletion. */
export function revokeMembers(
  { messageId, originalMessageId }: WebhookPayloadOverrides['message.revoke'],
  original: () => string,
): WebhookValue {
  return { ...(messageId !== undefined && { id: messageId }), ...revokeContent(originalMessageId ?? original()) };
}

/** Ids of a file that is not like the last one. */
function fileIds(): NewFile {
  const ids = createIds(Math.floor(Math.random() * 2 ** 32));
  return ({ id = ids.mediaId() }) => ({
    id,
    sha256: ids.sha256(),
    url: `https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=${id}`,
  });
}
