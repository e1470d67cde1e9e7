import type { OpenEnum } from '../runtime/open-enum.js';

/** A QR code and a short link that open a chat with a prefilled message. */
export interface QrCode {
  readonly code: string;
  /** At most 140 characters. */
  readonly prefilled_message: string;
  /** Short link, for example `https://wa.me/message/…`. */
  readonly deep_link_url: string;
  /** URL of the image, only if you requested it. */
  readonly qr_image_url?: string;
  /** Unix time in seconds, only if you requested it. */
  readonly creation_time?: number;
  readonly [field: string]: unknown;
}

/** Format of a QR image. */
export type QrImage = OpenEnum<'PNG' | 'SVG'>;
