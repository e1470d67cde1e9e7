import parsePhoneNumber from 'libphonenumber-js/max';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/**
 * The countries that a phone number can belong to, by their two letters (ISO 3166): several where a range is shared, as Finnish mobile numbers
 * are with Åland; all of the country code where no country claims the range; none for codes that belong to no country (+870, +882).
 *
 * @throws `InvalidArgumentError` if it is no phone number with country code.
 *
 * @example
 * ```ts
 * import { countriesOf } from 'wa-coexist/eligibility';
 *
 * countriesOf('+442071234567'); // ['GB']
 * countriesOf('358401234567'); // ['FI', 'AX']
 * ```
 */
export function countriesOf(number: string): readonly string[] {
  const text = typeof number === 'string' ? number.trim() : '';
  // Webhooks write numbers as digits without the plus.
  const phone = parsePhoneNumber(text.startsWith('+') ? text : `+${text}`, { extract: false });
  if (!phone?.isPossible()) {
    throw new InvalidArgumentError('checkEligibility', 'number', 'must be a phone number with country code, as +442071234567');
  }
  // A range that several countries use is known by the first of them alone: each is asked.
  delete phone.country;
  const possible = phone.getPossibleCountries();
  const claiming = possible.filter((country) => {
    phone.country = country;
    return phone.isValid();
  });
  return claiming.length > 0 ? claiming : possible;
}
