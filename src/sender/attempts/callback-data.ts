/**
 * Prefix of the `biz_opaque_callback_data` of each send, so that later status webhooks identify the send. The format is
 * prefix, send ID, colon, and the caller's value. Send IDs contain no colon.
 */
const mark = 'wc1:';

/** Meta's limit for the whole value. Source: Meta, Messages API reference (4 Nov 2025). */
const maxByMeta = 512;

/** Maximum length of the caller's value. The rest is for the prefix and an ID of up to 27 characters. */
export const maxCallbackDataLength: number = maxByMeta - 32;

/** Combines a send ID and the caller's value. */
export function sealCallbackData(sendId: string, own: string | undefined): string {
  return own === undefined ? mark + sendId : `${mark}${sendId}:${own}`;
}

/** Returns the send ID of a status, or `undefined` if the sender didn't create the value. */
export function sendIdOf(value: string | undefined): string | undefined {
  if (value?.startsWith(mark) !== true) return undefined;
  const end = value.indexOf(':', mark.length);
  return end < 0 ? value.slice(mark.length) : value.slice(mark.length, end);
}

/**
 * Returns the caller's own `biz_opaque_callback_data` of a status, without the prefix that the sender adds. Returns
 * other values unchanged.
 *
 * @example
 * ```ts
 * import { callbackDataOf } from 'wa-coexist';
 * import type { StatusEvent } from 'wa-coexist/webhooks';
 *
 * function orderOf(event: StatusEvent): string | undefined {
 *   return callbackDataOf(event.status.biz_opaque_callback_data);
 * }
 * ```
 */
export function callbackDataOf(value: string | undefined): string | undefined {
  if (value === undefined || sendIdOf(value) === undefined) return value;
  const start = value.indexOf(':', mark.length);
  return start < 0 ? undefined : value.slice(start + 1);
}
