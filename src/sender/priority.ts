import type { Rank } from './lanes.js';

/** How urgent a message is. A more urgent one overtakes all others, those to the same recipient, too. */
export type Priority = 'high' | 'normal' | 'low';

/** A priority as the lanes know it. */
export const rankOf: Readonly<Record<Priority, Rank>> = { high: 0, normal: 1, low: 2 };

/** The priority of a rank. */
export const priorityOf: readonly [Priority, Priority, Priority] = ['high', 'normal', 'low'];
