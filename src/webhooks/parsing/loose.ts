import { normalizePhoneNumber } from '../../identity/phone-number-spellings.js';
import { isRecord } from '../../runtime/json.js';

/** An object as it is, or an empty one for any other value. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** A list as it is, or an empty one for any other value. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A string with something in it, or an integer as one: Meta writes some ids as integers. Integers with inexact digits are left out. */
export function textOf(value: unknown): string | undefined {
  if (Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number, or the number that a text of decimal digits is: Meta writes some codes as text. More digits than 15 may be inexact. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The digits of a phone number that is written in any usual way, or `undefined` for what is no phone number. */
export function digitsOf(value: unknown): string | undefined {
  return normalizePhoneNumber(textOf(value));
}

/** The last second that a `Date` can hold. */
const lastSecond = 8.64e12;

/** A time in Unix seconds, as a number or as a string of digits. */
export function timeOf(value: unknown): Date | undefined {
  const seconds = numberOf(value);
  return seconds !== undefined && seconds > 0 && seconds <= lastSecond ? new Date(seconds * 1000) : undefined;
}
