/** The shortest integers that a number may not store exactly have so many digits. */
const longDigits = 16;

/** Matches the start of a string, or a whole number of a JSON text. */
const stringOrNumber = /"|-?\d[\d.eE+-]*/g;

const longInteger = /^-?\d{16,}$/;

/**
 * Parses JSON and preserves the digits of every integer. `JSON.parse` rounds integers beyond `Number.MAX_SAFE_INTEGER`, for example
 * `122097329108006499`, the ID of a template. Such integers become strings with the exact digits. Everything else is parsed as `JSON.parse`
 * does it, on every runtime and at the same speed.
 *
 * @param text - The JSON text.
 * @returns the parsed value.
 * @throws `SyntaxError` if the text is not JSON.
 *
 * @example
 * ```ts
 * import { parseJson } from 'wa-coexist/webhooks';
 *
 * console.log(parseJson('{"message_template_id":122097329108006499}')); // { message_template_id: '122097329108006499' }
 * ```
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!mayHaveLongInteger(text)) return value;
  const exact = quoteLongIntegers(text);
  return exact === text ? value : JSON.parse(exact);
}

/**
 * Whether an integer may be in the text that is too long for a number. Looks at every 16th character only, as a run of 16 digits contains one
 * of those. Digits in a string, as of an ID or a wamid, follow a quote or a letter.
 */
function mayHaveLongInteger(text: string): boolean {
  for (let at = longDigits - 1; at < text.length; at += longDigits) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(text.charCodeAt(start - 1))) start -= 1;
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end += 1;
    if (end - start >= longDigits && (start === 0 || /[\s:,[-]/.test(text.charAt(start - 1)))) return true;
    at = end;
  }
  return false;
}

/** `NaN`, beyond the ends of a text, is no digit. */
function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Writes integers that a number cannot store exactly as strings. The text is valid JSON. */
function quoteLongIntegers(text: string): string {
  let exact = '';
  let copiedTo = 0;
  const tokens = new RegExp(stringOrNumber);
  for (let found = tokens.exec(text); found; found = tokens.exec(text)) {
    const [token] = found;
    if (token === '"') {
      tokens.lastIndex = endOfString(text, found.index) + 1;
    } else if (longInteger.test(token) && !Number.isSafeInteger(Number(token))) {
      exact += `${text.slice(copiedTo, found.index)}"${token}"`;
      copiedTo = found.index + token.length;
    }
  }
  return exact + text.slice(copiedTo);
}

/**
 * Finds the closing quote of a string in a JSON text.
 *
 * @param text - Valid JSON.
 * @param start - The index of the opening quote.
 */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}
