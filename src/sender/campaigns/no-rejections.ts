import type { RejectedBy } from '../send-result.js';

/** Counts of rejected messages that begin at 0. */
export function noRejections(): Record<RejectedBy, number> {
  return { meta: 0, guard: 0, expired: 0, aborted: 0, closed: 0, cancelled: 0 };
}
