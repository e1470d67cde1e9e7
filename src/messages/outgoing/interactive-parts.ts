import type { MediaReference } from './media.js';

/** A text above the body, at most 60 characters. */
export interface TextHeader {
  readonly type: 'text';
  readonly text: string;
  readonly sub_text?: string;
}

/** A file above the body. */
export type MediaHeader =
  | { readonly type: 'image'; readonly image: MediaReference }
  | { readonly type: 'video'; readonly video: MediaReference }
  | { readonly type: 'document'; readonly document: MediaReference & { readonly filename?: string } };

/** The text of an interactive message: at most 1,024 characters, 4,096 for lists. */
export interface InteractiveBody {
  readonly text: string;
}

/** A small text below, at most 60 characters. */
export interface InteractiveFooter {
  readonly text: string;
}
