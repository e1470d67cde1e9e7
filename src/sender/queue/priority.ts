import type { Rank } from './lanes.js';

/** How urgent a message is. A more urgent one overtakes all others, those to the same recipient, too. */
export type SendPriority = 'high' | 'normal' | 'low';

/** A priority as the lanes know it. */
export const rankOf: Readonly<Record<SendPriority, Rank>> = { high: 0, normal: 1, low: 2 };

/** The priority of a rank. */
export const priorityOf: readonly [SendPriority, SendPriority, SendPriority] = ['high', 'normal', 'low'];
