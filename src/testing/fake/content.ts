import type { FakeContent, FakeTypedContent } from './fake-content.js';
import { isRecord } from '../../runtime/json.js';
import type { Ids } from './ids.js';

/** MIME types of what is sent without saying. */
const mimeTypes: Readonly<Record<string, string>> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/ogg; codecs=opus',
  document: 'application/pdf',
  sticker: 'image/webp',
};

/** Whether a message of this type carries a file. */
export function isMedia(type: string): boolean {
  return Object.hasOwn(mimeTypes, type);
}

/** Content in Meta's shape; a file gets id, MIME type and checksum where they are missing. */
export function contentOf(content: FakeContent, ids: Pick<Ids, 'mediaId' | 'sha256'>): FakeTypedContent {
  if (typeof content === 'string') return { type: 'text', text: { body: content } };
  const { type } = content;
  if (!isMedia(type)) return content;
  const own = content[type];
  const id = ids.mediaId();
  return {
    type,
    [type]: {
      mime_type: mimeTypes[type],
      sha256: ids.sha256(),
      id,
      url: `https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=${id}`,
      ...(isRecord(own) && own),
    },
  };
}

/** The text of a message: its body, or the caption of its file. */
export function textOf(content: FakeTypedContent): string | undefined {
  const own = content[content.type];
  if (!isRecord(own)) return undefined;
  const text = content.type === 'text' ? own.body : own.caption;
  return typeof text === 'string' ? text : undefined;
}

/** The same content with another text. */
export function withText(content: FakeTypedContent, text: string): FakeTypedContent {
  const own = content[content.type];
  return isMedia(content.type)
    ? { type: content.type, [content.type]: { ...(isRecord(own) && own), caption: text } }
    : { type: 'text', text: { body: text } };
}
