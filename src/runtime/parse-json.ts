/** Number of digits of the shortest integer that a number may not represent exactly. */
const longDigits = 16;

/**
 * Matches a character that can precede a number. Digits in a string, for example in an ID, usually follow a quote or a
 * letter.
 */
const beforeNumber = /[\s:,[-]/;

/** Matches the start of a string, or a whole number, in a JSON text. */
const stringOrNumber = /"|-?\d[\d.eE+-]*/g;

const backslash = 0x5c;
const longInteger = /^-?\d{16,}$/;

/**
 * Parses JSON and preserves the digits of every integer. `JSON.parse` rounds integers beyond `Number.MAX_SAFE_INTEGER`, for example
 * `122097329108006499`, the ID of a template. Such integers become strings with the exact digits. Everything else is parsed as `JSON.parse`
 * does it, on every runtime. Pass the result to {@link parseWebhook}.
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
  // Callers without TypeScript may pass any value.
  const given: unknown = text;
  if (typeof given !== 'string') throw new SyntaxError('parseJson needs a text.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text.
    throw new SyntaxError('The text is not valid JSON.');
  }
  if (!mayHaveLongInteger(text)) return value;
  const exact = quoteLongIntegers(text);
  return exact === text ? value : JSON.parse(exact);
}

/**
 * Returns whether a JSON text may contain an integer that is too long for a number. Checks only every 16th character,
 * because 16 digits in a row contain one of them. Only a few texts then need {@link quoteLongIntegers}, which reads
 * every token.
 */
function mayHaveLongInteger(text: string): boolean {
  for (let at = longDigits - 1; at < text.length; at += longDigits) {
    if (!isDigit(text, at)) continue;
    let start = at;
    while (isDigit(text, start - 1)) start -= 1;
    while (isDigit(text, at + 1)) at += 1;
    if (at - start + 1 >= longDigits && (start === 0 || beforeNumber.test(text.charAt(start - 1)))) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** Converts integers that a number can't represent exactly to strings. The text must be valid JSON. */
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
    while (text.charCodeAt(end - 1 - backslashes) === backslash) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
}
