import { isoDay } from '../../runtime/calendar.js';
import type { CostEntry } from './cost-entry.js';

/** Groups a report by number, WABA, tenant, day (UTC), category or country, or by the result of your own function. */
export type CostGrouping = 'phoneNumberId' | 'wabaId' | 'tenant' | 'day' | 'category' | 'country' | ((entry: CostEntry) => string);

/**
 * Returns the country of a number, for example `(waId) => countriesOf(waId)[0]` with `countriesOf` from
 * `wa-coexist/eligibility`.
 */
export type CountryOf = (waId: string) => string | undefined;

/** Options of {@link costReport}. */
export interface CostReportOptions {
  /** Includes messages from this time on. @defaultValue all */
  readonly from?: Date | undefined;
  /** Includes messages before this time. @defaultValue all */
  readonly to?: Date | undefined;
  /** Groups the report. @defaultValue no groups */
  readonly by?: CostGrouping | undefined;
  /**
   * Finds the country for `by: 'country'`.
   * @defaultValue the country at the start of a business-scoped user ID, or `unknown`
   */
  readonly countryOf?: CountryOf | undefined;
}

/** API messages of one category and type. */
export interface CostRow {
  /** `unknown` until Meta reports a price. */
  readonly category: string;
  /** `unknown` until Meta reports a price. */
  readonly type: string;
  readonly messages: number;
}

/** Number of messages by carrier. */
export interface CostSplit {
  readonly messages: number;
  /** Messages that were written in the app. They are free. */
  readonly app: number;
  /** Messages that were sent through the API, without failed messages. */
  readonly api: number;
  /**
   * API messages that Meta bills: `type` is `regular` and the subtype isn't `paid_exempt`. Without a `type`, `billable`
   * decides.
   */
  readonly billed: number;
  /** API messages that failed. They aren't billed. */
  readonly failed: number;
  /** The share of the app, from 0 to 1. */
  readonly appShare: number;
  /** The API messages by category and type, ordered by count. */
  readonly rows: readonly CostRow[];
}

/** A report on messages and their carriers. */
export interface CostReport extends CostSplit {
  /** One split per group, ordered by name. Empty without `by`. */
  readonly groups: readonly (CostSplit & { readonly group: string })[];
}

/**
 * Counts outgoing messages by carrier: the app (free) or the API, by category and type. This function is pure. It
 * doesn't compute amounts. You find them in Meta's pricing analytics and on the bill.
 *
 * @param entries - The merged entries, one per message. See {@link mergeCostEntries}.
 * @param options - The time span and the grouping.
 *
 * @example
 * ```ts
 * import { costReport, type CostEntry } from 'wa-coexist/coexistence';
 *
 * const entries: readonly CostEntry[] = [
 *   { messageId: 'wamid.1', carriedBy: 'app', atMs: 0 },
 *   { messageId: 'wamid.2', carriedBy: 'api', atMs: 0, status: 'sent', pricing: { category: 'utility' } },
 * ];
 * costReport(entries).appShare; // 0.5
 * ```
 */
export function costReport(entries: Iterable<CostEntry>, options: CostReportOptions = {}): CostReport {
  const counts = costCounter(options);
  for (const entry of entries) counts.add(entry);
  return counts.report();
}

/**
 * Creates a report entry by entry, for entries that don't fit into memory together.
 *
 * @param options - The time span and the grouping.
 */
export function costCounter(options: CostReportOptions): { readonly add: (entry: CostEntry) => void; readonly report: () => CostReport } {
  const fromMs = options.from?.getTime() ?? -Infinity;
  const toMs = options.to?.getTime() ?? Infinity;
  const total = counter();
  const groups = new Map<string, Counter>();
  return {
    add: (entry) => {
      if (entry.atMs < fromMs || entry.atMs >= toMs) return;
      total.add(entry);
      if (options.by === undefined) return;
      const name = groupOf(entry, options.by, options.countryOf);
      const group = groups.get(name) ?? counter();
      groups.set(name, group);
      group.add(entry);
    },
    report: () => {
      const named = [...groups].sort(([left], [right]) => (left < right ? -1 : 1));
      return { ...total.split(), groups: named.map(([group, counts]) => ({ group, ...counts.split() })) };
    },
  };
}

interface Counter {
  add(entry: CostEntry): void;
  split(): CostSplit;
}

function counter(): Counter {
  const counts = { app: 0, api: 0, billed: 0, failed: 0 };
  const rows = new Map<string, { readonly category: string; readonly type: string; messages: number }>();
  return {
    add(entry) {
      if (entry.carriedBy === 'app') counts.app += 1;
      else if (entry.status === 'failed') counts.failed += 1;
      else {
        const { category = 'unknown', type = 'unknown' } = entry.pricing ?? {};
        const key = JSON.stringify([category, type]);
        const row = rows.get(key) ?? { category, type, messages: 0 };
        rows.set(key, row);
        row.messages += 1;
        counts.api += 1;
        if (isBilled(entry)) counts.billed += 1;
      }
    },
    split() {
      const messages = counts.app + counts.api;
      const sorted = [...rows.values()].sort(
        (left, right) => right.messages - left.messages || (left.category + left.type < right.category + right.type ? -1 : 1),
      );
      return { messages, ...counts, appShare: messages === 0 ? 0 : counts.app / messages, rows: sorted.map((row) => ({ ...row })) };
    },
  };
}

function isBilled({ pricing }: CostEntry): boolean {
  if (pricing?.type === undefined) return pricing?.billable === true;
  return pricing.type === 'regular' && pricing.subtype !== 'paid_exempt';
}

function groupOf(entry: CostEntry, by: CostGrouping, countryOf: CountryOf | undefined): string {
  if (typeof by === 'function') return by(entry);
  if (by === 'day') return isoDay(entry.atMs);
  if (by === 'category') return entry.carriedBy === 'app' ? 'app' : (entry.pricing?.category ?? 'unknown');
  if (by === 'country') return countryOfEntry(entry, countryOf) ?? 'unknown';
  return entry[by] ?? 'unknown';
}

function countryOfEntry({ waId, userId }: CostEntry, countryOf: CountryOf | undefined): string | undefined {
  const ofNumber = waId === undefined ? undefined : countryOf?.(waId);
  return ofNumber ?? /^([A-Z]{2})\./.exec(userId ?? '')?.[1];
}
