import type { Rank } from './recipient-queues.js';

/** Priority of a message. It overtakes all messages with a lower priority, including those to the same recipient. */
export type SendPriority = 'high' | 'normal' | 'low';

/** The ranks of the priorities in the recipient queues. */
export const rankOf: Readonly<Record<SendPriority, Rank>> = { high: 0, normal: 1, low: 2 };

/** The priority of a rank. */
export const priorityOf: readonly [SendPriority, SendPriority, SendPriority] = ['high', 'normal', 'low'];
