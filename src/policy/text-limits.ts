import type { LimitRows } from './message-rules.js';

/** Maximum number of characters of a text message. */
export const textLimitRows: LimitRows = [{ value: 4096, source: 'Meta, Text messages (Nov 2025)' }];

/** Maximum number of characters of `biz_opaque_callback_data`. */
export const callbackDataRows: LimitRows = [{ value: 512, source: 'Meta, Send messages (4 Nov 2025)' }];

/**
 * Matches line breaks, tabs and more than four spaces. Meta rejects such values of templates with 132007 or 132018.
 * Source: Meta, Error codes (Sep 2026).
 */
export const brokenTemplateText: RegExp = /[\n\r\t\v\f\u0085\u2028\u2029]| {5}/;
