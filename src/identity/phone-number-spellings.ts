/** Characters that people and Meta use between the digits of a phone number, including invisible direction marks. */
const punctuation = /[\s()[\]./_~\xb7\p{Cf}\p{Pd}\u2212]/gu;

/**
 * Returns the digits of a phone number: without `+`, an international `00`, `tel:`, spaces and punctuation. Digits of
 * other scripts, for example Arabic ones, become `0` to `9`. WhatsApp formats `wa_id` in this way. Use
 * {@link comparablePhoneNumber} to compare numbers because one number can have two spellings.
 *
 * @param text - A phone number with its country code, in any usual format.
 * @returns `undefined` if the text isn't a phone number, for example a user ID
 *
 * @example
 * ```ts
 * import { normalizePhoneNumber } from 'wa-coexist';
 *
 * normalizePhoneNumber('+1 (555) 010-0987'); // '15550100987'
 * normalizePhoneNumber('US.1350001122334455'); // undefined
 * ```
 */
export function normalizePhoneNumber(text: string | undefined): string | undefined {
  if (!text || text.length > 100) return undefined;
  if (/^[1-9]\d{0,19}$/.test(text)) return text;
  const compact = text
    .normalize('NFKC')
    .replace(punctuation, '')
    .replace(/\p{Nd}/gu, valueOfDigit);
  // E.164 allows 15 digits. Meta's test numbers also have fewer than 20.
  return /^(?:tel:)?\+?(?:00)?(\d{1,20})$/i.exec(compact)?.[1];
}

/** Returns the value of a digit of any script. Unicode encodes the ten digits of a script one after the other. */
function valueOfDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value % 10);
}

/**
 * Returns the form in which phone numbers are compared and stored as keys. Never send to this form. Use
 * {@link normalizePhoneNumber} to send.
 *
 * WhatsApp uses two spellings for some numbers. Webhooks, echoes and history use different ones:
 *
 * - Brazil: mobile numbers with and without the ninth digit (`55 11 9 8765 4321`, `55 11 8765 4321`). Landlines begin
 *   with 2 to 5 and never equal a mobile number.
 * - Mexico: with and without the `1` after the country code (`52 1 55 …`, `52 55 …`).
 * - Argentina: with and without the `9` after the country code (`54 9 11 …`, `54 11 …`).
 *
 * Source: Meta, Send messages (4 Nov 2025), for Brazil and Mexico. Public reports for Argentina.
 *
 * @param text - A phone number with its country code, in any usual format.
 * @returns `undefined` if the text isn't a phone number
 *
 * @example
 * ```ts
 * import { comparablePhoneNumber } from 'wa-coexist';
 *
 * comparablePhoneNumber('+55 11 98765-4321') === comparablePhoneNumber('551187654321'); // true
 * ```
 */
export function comparablePhoneNumber(text: string | undefined): string | undefined {
  // Brazil, Mexico, Argentina.
  return normalizePhoneNumber(text)?.replace(/^(?:(55[1-9]{2})9(?=[6-9]\d{7}$)|(52)1(?=\d{10}$)|(54)9(?=\d{10}$))/, '$1$2$3');
}

/**
 * Returns whether two texts are spellings of one phone number. See {@link comparablePhoneNumber} for the rules.
 *
 * @param left - A phone number with its country code, in any usual format.
 * @param right - Another phone number.
 * @returns `false` if one of them isn't a phone number
 *
 * @example
 * ```ts
 * import { samePhoneNumber } from 'wa-coexist';
 *
 * samePhoneNumber('5215512345678', '+52 55 1234 5678'); // true
 * ```
 */
export function samePhoneNumber(left: string | undefined, right: string | undefined): boolean {
  const number = comparablePhoneNumber(left);
  return number !== undefined && number === comparablePhoneNumber(right);
}
