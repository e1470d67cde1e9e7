import { ApiPromise, type ApiResult } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { fileOf, type FileSource } from '../client/file-source.js';
import { readInPromise, readParameters } from '../client/parameters.js';
import { checkOneOf } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { extensionOf } from '../media/file-extension.js';
import { detectMediaType } from '../media/detect-media-type.js';
import { checkedMediaFile } from '../media/message-media-type.js';
import type { MessageRecipient } from '../identity/recipient.js';
import { uploadMedia } from '../media/upload-media.js';
import type { AudioMessage, DocumentMessage, ImageMessage, StickerMessage, VideoMessage } from '../messages/outgoing/media.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import { checkBeforeSending, sendMessage, type SentMessage } from '../messages/send-message.js';
import { describeMediaKind, kindOfMediaType, mediaKindFacts, type MediaKind } from '../policy/media-kinds.js';
import { isoDay } from '../runtime/calendar.js';

/** Parameters of {@link sendFile}. Set either `to` or `recipient`. */
export type SendFileParameters = MessageRecipient & {
  /** Phone number of the recipient. */
  readonly to?: string | undefined;
  /** User ID of a recipient with a hidden phone number. */
  readonly recipient?: string | undefined;
  /** Blob, File, bytes, stream or URL. See {@link FileSource}. */
  readonly file: FileSource;
  /** MIME type. @defaultValue the type of the file. The bytes decide if they show the type. */
  readonly type?: string | undefined;
  /** File name. @defaultValue the name of the file or of the URL, otherwise `file` with the extension of the type */
  readonly filename?: string | undefined;
  /**
   * Kind of message. `voice` is shown as a voice message, and needs Ogg with Opus.
   * @defaultValue the kind that fits the type: images as `image`, WebP as `sticker`, and so on
   */
  readonly kind?: MediaKind | undefined;
  /**
   * What to do if the file doesn't fit the kind: send a document (a voice message with another type becomes `audio`),
   * or reject.
   * @defaultValue `'document'`
   */
  readonly fallback?: 'document' | 'reject' | undefined;
  /** Text below the file, at most 1,024 characters. Audio and stickers have none. */
  readonly caption?: string | undefined;
  /** Quotes an earlier message. */
  readonly context?: { readonly message_id: string } | undefined;
  /** The number that sends. @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
};

/** The reason why a file was not sent as the requested kind. */
export interface FileFallback {
  readonly from: MediaKind;
  readonly reason: 'type' | 'size';
  /** The files that Meta accepts for the kind. */
  readonly accepted: string;
}

/** Result of {@link sendFile}. */
export interface SentFile extends SentMessage {
  /** You can send the ID again for 30 days. */
  readonly mediaId: string;
  /** Kind of the sent message. */
  readonly kind: MediaKind;
  /** Present if the file didn't fit the kind. */
  readonly fallback?: FileFallback;
}

const action = 'sendFile';

/**
 * Uploads a file and sends it as the right type of message: image, video, audio, voice message, sticker or document. If
 * Meta doesn't accept the file for its type, it is sent as a document, and the result contains the reason. You can omit
 * the type if the bytes show it, as those of JPEG, PNG, WebP, PDF, MP4, MP3, AAC, AMR and Ogg do.
 *
 * Meta limits uploads by MIME type, so it can reject an oversized image or video even as a document (131053).
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/media` and `POST /{phone-number-id}/messages`.
 * Source: Meta, Media (2 Dec 2025), and Send messages (4 Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The recipient and the file. See {@link SendFileParameters}.
 * @param options - Options of both requests, for example `signal` or `timeoutMs`. See {@link RequestOptions}.
 * @returns Meta's response, the media ID and the kind
 * @throws {@link InvalidArgumentError} with the types and the size that Meta accepts, and the errors of
 * {@link uploadMedia} and {@link sendMessage}.
 *
 * @example
 * ```ts
 * import { openAsBlob } from 'node:fs';
 * import { createClient, sendFile } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const file = await openAsBlob('photo.jpg', { type: 'image/jpeg' });
 * const { kind, fallback } = await sendFile(client, { to: '15550100987', file, caption: 'The new shoes' });
 * if (fallback) console.log(`sent as ${kind}: ${fallback.accepted}`);
 * ```
 */
export function sendFile(client: Client, parameters: SendFileParameters, options: RequestOptions = {}): ApiPromise<SentFile> {
  return readParameters(action, parameters, options, () => {
    checkOneOf(action, 'kind', parameters.kind, ['image', 'video', 'audio', 'voice', 'sticker', 'document']);
    checkOneOf(action, 'fallback', parameters.fallback, ['document', 'reject']);
    return new ApiPromise(readInPromise(action, uploadAndSend(client, parameters, options)));
  });
}

async function uploadAndSend(client: Client, parameters: SendFileParameters, options: RequestOptions): Promise<ApiResult<SentFile>> {
  const { to, caption, context, phoneNumberId, type, fallback: onMisfit = 'document' } = parameters;
  const recipient = to ? { to } : parameters.recipient ? { recipient: parameters.recipient } : undefined;
  if (!recipient) throw new InvalidArgumentError(action, 'to', 'is missing (or recipient, for a business-scoped user ID)');
  const day = isoDay(client.clock.now());
  const { maxBytes } = mediaKindFacts('document', day);
  const { file: source, filename: givenName } = parameters;
  const rules = { action, type: type ?? (hasOwnType(source) ? undefined : unknownType), filename: givenName, maxBytes };
  const typed = await withDetectedType(await fileOf(client, source, rules, options), type);
  const file = client.validate ? await checkedMediaFile(action, typed, day) : typed;
  const { kind, fallback } = await chooseKind(file, parameters.kind, day);
  if (fallback && onMisfit === 'reject') {
    const problem = fallback.reason === 'type' ? `is ${essenceOf(file)}` : `has ${String(file.size)} bytes`;
    throw new InvalidArgumentError(action, 'file', `${problem}, but Meta accepts for ${fallback.from} messages ${fallback.accepted}`);
  }
  if (caption !== undefined && (kind === 'audio' || kind === 'voice' || kind === 'sticker')) {
    throw new InvalidArgumentError(action, 'caption', `is not allowed, because ${kind} messages have no caption`);
  }
  const filename = file.name === 'file' ? `file.${extensionOf(file.type)}` : file.name;
  const target = { ...(phoneNumberId !== undefined && { phoneNumberId }) };
  const messageWith = (id: string): OutgoingMessage => ({
    ...recipient,
    ...(context && { context }),
    ...contentOf(kind, id, { filename, ...(caption !== undefined && { caption }) }),
  });
  await checkBeforeSending(client, { ...messageWith('pending'), ...target }, options);
  const { id } = await uploadMedia(client, { file, type: file.type, filename, ...target }, options);
  const { data, response } = await sendMessage(client, { ...messageWith(id), ...target }, options).withResponse();
  return { data: { ...data, mediaId: id, kind, ...(fallback && { fallback }) }, response };
}

/** Type of a file without a type, until its bytes show one. */
const unknownType = 'application/octet-stream';

/** Whether a source has a type. The response for a URL has one. */
function hasOwnType(source: FileSource): boolean {
  return source instanceof URL || (source instanceof Blob && source.type !== '');
}

/** Returns the file with the type of its bytes. Meta rejects another type only after the send (131053). */
async function withDetectedType(file: File, given: string | undefined): Promise<File> {
  const type = await detectMediaType(file);
  if (type === undefined && given === undefined && file.type === unknownType)
    throw new InvalidArgumentError(
      action,
      'type',
      'is missing, and the bytes of the file show no type. Pass the MIME type, for example image/jpeg',
    );
  return type === undefined || type === file.type ? file : new File([file], file.name, { type });
}

/** Returns the kind of message for a file, and why it isn't the requested one. */
async function chooseKind(
  file: File,
  requested: MediaKind | undefined,
  day: string,
): Promise<{ readonly kind: MediaKind; readonly fallback?: FileFallback }> {
  const type = essenceOf(file);
  const kind = requested ?? kindOfMediaType(type, day) ?? 'document';
  // A document can be of any type that Meta accepts for uploads.
  if (kind === 'document') return { kind };
  const { types, maxBytes, maxAnimatedBytes = maxBytes } = mediaKindFacts(kind, day);
  const fallback = (reason: FileFallback['reason']): FileFallback => ({ from: kind, reason, accepted: describeMediaKind(kind, day) });
  if (!types.includes(type)) {
    const isAudio = kind === 'voice' && mediaKindFacts('audio', day).types.includes(type);
    return { kind: isAudio ? 'audio' : 'document', fallback: fallback('type') };
  }
  const isTooLarge = file.size > maxAnimatedBytes || (file.size > maxBytes && !(await isAnimatedWebp(file)));
  return isTooLarge ? { kind: 'document', fallback: fallback('size') } : { kind };
}

/**
 * Whether the header of a WebP file has the flag of animations. Source: Google, WebP Container Specification (2025).
 */
async function isAnimatedWebp(file: File): Promise<boolean> {
  const header = new Uint8Array(await file.slice(0, 21).arrayBuffer());
  return new TextDecoder('latin1').decode(header.subarray(12, 16)) === 'VP8X' && ((header[20] ?? 0) & 2) !== 0;
}

/** The content of a message with a file. */
type FileContent =
  | Pick<ImageMessage, 'type' | 'image'>
  | Pick<VideoMessage, 'type' | 'video'>
  | Pick<AudioMessage, 'type' | 'audio'>
  | Pick<StickerMessage, 'type' | 'sticker'>
  | Pick<DocumentMessage, 'type' | 'document'>;

function contentOf(
  kind: MediaKind,
  id: string,
  { caption, filename }: { readonly caption?: string; readonly filename: string },
): FileContent {
  const captioned = { id, ...(caption !== undefined && { caption }) };
  switch (kind) {
    case 'image':
      return { type: 'image', image: captioned };
    case 'video':
      return { type: 'video', video: captioned };
    case 'audio':
      return { type: 'audio', audio: { id } };
    case 'voice':
      return { type: 'audio', audio: { id, voice: true } };
    case 'sticker':
      return { type: 'sticker', sticker: { id } };
    case 'document':
      return { type: 'document', document: { ...captioned, filename } };
  }
}

function essenceOf({ type }: File): string {
  return type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
