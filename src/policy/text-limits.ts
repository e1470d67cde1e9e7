import type { LimitRows } from './message-rules.js';

/** Maximum number of characters of a text message. */
export const textLimitRows: LimitRows = [{ value: 4096, source: 'Meta, Text messages (Nov 2025)' }];

/** Maximum number of characters of `biz_opaque_callback_data`. */
export const callbackDataRows: LimitRows = [{ value: 512, source: 'Meta, Send messages (4 Nov 2025)' }];
