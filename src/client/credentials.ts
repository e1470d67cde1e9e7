/** Printable ASCII without spaces at its ends, which an HTTP header transports unchanged. */
const printable = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Describes the problem of a token or a secret without quoting it.
 *
 * @returns the rule that the value breaks, or `undefined` for a valid value.
 */
export function credentialProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return `must be a string, but is ${value === null ? 'null' : typeof value}`;
  if (value.trim() === '') return 'is empty: check the environment variable or the database row that it is read from';
  if (value.trim() !== value) return 'begins or ends with a space or a line break: remove it where the value is stored';
  return printable.test(value)
    ? undefined
    : 'contains a line break or another character that an HTTP header must not contain: copy the value again';
}
