import type { PricingDataPoint } from '../../analytics/get-pricing-analytics.js';
import type { CostEntry } from './cost-entry.js';

/** The counts of one category and type. */
export interface ReconciledRow {
  /** In lower case, as in webhooks. `unknown` for messages without a price. */
  readonly category: string;
  /** For example `regular`. */
  readonly type: string;
  /** Delivered messages according to the entries. */
  readonly counted: number;
  /** Delivered messages according to Meta's analytics. */
  readonly reported: number;
  /** `reported - counted`. If it is above 0, entries are missing. */
  readonly difference: number;
  /** Meta's approximate cost in the currency of the account. */
  readonly cost: number;
}

/** The API messages according to the entries and to Meta's analytics. */
export interface CostReconciliation extends Omit<ReconciledRow, 'category' | 'type'> {
  /** Whether all rows agree. */
  readonly agrees: boolean;
  /** Ordered by difference, the largest first. */
  readonly rows: readonly ReconciledRow[];
}

/** The time span of the entries. Use the time span of the analytics. */
export interface ReconcileOptions {
  readonly from: Date;
  readonly to: Date;
}

/** Statuses of delivered messages. Analytics count only these messages. */
const delivered: ReadonlySet<string | undefined> = /* @__PURE__ */ new Set(['delivered', 'read', 'played']);

/**
 * Compares entries to Meta's pricing analytics by category and type. This function is pure.
 *
 * Analytics lag behind by some hours and count a message on the day of its delivery. Differences at both ends of the
 * time span don't have to be losses. Request the analytics with the dimensions `PRICING_CATEGORY` and `PRICING_TYPE`.
 * Neither side counts app messages.
 *
 * @param entries - The merged entries, one per message. See {@link mergeCostEntries}.
 * @param points - The data points of `getPricingAnalytics`.
 * @param options - The time span.
 * @returns the counts of both sides and their differences
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

/** Webhooks contain `authentication-international`. Analytics contain capitals and underscores. */
function normal(name: string): string {
  return name.toLowerCase().replaceAll('-', '_');
}

function nameOf({ category, type }: ReconciledRow): string {
  return `${category} ${type}`;
}
