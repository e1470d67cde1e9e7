import type { PricingDataPoint } from '../../analytics/get-pricing-analytics.js';
import type { CostEntry } from './cost-entry.js';

/** What both sides count of one category and type. */
export interface ReconciledRow {
  /** In small letters, as webhooks write it; `unknown` where Meta has told no price of a message. */
  readonly category: string;
  /** As `regular`. */
  readonly type: string;
  /** Delivered messages by the entries. */
  readonly counted: number;
  /** Delivered messages by Meta's analytics. */
  readonly reported: number;
  /** `reported - counted`: above 0, the entries lack messages. */
  readonly difference: number;
  /** What Meta says that they cost, about, in the currency of the account. */
  readonly cost: number;
}

/** The messages of the API as the entries and Meta's analytics count them. */
export interface CostReconciliation extends Omit<ReconciledRow, 'category' | 'type'> {
  /** Whether every row agrees. */
  readonly agrees: boolean;
  /** The largest difference first. */
  readonly rows: readonly ReconciledRow[];
}

/** Which entries to count: those of the span that the analytics were asked for. */
export interface ReconcileOptions {
  readonly from: Date;
  readonly to: Date;
}

/** What a status of a message that was delivered says. Analytics count no others. */
const delivered: ReadonlySet<string | undefined> = /* @__PURE__ */ new Set(['delivered', 'read', 'played']);

/**
 * Holds the entries against what Meta's pricing analytics count, by category and type, and says where they differ. Pure. Analytics lag some
 * hours behind, and count a message on the day on which it was delivered: differences at the ends of the span need not be losses.
 *
 * Ask for the analytics with the dimensions `PRICING_CATEGORY` and `PRICING_TYPE`; the messages of the app are in neither.
 *
 * @example
 * ```ts
 * import { createClient, getPricingAnalytics } from 'wa-coexist';
 * import { reconcileCosts, type CostEntry } from 'wa-coexist/coexistence';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const [from, to] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-04-01T00:00:00Z')];
 * const dimensions = ['PRICING_CATEGORY', 'PRICING_TYPE'] as const;
 * const points = await getPricingAnalytics(client, { startAt: from, endAt: to, granularity: 'MONTHLY', dimensions });
 * const entries: readonly CostEntry[] = [];
 * const { agrees, rows } = reconcileCosts(entries, points, { from, to });
 * if (!agrees) console.log(rows.filter(({ difference }) => difference !== 0));
 * ```
 */
export function reconcileCosts(
  entries: Iterable<CostEntry>,
  points: readonly PricingDataPoint[],
  { from, to }: ReconcileOptions,
): CostReconciliation {
  const rows = new Map<string, { category: string; type: string; counted: number; reported: number; cost: number }>();
  const rowOf = (category = 'unknown', type = 'unknown') => {
    const names = { category: normal(category), type: normal(type) };
    const key = JSON.stringify(names);
    const row = rows.get(key) ?? { ...names, counted: 0, reported: 0, cost: 0 };
    rows.set(key, row);
    return row;
  };
  for (const { carriedBy, status, atMs, pricing } of entries) {
    if (carriedBy !== 'api' || !delivered.has(status) || atMs < from.getTime() || atMs >= to.getTime()) continue;
    rowOf(pricing?.category, pricing?.type).counted += 1;
  }
  for (const { pricing_category, pricing_type, volume = 0, cost = 0 } of points) {
    const row = rowOf(pricing_category, pricing_type);
    row.reported += volume;
    row.cost += cost;
  }
  const all = [...rows.values()].map((row): ReconciledRow => ({ ...row, difference: row.reported - row.counted }));
  const sum = (name: 'counted' | 'reported' | 'difference' | 'cost'): number => all.reduce((total, row) => total + row[name], 0);
  return {
    counted: sum('counted'),
    reported: sum('reported'),
    difference: sum('difference'),
    cost: sum('cost'),
    agrees: all.every(({ difference }) => difference === 0),
    rows: all.sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference) || (nameOf(one) < nameOf(other) ? -1 : 1)),
  };
}

/** Webhooks write `authentication-international`, analytics capitals and underscores. */
function normal(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

function nameOf({ category, type }: ReconciledRow): string {
  return `${category} ${type}`;
}
