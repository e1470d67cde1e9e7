import type { OpenEnum } from '../runtime/open-enum.js';

/** A QR code and short link that open a chat with a text in the input. */
export interface QrCode {
  readonly code: string;
  /** At most 140 characters. */
  readonly prefilled_message: string;
  /** As `https://wa.me/message/…`. */
  readonly deep_link_url: string;
  /** An image, only where asked for. */
  readonly qr_image_url?: string;
  /** Unix seconds, only where asked for. */
  readonly creation_time?: number;
  readonly [field: string]: unknown;
}

/** Kinds of images. */
export type QrImage = OpenEnum<'PNG' | 'SVG'>;
