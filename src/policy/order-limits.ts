import type { LimitRows } from './message-rules.js';

/** Maximum number of characters of the reference ID of an order, by currency. */
export const orderReferenceRows: Readonly<Record<'BRL' | 'INR', LimitRows>> = {
  BRL: [{ value: 60, source: 'Meta, Orders (Brazil, 21 May 2026)' }],
  INR: [{ value: 35, source: 'Meta, Payments API (India, 21 May 2026)' }],
};

/** Divisor of all amounts in these currencies. */
export const orderOffsetRows: LimitRows = [{ value: 100, source: 'Meta, Orders (India, Nov 2025; Brazil, 21 May 2026)' }];

/** Minimum milliseconds from the send of an order until its expiration. */
export const orderExpirationRows: LimitRows = [{ value: 300_000, source: 'Meta, Orders (India, Nov 2025; Brazil, 21 May 2026)' }];
