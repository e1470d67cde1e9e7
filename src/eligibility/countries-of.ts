import parsePhoneNumber from 'libphonenumber-js/max';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { comparablePhoneNumber, normalizePhoneNumber } from '../identity/phone-number.js';

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
  const spellings = typeof number === 'string' ? [normalizePhoneNumber(number), comparablePhoneNumber(number)] : [];
  // WhatsApp writes Mexican numbers with a 1 that the numbering plan no longer has, so the comparable form is the second attempt.
  const phones = spellings.flatMap((digits) => (digits === undefined ? [] : (parsePhoneNumber(`+${digits}`, { extract: false }) ?? [])));
  const phone = phones.find((one) => one.isValid()) ?? phones.find((one) => one.isPossible());
  if (!phone) {
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
