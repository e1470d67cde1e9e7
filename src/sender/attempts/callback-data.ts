/**
 * What a send of the sender's carries in `biz_opaque_callback_data`, so that any later status webhook names the send: a mark, the id
 * of the send, and the caller's own value behind a colon. Ids hold no colon.
 */
const mark = 'wc1:';

/** Meta's limit on the whole. Source: Meta, Messages API reference (4 Nov 2025). */
const mostByMeta = 512;

/** The longest value of the caller's: what the mark and an id of up to 27 characters leave. */
export const longestCallbackData: number = mostByMeta - 32;

/** Puts the id of a send and the caller's own value together. */
export function sealCallbackData(sendId: string, own: string | undefined): string {
  return own === undefined ? mark + sendId : `${mark}${sendId}:${own}`;
}

/** The id of the send that a status is about, or `undefined` if the value is not one of the sender's. */
export function sendIdOf(value: string | undefined): string | undefined {
  if (value?.startsWith(mark) !== true) return undefined;
  const end = value.indexOf(':', mark.length);
  return end < 0 ? value.slice(mark.length) : value.slice(mark.length, end);
}

/**
 * The caller's own `biz_opaque_callback_data` of a status, without what the sender put around it. A value that did not go through a
 * sender comes back as it is.
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
