import type { MessageEnvelope } from './envelope.js';

/** A file: one uploaded before (`id`, valid for 30 days; the faster way), or one that Meta fetches (`link`). Never both. */
export type MediaReference = { readonly id: string; readonly link?: never } | { readonly link: string; readonly id?: never };

/** A JPEG or PNG of at most 5 MB. */
export interface ImageMessage extends MessageEnvelope {
  readonly type: 'image';
  /** The caption has at most 1,024 characters. */
  readonly image: MediaReference & { readonly caption?: string };
}

/** An MP4 or 3GP (H.264, AAC) of at most 16 MB. */
export interface VideoMessage extends MessageEnvelope {
  readonly type: 'video';
  /** The caption has at most 1,024 characters. */
  readonly video: MediaReference & { readonly caption?: string };
}

/** A sound file of at most 16 MB. */
export interface AudioMessage extends MessageEnvelope {
  readonly type: 'audio';
  /** `voice`: shown as a voice message; the file must then be OGG with OPUS, mono. */
  readonly audio: MediaReference & { readonly voice?: boolean };
}

/** A file of at most 100 MB. */
export interface DocumentMessage extends MessageEnvelope {
  readonly type: 'document';
  /** The caption has at most 1,024 characters; the file name's ending decides which symbol is shown. */
  readonly document: MediaReference & { readonly caption?: string; readonly filename?: string };
}

/** A WebP of at most 100 kB, or 500 kB where it is animated. */
export interface StickerMessage extends MessageEnvelope {
  readonly type: 'sticker';
  readonly sticker: MediaReference;
}
