/**
 * Returns a text as a value of a template: on one line, without tabs, and without more than four spaces in a row. Meta
 * rejects other values (132007, 132018). The library doesn't call it automatically, because it changes your text.
 *
 * Source: Meta, Error codes (Sep 2026).
 *
 * @param value - The text of a template variable.
 * @returns the text on one line. It can be empty, which Meta rejects as well.
 *
 * @example
 * ```ts
 * import { flattenTemplateValue } from 'wa-coexist/messages';
 *
 * flattenTemplateValue('2 loaves\n1 cake'); // '2 loaves 1 cake'
 * ```
 */
export function flattenTemplateValue(value: string): string {
  return value.replace(/[\s\u0085]+/gu, (spaces) => (/^[^\n\r\t\v\f\u0085\u2028\u2029]{1,4}$/u.test(spaces) ? spaces : ' ')).trim();
}
