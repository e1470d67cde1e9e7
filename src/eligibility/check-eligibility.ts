import type { CountrySupport } from '../policy/countries.js';
import { coexistencePolicy, type CoexistencePolicy } from '../policy/policy.js';
import type { PolicyRule } from '../policy/rule.js';
import { countriesOf } from './countries-of.js';

/** The rules to go by. */
export interface CheckEligibilityOptions {
  /** The day whose rules are wanted: a date, or its ISO form. @defaultValue today */
  readonly asOf?: Date | string | undefined;
  /** Rules with the caller's overrides, as `{ countries: { NG: false } }`; wins over `asOf`. @defaultValue those of `asOf` */
  readonly policy?: CoexistencePolicy | undefined;
}

/** Whether a number can be onboarded by its country. */
export interface Eligibility {
  /** `unknown`: the number could belong to countries that differ, to a territory that nobody writes about, or to no country. */
  readonly eligible: CountrySupport;
  /** The countries that the number can belong to, by their two letters (ISO 3166). */
  readonly countries: readonly string[];
  /** The rule that decided, with source and dates: of the first country that is not supported, else of the first. */
  readonly rule: PolicyRule<CountrySupport>;
}

/**
 * Whether a number can be put on app and API at once, by the country of its code. It says nothing of the number itself: whether it is on the
 * WhatsApp Business app, in use for long enough, or its business verified. That is Meta's to say in Embedded Signup.
 *
 * Today no country is excluded; the rules of earlier days are there for those who look back. Source: Meta, WhatsApp changelog (11 Feb,
 * 5 May, 23 Oct 2025, 15 Apr 2026) and Onboard WhatsApp Business app users (26 Jun 2026).
 *
 * @throws `InvalidArgumentError` if it is no phone number with country code, or if `asOf` is no date.
 *
 * @example
 * ```ts
 * import { checkEligibility } from 'wa-coexist/eligibility';
 *
 * checkEligibility('+442071234567').eligible; // true
 * checkEligibility('+442071234567', { asOf: '2025-09-13' }); // { eligible: false, countries: ['GB'], rule: { until: '2025-10-23', … } }
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
