import parsePhoneNumber from 'libphonenumber-js/max';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { comparablePhoneNumber, normalizePhoneNumber } from '../identity/phone-number-spellings.js';

/**
 * Returns the countries that a phone number can belong to. {@link checkEligibility} checks the rules for them.
 *
 * - The result has several countries if they share a range. For example, Finland and Åland share mobile numbers.
 * - If no country claims the range, the result has all countries of the country code.
 * - The result is empty for codes that belong to no country (+870, +882).
 *
 * @param number - A phone number with its country code, in any usual format.
 * @returns Two-letter codes (ISO 3166).
 * @throws `InvalidArgumentError` if `number` is not a phone number with a country code.
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
  const spellings = typeof number === 'string' ? [normalizePhoneNumber(number), comparablePhoneNumber(number)] : [];
  // WhatsApp writes Mexican numbers with a 1 that the numbering plan no longer has, so the second attempt uses the
  // comparable form.
  const phones = spellings.flatMap((digits) => (digits === undefined ? [] : (parsePhoneNumber(`+${digits}`, { extract: false }) ?? [])));
  const phone = phones.find((one) => one.isValid()) ?? phones.find((one) => one.isPossible());
  if (!phone) {
    throw new InvalidArgumentError('checkEligibility', 'number', 'must be a phone number with country code, as +442071234567');
  }
  // The metadata lists a shared range only under its first country, so this checks each country.
  delete phone.country;
  const possible = phone.getPossibleCountries();
  const claiming = possible.filter((country) => {
    phone.country = country;
    return phone.isValid();
  });
  return claiming.length > 0 ? claiming : possible;
}
