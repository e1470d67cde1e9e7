import { normalizePhoneNumber } from '../../identity/phone-number-spellings.js';
import { isRecord } from '../../runtime/json.js';

/** Returns an object unchanged, or an empty object for any other value. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** Returns a list unchanged, or an empty list for any other value. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Reads a string that isn't empty, or an integer as a string, because Meta writes some IDs as integers. Ignores integers with inexact digits. */
export function textOf(value: unknown): string | undefined {
  if (Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Reads a number, or decimal digits as a number, because Meta writes some codes as text. More than 15 digits may be inexact. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,15}(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Returns the digits of a phone number in any usual spelling, or `undefined` if the value is no phone number. */
export function digitsOf(value: unknown): string | undefined {
  return normalizePhoneNumber(textOf(value));
}

/** The last second that a `Date` can represent. */
const lastSecond = 8.64e12;

/** Reads a time in Unix seconds: a number or a string of digits. */
export function timeOf(value: unknown): Date | undefined {
  const seconds = numberOf(value);
  return seconds !== undefined && seconds > 0 && seconds <= lastSecond ? new Date(seconds * 1000) : undefined;
}
