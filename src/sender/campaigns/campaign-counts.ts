import { isRecord, type JsonObject, type JsonValue } from '../../runtime/json.js';
import { noRejections } from './no-rejections.js';
import type { RejectedBy } from '../send-result.js';
import type { RejectionsByCode } from './rejection-streak.js';

/** Outcomes of the messages of a campaign. */
export interface CampaignCounts {
  /** Queued messages without an outcome. Counted only with a shared queue. */
  open: number;
  accepted: number;
  rejected: number;
  unknown: number;
  readonly rejectedBy: Record<RejectedBy, number>;
  readonly byCode: RejectionsByCode;
}

/** Returns counts of 0. */
export const noCounts = (): CampaignCounts => ({
  open: 0,
  accepted: 0,
  rejected: 0,
  unknown: 0,
  rejectedBy: noRejections(),
  byCode: {},
});

/** Reads the counts of a campaign, including those of earlier versions. */
export function countsOf(value: JsonValue | undefined): CampaignCounts {
  const stored = isRecord(value) && isRecord(value.counts) ? value.counts : {};
  const by = isRecord(stored.rejectedBy) ? stored.rejectedBy : {};
  const figure = (found: unknown): number => (typeof found === 'number' ? found : 0);
  return {
    open: figure(stored.open),
    accepted: figure(stored.accepted),
    rejected: figure(stored.rejected),
    unknown: figure(stored.unknown),
    rejectedBy: mapRejections((name) => figure(by[name])),
    byCode: Object.fromEntries(Object.entries(isRecord(stored.byCode) ? stored.byCode : {}).map(([code, count]) => [code, figure(count)])),
  };
}

/** Adds counts. */
export function sumCounts(one: CampaignCounts, other: CampaignCounts): CampaignCounts {
  return {
    open: one.open + other.open,
    accepted: one.accepted + other.accepted,
    rejected: one.rejected + other.rejected,
    unknown: one.unknown + other.unknown,
    rejectedBy: mapRejections((name) => one.rejectedBy[name] + other.rejectedBy[name]),
    byCode: sumByCode(one.byCode, other.byCode),
  };
}

function sumByCode(one: RejectionsByCode, other: RejectionsByCode): RejectionsByCode {
  const sums = { ...one };
  for (const [code, count] of Object.entries(other)) sums[code] = (sums[code] ?? 0) + count;
  return sums;
}

/** Writes counts for a store. */
export function countsToJson({ rejectedBy, byCode, ...counts }: CampaignCounts): JsonObject {
  return { ...counts, rejectedBy: { ...rejectedBy }, byCode: { ...byCode } };
}

function mapRejections(count: (name: RejectedBy) => number): Record<RejectedBy, number> {
  const counts = noRejections();
  // The names are the members of `noRejections`.
  for (const name of Object.keys(counts) as RejectedBy[]) counts[name] = count(name);
  return counts;
}
