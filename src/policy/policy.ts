import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { isoDay } from '../runtime/calendar.js';
import { systemClock } from '../runtime/clock.js';
import type { FeatureFacts } from './api-features.js';
import { countryRules, type CountrySupport } from './countries.js';
import { endpointRules, type CoexistenceEndpoint } from './endpoints.js';
import { featureRules, type CoexistenceFeature } from './features.js';
import { limitRules, type CoexistenceLimits } from './limits.js';
import { ruleOn, type PolicyRule } from './rule.js';
import { termRules, type CoexistenceTerms } from './terms.js';

/** Meta's rules for coexistence numbers on one day, with your overrides. See {@link coexistencePolicy}. */
export interface CoexistencePolicy {
  /** The day of the rules (ISO date). */
  readonly asOf: string;
  /** The numeric limits. */
  readonly limits: CoexistenceLimits;
  /** Rules that are neither limits nor features: prices, versions and reasons. */
  readonly terms: CoexistenceTerms;
  /**
   * Returns the rule of a limit, with its source and dates.
   *
   * @param name - The name of the limit.
   */
  limitRule<Name extends keyof CoexistenceLimits>(name: Name): PolicyRule<CoexistenceLimits[Name]>;
  /**
   * Returns the rule of a term, with its source and dates.
   *
   * @param name - The name of the term.
   */
  termRule<Name extends keyof CoexistenceTerms>(name: Name): PolicyRule<CoexistenceTerms[Name]>;
  /**
   * Returns the rule of a feature, with its source and dates.
   *
   * @param feature - The feature.
   */
  featureRule(feature: CoexistenceFeature): PolicyRule<FeatureFacts>;
  /**
   * Returns the rule of an API operation. Its value is `true` if you can call the operation.
   *
   * @param endpoint - The operation.
   */
  endpointRule(endpoint: CoexistenceEndpoint): PolicyRule<boolean>;
  /**
   * Returns the rule of a country. Its value is `true` if its numbers can be onboarded.
   *
   * @param country - The two-letter code (ISO 3166), for example `GB`.
   */
  countryRule(country: string): PolicyRule<CountrySupport>;
}

/** Your own values, which replace those of the library. */
export interface PolicyOverrides {
  readonly limits?: Partial<CoexistenceLimits>;
  readonly terms?: Partial<CoexistenceTerms>;
  readonly features?: Partial<Readonly<Record<CoexistenceFeature, FeatureFacts>>>;
  /** Whether an operation can be called. `true` disables the library's check. */
  readonly endpoints?: Partial<Readonly<Record<CoexistenceEndpoint, boolean>>>;
  /** Whether numbers of a country can be onboarded, by its two-letter code. */
  readonly countries?: Readonly<Record<string, CountrySupport>>;
}

/** Options of {@link coexistencePolicy}. */
export interface PolicyOptions {
  /** Applies the rules of this day: a date, or its ISO form. @defaultValue today */
  readonly asOf?: Date | string | undefined;
  /** Values that replace those of the library. */
  readonly overrides?: PolicyOverrides | undefined;
}

/**
 * Returns Meta's rules for coexistence numbers on a given day. The rules change every few weeks. The library reads all
 * of them from here, so you can override a rule without waiting for a release.
 *
 * @param options - The day, and your overrides.
 * @returns the limits, terms and rules, see {@link CoexistencePolicy}
 * @throws `InvalidArgumentError` if `asOf` isn't a date
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
    featureRule: (feature) => ruleFor(feature, featureRules(feature), own.features?.[feature], asOf),
    endpointRule: (endpoint) => ruleFor(endpoint, endpointRules[endpoint], own.endpoints?.[endpoint], asOf),
    countryRule: (country) => {
      const code = country.toUpperCase();
      const value = own.countries && Object.hasOwn(own.countries, code) ? own.countries[code] : undefined;
      return ruleFor(code, countryRules(code), value, asOf);
    },
  };
}

/** Returns the rules of a day by name, and their values. */
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

/** Returns the caller's own value as a rule, or the rule of the day. */
function ruleFor<Value>(name: string, rows: readonly PolicyRule<Value>[], own: Value | undefined, asOf: string): PolicyRule<Value> {
  if (own !== undefined) return { value: own, source: "The caller's override" };
  const rule = ruleOn(rows, asOf);
  if (!rule) throw new InvalidArgumentError('coexistencePolicy', name, `has no rule on ${asOf}`);
  return rule;
}

function dayOf(asOf: Date | string): string {
  const date = new Date(asOf);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('coexistencePolicy', 'asOf', "must be a date, for example '2026-11-28'");
  return isoDay(date.getTime());
}
