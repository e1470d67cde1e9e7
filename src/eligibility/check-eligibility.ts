import type { CountrySupport } from '../policy/countries.js';
import { coexistencePolicy, type CoexistencePolicy } from '../policy/policy.js';
import type { PolicyRule } from '../policy/rule.js';
import { countriesOf } from './countries-of.js';

/** Options of {@link checkEligibility}. */
export interface CheckEligibilityOptions {
  /** The day of the rules: a `Date` or an ISO date. @defaultValue today */
  readonly asOf?: Date | string | undefined;
  /**
   * Rules with your overrides, for example `{ countries: { NG: false } }`. Has priority over `asOf`.
   *
   * @defaultValue the rules of `asOf`
   */
  readonly policy?: CoexistencePolicy | undefined;
}

/** Result of {@link checkEligibility}. */
export interface Eligibility {
  /**
   * `unknown` if the number can belong to countries with different rules, to a territory that Meta doesn't mention, or
   * to no country.
   */
  readonly eligible: CountrySupport;
  /** Two-letter codes (ISO 3166) of the countries that the number can belong to. */
  readonly countries: readonly string[];
  /**
   * The rule that decided, with its source and dates. If a country is not supported, this is its rule. Otherwise it is
   * the rule of the first country.
   */
  readonly rule: PolicyRule<CountrySupport>;
}

/**
 * Checks whether a phone number can use Coexistence, by its country. It can't check the number itself: whether it is on
 * the WhatsApp Business app, whether it was in use for long enough, or whether the business is verified. Meta checks
 * this in Embedded Signup. {@link countriesOf} returns only the countries.
 *
 * No country is excluded today. Set `asOf` to apply the rules of an earlier day. Source: Meta, WhatsApp changelog (11
 * Feb, 5 May, 23 Oct 2025, 15 Apr 2026) and Onboard WhatsApp Business app users (26 Jun 2026).
 *
 * @param number - A phone number with its country code, in any usual format.
 * @param options - The day of the rules, or your own rules. Defaults to the rules of today.
 * @returns Whether the number is eligible, its countries and the rule: {@link Eligibility}.
 * @throws `InvalidArgumentError` if `number` is not a phone number with a country code, or if `asOf` is not a date.
 *
 * @example
 * ```ts
 * import { checkEligibility } from 'wa-coexist/eligibility';
 *
 * checkEligibility('+442071234567').eligible; // true
 * checkEligibility('+442071234567', { asOf: '2025-09-13' });
 * // { eligible: false, countries: ['GB'], rule: { until: '2025-10-23', … } }
 * ```
 */
export function checkEligibility(number: string, options: CheckEligibilityOptions = {}): Eligibility {
  const { asOf } = options;
  const policy = options.policy ?? coexistencePolicy(asOf === undefined ? {} : { asOf });
  const countries = countriesOf(number);
  const rules = countries.map((country) => policy.countryRule(country));
  const [first] = rules;
  const rule = rules.find(({ value }) => value !== true) ?? first;
  if (!rule) return { eligible: 'unknown', countries, rule: ofNoCountry };
  return { eligible: rules.every(({ value }) => value === rule.value) ? rule.value : 'unknown', countries, rule };
}

const ofNoCountry: PolicyRule<CountrySupport> = {
  value: 'unknown',
  source: 'ITU, international numbering',
  note: 'The code belongs to no country (satellite, international networks): no list of countries says anything about it.',
};
