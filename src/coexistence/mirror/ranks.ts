/** How well the origin of a message is known: to whom, which way and when. A record of the message itself stands before a status of it. */
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

/** Only the API has statuses, so a status says more about the author than an echo does. */
export const authorRanks = { history: 1, live: 2, api: 3 } as const;

/** How much of the content an event holds. Our own copy of what we sent is the fullest there is. */
export const contentRanks = { placeholder: 1, historyStub: 2, liveStub: 3, history: 4, historyMedia: 5, live: 6, sent: 7 } as const;

/** Whose reference to a file stands. */
export const mediaRanks = { history: 1, historyMedia: 2, live: 3, sent: 4 } as const;

/** Whose copy of an edit stands. */
export const editRanks = { history: 1, live: 2 } as const;

/** Statuses in the order in which a message gets there. `failed` is final; the error of a history is only what was seen on the phone. */
const statusRanks: Readonly<Record<string, number>> = {
  pending: 2,
  ERROR: 3,
  sent: 4,
  delivered: 5,
  read: 6,
  played: 7,
  failed: 8,
};

/** The place of a status; one of Meta's that is not known is before all that are. */
export function statusRank(status: string): number {
  return Object.hasOwn(statusRanks, status) ? (statusRanks[status] ?? 1) : 1;
}
