/** Ranks of a message's origin: its customer, direction and time. A copy of the message outranks a status. */
export const originRanks = {
  change: 1,
  readStatus: 2,
  deliveredStatus: 3,
  failedStatus: 4,
  sentStatus: 5,
  historyMedia: 6,
  history: 7,
  sent: 8,
  live: 9,
} as const;

/** Ranks of a message's author. Only API messages have statuses, so a status outranks an echo. */
export const authorRanks = { history: 1, live: 2, api: 3 } as const;

/** Ranks of a message's content. Our own copy of a sent message is the most complete. */
export const contentRanks = { placeholder: 1, historyStub: 2, liveStub: 3, history: 4, historyMedia: 5, live: 6, sent: 7 } as const;

/** Ranks of a file reference. */
export const mediaRanks = { history: 1, historyMedia: 2, live: 3, sent: 4 } as const;

/** Ranks of an edit. */
export const editRanks = { history: 1, live: 2 } as const;

/** Statuses in order of delivery. `failed` is final. The error of a history is only the state on the phone. */
const statusRanks: Readonly<Record<string, number>> = {
  pending: 2,
  ERROR: 3,
  sent: 4,
  delivered: 5,
  read: 6,
  played: 7,
  failed: 8,
};

/**
 * Returns the rank of a status. Unknown statuses rank below all known ones.
 *
 * @param status - The status.
 */
export function statusRank(status: string): number {
  return Object.hasOwn(statusRanks, status) ? (statusRanks[status] ?? 1) : 1;
}
