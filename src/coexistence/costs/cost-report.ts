import { isoDay } from '../../runtime/calendar.js';
import type { CostEntry } from './cost-entry.js';

/** How to group a report: by number, WABA, tenant, day (UTC), category or country, or by a name that the caller finds for an entry. */
export type CostGrouping = 'phoneNumberId' | 'wabaId' | 'tenant' | 'day' | 'category' | 'country' | ((entry: CostEntry) => string);

/** Finds the country of a number, as `(waId) => countriesOf(waId)[0]` with `countriesOf` of `wa-coexist/eligibility`. */
export type CountryOf = (waId: string) => string | undefined;

/** Which messages to report, and how. */
export interface CostReportOptions {
  /** Messages from this moment on. @defaultValue all */
  readonly from?: Date | undefined;
  /** Messages before this moment. @defaultValue all */
  readonly to?: Date | undefined;
  /** @defaultValue no groups */
  readonly by?: CostGrouping | undefined;
  /** For `by: 'country'`. @defaultValue the country that a business-scoped user id begins with, else `unknown` */
  readonly countryOf?: CountryOf | undefined;
}

/** Messages of the API of one category and type. */
export interface CostRow {
  /** `unknown` where Meta has told no price yet. */
  readonly category: string;
  /** `unknown` where Meta has told no price yet. */
  readonly type: string;
  readonly messages: number;
}

/** The split of messages between app and API. */
export interface CostSplit {
  readonly messages: number;
  /** Typed in the app: free. */
  readonly app: number;
  /** Sent through the API, without those that failed. */
  readonly api: number;
  /** Those of the API that Meta bills: `type` is `regular` and not exempt (`paid_exempt`), or without a type `billable`. */
  readonly billed: number;
  /** Sent through the API and failed: nothing is billed. */
  readonly failed: number;
  /** The part that the app carried, from 0 to 1. */
  readonly appShare: number;
  /** The messages of the API, most first. */
  readonly rows: readonly CostRow[];
}

/** A report on messages and who carried them. */
export interface CostReport extends CostSplit {
  /** One split a group, in the order of their names; empty without `by`. */
  readonly groups: readonly (CostSplit & { readonly group: string })[];
}

/**
 * Splits outgoing messages by who carried them: the app, free, or the API, by category and type as Meta told them. Pure. Amounts are
 * Meta's to say: they come from its pricing analytics and the bill.
 *
 * @example
 * ```ts
 * import { costReport, type CostEntry } from 'wa-coexist/coexistence';
 *
 * const entries: readonly CostEntry[] = [
 *   { messageId: 'wamid.1', carriedBy: 'app', atMs: 0 },
 *   { messageId: 'wamid.2', carriedBy: 'api', atMs: 0, status: 'sent', pricing: { category: 'utility', type: 'regular' } },
 * ];
 * costReport(entries).appShare; // 0.5
 * ```
 */
export function costReport(entries: Iterable<CostEntry>, options: CostReportOptions = {}): CostReport {
  const counts = costCounter(options);
  for (const entry of entries) counts.add(entry);
  return counts.report();
}

/** A report that is made entry by entry, for those that do not fit into memory together. */
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
