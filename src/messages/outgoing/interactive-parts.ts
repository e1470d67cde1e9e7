import type { MediaReference } from './media.js';

/** A text header, at most 60 characters. */
export interface TextHeader {
  readonly type: 'text';
  readonly text: string;
  readonly sub_text?: string;
}

/** A header with a file. */
export type MediaHeader =
  | { readonly type: 'image'; readonly image: MediaReference }
  | { readonly type: 'video'; readonly video: MediaReference }
  | { readonly type: 'document'; readonly document: MediaReference & { readonly filename?: string } };

/** Text of an interactive message: at most 1,024 characters, or 4,096 for lists. */
export interface InteractiveBody {
  readonly text: string;
}

/** Small text below the message, at most 60 characters. */
export interface InteractiveFooter {
  readonly text: string;
}
