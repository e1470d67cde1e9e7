import type { MessageEnvelope } from './envelope.js';

/** A file: either one that you uploaded (`id`, valid for 30 days, faster), or one that Meta fetches (`link`). */
export type MediaReference = { readonly id: string; readonly link?: never } | { readonly link: string; readonly id?: never };

/** An image message: JPEG or PNG of at most 5 MB. */
export interface ImageMessage extends MessageEnvelope {
  readonly type: 'image';
  /** The image. The caption has at most 1,024 characters. */
  readonly image: MediaReference & { readonly caption?: string };
}

/** A video message: MP4 or 3GP (H.264, AAC) of at most 16 MB. */
export interface VideoMessage extends MessageEnvelope {
  readonly type: 'video';
  /** The video. The caption has at most 1,024 characters. */
  readonly video: MediaReference & { readonly caption?: string };
}

/** An audio message: a file of at most 16 MB. */
export interface AudioMessage extends MessageEnvelope {
  readonly type: 'audio';
  /** The file. With `voice`, WhatsApp shows it as a voice message. It must then be OGG with OPUS, mono. */
  readonly audio: MediaReference & { readonly voice?: boolean };
}

/** A document message: a file of at most 100 MB. */
export interface DocumentMessage extends MessageEnvelope {
  readonly type: 'document';
  /** The document. The caption has at most 1,024 characters. The extension of the file name determines the icon. */
  readonly document: MediaReference & { readonly caption?: string; readonly filename?: string };
}

/** A sticker message: WebP of at most 100 kB, or 500 kB if animated. */
export interface StickerMessage extends MessageEnvelope {
  readonly type: 'sticker';
  readonly sticker: MediaReference;
}
