import { argumentError, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { coexistencePolicy } from '../../policy/policy.js';
import { calendarDay } from '../../runtime/calendar.js';
import type { CostEntry } from './cost-entry.js';

/** Options of {@link freeTier}. */
export interface FreeTierOptions {
  /** Any time in the month. @defaultValue now */
  readonly at?: Date | undefined;
  /**
   * The time zone of the account, an IANA name such as `America/Sao_Paulo`. Meta's month begins at midnight in this
   * zone. Meta reports the zone as a number (`timezone_id`), so the library can't read it.
   * @defaultValue `'UTC'`
   */
  readonly timeZone?: string | undefined;
  /**
   * Free deliveries per month.
   * @defaultValue the `freeServiceMessages` of the policy: 1,000 since October 2026, `Infinity` before
   */
  readonly limit?: number | undefined;
}

/** The use of a number's free service messages in one month. */
export interface FreeTierUsage {
  readonly phoneNumberId: string;
  /** For example `2026-10`. */
  readonly month: string;
  /** Free deliveries of the month. `Infinity` before October 2026. */
  readonly limit: number;
  /** Delivered service messages that Meta reported as free. */
  readonly used: number;
  /**
   * Free deliveries that are left. 0 as soon as Meta charges for service messages, even if the store lacks some of the
   * free ones.
   */
  readonly remaining: number;
  /** Delivered service messages that Meta charges for. */
  readonly charged: number;
  /** Delivered service messages above the free tier that are exempt (`paid_exempt`). */
  readonly exempt: number;
}

/**
 * Counts the free service messages of each number in one calendar month. This function is pure.
 *
 * Each business number has 1,000 free deliveries per month since 1 October 2026. Unused deliveries expire. Reactions,
 * templates and messages in a free entry point don't count. A message counts in the month of its delivery, as Meta's
 * statuses report it. A message to a group counts once here, although Meta counts each recipient. Coexistence numbers
 * can't send to groups.
 *
 * Source: Meta, Pricing (10 and 30 Sep 2026) and status webhook reference (14 Sep 2026).
 *
 * @param entries - The merged entries, one per message. See {@link mergeCostEntries}.
 * @param options - The month, the time zone of the account, and the limit.
 * @returns one report per number with API entries
 * @throws `InvalidArgumentError` if the time zone is unknown or `at` isn't a valid date
 *
 * @example
 * ```ts
 * import { freeTier, type CostEntry } from 'wa-coexist/coexistence';
 *
 * const entries: readonly CostEntry[] = [];
 * for (const { phoneNumberId, used, remaining } of freeTier(entries, { timeZone: 'America/Sao_Paulo' })) {
 *   console.log(phoneNumberId, used, remaining);
 * }
 * ```
 */
export function freeTier(entries: Iterable<CostEntry>, options: FreeTierOptions = {}): readonly FreeTierUsage[] {
  return readOptions('freeTier', options, (copy) => {
    const counter = freeTierCounter('freeTier', copy);
    try {
      for (const entry of entries) counter.add(entry);
    } catch (error) {
      throw argumentError('freeTier', 'entries', error);
    }
    return counter.report();
  });
}

interface Counts {
  used: number;
  charged: number;
  exempt: number;
  lastFreeAtMs: number;
  lastChargedAtMs: number;
}

/**
 * Counts entry by entry, for entries that don't fit into memory together.
 *
 * @param owner - The function name for error messages.
 * @param options - The month, the time zone and the limit.
 * @param phoneNumberIds - Numbers to report even if they have no entries.
 * @throws `InvalidArgumentError` if the time zone is unknown or `at` isn't a valid date
 */
export function freeTierCounter(
  owner: string,
  options: FreeTierOptions,
  phoneNumberIds: readonly string[] = [],
): { readonly add: (entry: CostEntry) => void; readonly report: () => readonly FreeTierUsage[] } {
  const { at = new Date(), timeZone = 'UTC' } = options;
  checkTimeZone(owner, timeZone);
  if (!(at instanceof Date) || Number.isNaN(at.getTime())) throw new InvalidArgumentError(owner, 'at', 'must be a valid Date');
  const month = calendarDay(at.getTime(), timeZone).slice(0, 7);
  const limit = options.limit ?? coexistencePolicy({ asOf: `${month}-01` }).limits.freeServiceMessages;
  const numbers = new Map(phoneNumberIds.map((id) => [id, newCounts()]));
  return {
    add: (entry) => {
      const { carriedBy, phoneNumberId, pricing, status } = entry;
      if (carriedBy !== 'api' || phoneNumberId === undefined) return;
      const counts = numbers.get(phoneNumberId) ?? newCounts();
      numbers.set(phoneNumberId, counts);
      const atMs = entry.deliveredAtMs ?? entry.atMs;
      if (!delivered.has(status) || !isService(pricing?.category) || calendarDay(atMs, timeZone).slice(0, 7) !== month) return;
      if (pricing?.type !== undefined && freeTypes.has(pricing.type)) {
        counts.used += 1;
        counts.lastFreeAtMs = Math.max(counts.lastFreeAtMs, atMs);
      } else if (pricing?.type === 'regular') {
        counts[pricing.subtype === 'paid_exempt' ? 'exempt' : 'charged'] += 1;
        counts.lastChargedAtMs = Math.max(counts.lastChargedAtMs, atMs);
      }
    },
    report: () =>
      [...numbers].map(([phoneNumberId, { used, charged, exempt, lastFreeAtMs, lastChargedAtMs }]) => {
        // If a free message follows a charge, the charge belongs to the previous month in the account's time zone.
        const isUsedUp = lastChargedAtMs > lastFreeAtMs;
        return { phoneNumberId, month, limit, used, remaining: isUsedUp ? 0 : Math.max(0, limit - used), charged, exempt };
      }),
  };
}

/**
 * Checks the name of a time zone.
 *
 * @param owner - The function name for the error message.
 * @param timeZone - The value to check.
 * @throws `InvalidArgumentError` if the zone is unknown
 */
export function checkTimeZone(owner: string, timeZone: unknown): void {
  try {
    if (typeof timeZone === 'string' && calendarDay(0, timeZone) !== '') return;
  } catch {
    // The error below reports it.
  }
  throw new InvalidArgumentError(owner, 'timeZone', "must be a time zone of the IANA database, for example 'Europe/Berlin'");
}

/** Statuses of delivered messages. */
const delivered: ReadonlySet<string | undefined> = /* @__PURE__ */ new Set(['delivered', 'read', 'played']);
const freeTypes: ReadonlySet<string> = /* @__PURE__ */ new Set(['free_customer_service', 'free_group_customer_service']);

function isService(category: string | undefined): boolean {
  return category === 'service' || category === 'group_service';
}

function newCounts(): Counts {
  return { used: 0, charged: 0, exempt: 0, lastFreeAtMs: -Infinity, lastChargedAtMs: -Infinity };
}
