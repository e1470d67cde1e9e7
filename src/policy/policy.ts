import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { isoDay } from '../runtime/calendar.js';
import { systemClock } from '../runtime/clock.js';
import { countryRules, type CountrySupport } from './countries.js';
import type { CoexistenceEndpoint } from './endpoints.js';
import type { CoexistenceFeature, FeatureFacts } from './features.js';
import { limitRules, type CoexistenceLimits } from './limits.js';
import { operationRules, ruleFor } from './operation-rules.js';
import type { PolicyRule } from './rule.js';
import { termRules, type CoexistenceTerms } from './terms.js';

/** Meta's rules for coexistence numbers as they held on one day, with the caller's overrides. */
export interface CoexistencePolicy {
  /** The day the rules are for (ISO date). */
  readonly asOf: string;
  /** The numbers. */
  readonly limits: CoexistenceLimits;
  /** What is neither a number nor a feature: prices, versions, reasons. */
  readonly terms: CoexistenceTerms;
  /** The rule behind a number, with source and dates. */
  limitRule<Name extends keyof CoexistenceLimits>(name: Name): PolicyRule<CoexistenceLimits[Name]>;
  /** The rule behind a term, with source and dates. */
  termRule<Name extends keyof CoexistenceTerms>(name: Name): PolicyRule<CoexistenceTerms[Name]>;
  /** The rule on a feature. */
  featureRule(feature: CoexistenceFeature): PolicyRule<FeatureFacts>;
  /** The rule on an operation of the API, whose value says whether it may be called. */
  endpointRule(endpoint: CoexistenceEndpoint): PolicyRule<boolean>;
  /** The rule on a country by its two letters (ISO 3166, `GB`), whose value says whether its numbers can be onboarded. */
  countryRule(country: string): PolicyRule<CountrySupport>;
}

/** The caller's own values in the place of the library's. */
export interface PolicyOverrides {
  readonly limits?: Partial<CoexistenceLimits>;
  readonly terms?: Partial<CoexistenceTerms>;
  readonly features?: Partial<Readonly<Record<CoexistenceFeature, FeatureFacts>>>;
  /** Whether an operation may be called: `true` lifts the library's refusal. */
  readonly endpoints?: Partial<Readonly<Record<CoexistenceEndpoint, boolean>>>;
  /** Whether numbers of a country can be onboarded, by its two letters. */
  readonly countries?: Readonly<Record<string, CountrySupport>>;
}

/** Options of {@link coexistencePolicy}. */
export interface PolicyOptions {
  /** The day whose rules are wanted: a date, or its ISO form. @defaultValue today */
  readonly asOf?: Date | string | undefined;
  /** Values that replace the library's. */
  readonly overrides?: PolicyOverrides | undefined;
}

/**
 * Meta's rules for coexistence numbers on a day. The rules change every few weeks, so the code reads them here and never holds a
 * constant: a caller who knows better overrides one and need not wait for a release.
 *
 * @throws `InvalidArgumentError` if `asOf` is no date.
 *
 * @example
 * ```ts
 * import { coexistencePolicy } from 'wa-coexist/coexistence';
 *
 * coexistencePolicy().limits.heartbeatOverdueDays; // 14
 * coexistencePolicy({ asOf: '2025-09-13' }).limits.heartbeatOverdueDays; // 13
 * coexistencePolicy({ asOf: '2025-09-13' }).countryRule('JP').value; // false
 * coexistencePolicy({ overrides: { limits: { heartbeatDueDays: 7 } } }).limits.heartbeatDueDays; // 7
 * ```
 */
export function coexistencePolicy(options: PolicyOptions = {}): CoexistencePolicy {
  const asOf = dayOf(options.asOf ?? new Date(systemClock.now()));
  const own = options.overrides ?? {};
  const limits = table(limitRules, own.limits, asOf);
  const terms = table(termRules, own.terms, asOf);
  return {
    asOf,
    limits: limits.values,
    terms: terms.values,
    limitRule: limits.rule,
    termRule: terms.rule,
    ...operationRules(asOf, own),
    countryRule: (country) => {
      const code = country.toUpperCase();
      const value = own.countries && Object.hasOwn(own.countries, code) ? own.countries[code] : undefined;
      return ruleFor(code, countryRules(code), value, asOf);
    },
  };
}

/** The rows of a day by name, and their values. */
function table<Values extends object>(
  rows: { readonly [Name in keyof Values]: readonly PolicyRule<Values[Name]>[] },
  own: Partial<Values> = {},
  asOf: string,
): { readonly values: Values; readonly rule: <Name extends keyof Values>(name: Name) => PolicyRule<Values[Name]> } {
  const rule = <Name extends keyof Values>(name: Name): PolicyRule<Values[Name]> =>
    ruleFor<Values[Name]>(String(name), rows[name], own[name], asOf);
  const entries = Object.keys(rows).map((name) => [name, rule(name as keyof Values).value]);
  // Each name of Values is a key of rows.
  return { values: Object.fromEntries(entries) as Values, rule };
}

function dayOf(asOf: Date | string): string {
  const date = new Date(asOf);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('coexistencePolicy', 'asOf', "must be a date, for example '2026-11-28'");
  return isoDay(date.getTime());
}
