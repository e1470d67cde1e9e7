/**
 * Matches an integer that may be too long for a number: those have at least 16 digits and follow a character that can precede a value. Digits in
 * a string, as of an ID, follow a quote or a letter. The rest is left to {@link quoteLongIntegers}.
 */
const mayBeLongInteger = /[\s:,[-]\d{16}/;

/** Matches the start of a string, or a whole number of a JSON text. */
const stringOrNumber = /"|-?\d[\d.eE+-]*/g;

const backslash = 0x5c;
const longInteger = /^-?\d{16,}$/;

/**
 * Parses JSON and preserves the digits of every integer. `JSON.parse` rounds integers beyond `Number.MAX_SAFE_INTEGER`, for example
 * `122097329108006499`, the ID of a template. Such integers become strings with the exact digits. Everything else is parsed as `JSON.parse`
 * does it, on every runtime.
 *
 * @param text - The JSON text.
 * @returns the parsed value.
 * @throws `SyntaxError` if the text is not JSON. Unlike the error of `JSON.parse`, it doesn't quote the text.
 *
 * @example
 * ```ts
 * import { parseJson } from 'wa-coexist/webhooks';
 *
 * console.log(parseJson('{"message_template_id":122097329108006499}')); // { message_template_id: '122097329108006499' }
 * ```
 */
export function parseJson(text: string): unknown {
  // Callers without TypeScript may pass anything.
  const given: unknown = text;
  if (typeof given !== 'string') throw new SyntaxError('parseJson needs a text.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text.
    throw new SyntaxError('The text is not valid JSON.');
  }
  if (!mayBeLongInteger.test(text) && !longInteger.test(text)) return value;
  const exact = quoteLongIntegers(text);
  return exact === text ? value : JSON.parse(exact);
}

/** Writes integers that a number cannot store exactly as strings. The text is valid JSON. */
export function quoteLongIntegers(text: string): string {
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
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}
