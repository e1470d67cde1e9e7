import type { FakeContent, FakeTypedContent } from './fake-content.js';
import { isRecord } from '../../runtime/json.js';

/** MIME types of what is sent without saying. */
const mimeTypes: Readonly<Record<string, string>> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/ogg; codecs=opus',
  document: 'application/pdf',
  sticker: 'image/webp',
};

/** Makes a file that can be loaded, or only its ids. */
export type NewFile = (file: { readonly id?: string; readonly mimeType: string; readonly bytes?: Uint8Array }) => {
  readonly id: string;
  /** In base64, as webhooks have it. */
  readonly sha256: string;
  readonly url: string;
};

/** Returns whether a message of this type carries a file. */
export function isMedia(type: string): boolean {
  return Object.hasOwn(mimeTypes, type);
}

/** Content in Meta's shape; a file gets id, MIME type, checksum and address where they are missing. */
export function contentOf(content: FakeContent, newFile: NewFile): FakeTypedContent {
  if (typeof content === 'string') return { type: 'text', text: { body: content } };
  const { type } = content;
  if (!isMedia(type)) return content;
  const { bytes, ...own }: Readonly<Record<string, unknown>> = isRecord(content[type]) ? content[type] : {};
  const mimeType = typeof own.mime_type === 'string' ? own.mime_type : (mimeTypes[type] ?? '');
  const file = newFile({ mimeType, ...(typeof own.id === 'string' && { id: own.id }), ...(bytes instanceof Uint8Array && { bytes }) });
  return { ...content, [type]: { mime_type: mimeType, sha256: file.sha256, id: file.id, url: file.url, ...own } };
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
