import { codeTexts, type CodeText } from './code-texts.js';

/** Meaning and remedy of a Graph API error code. Returned by {@link describeError}. */
export interface ErrorDescription {
  /** Meaning of the code. */
  readonly meaning: string;
  /** How to fix the error. */
  readonly remedy: string;
}

/** An object with an error code: a {@link GraphApiError}, an element of `errors` in a webhook, or your own object. */
export interface CodedError {
  readonly code: number;
  readonly subcode?: number;
}

/**
 * Returns the meaning of a Graph API error code and a remedy, for logs and user interfaces. In your code, branch on the
 * `kind` of a {@link GraphApiError} instead.
 *
 * The texts are in their own module, so they are only in your bundle if you import this function. If the subcode has
 * its own text, the function returns that text.
 *
 * Source: Meta, Error codes (Dec 2025 to Sep 2026), and the pages on groups, calls, flows, usernames and coexistence.
 *
 * @param error - An error code, or an object with `code` and `subcode`.
 * @returns `undefined` for a code that Meta doesn't document.
 *
 * @example
 * ```ts
 * import { describeError, GraphApiError } from 'wa-coexist/errors';
 *
 * function explain(error: unknown): string {
 *   const description = error instanceof GraphApiError ? describeError(error) : undefined;
 *   return description ? `${description.meaning} ${description.remedy}` : String(error);
 * }
 * ```
 */
export function describeError(error: number | CodedError): ErrorDescription | undefined {
  const { code, subcode } = typeof error === 'number' ? { code: error } : error;
  // Many management errors are a subcode of 100, and flow errors a subcode of 131009. The subcode is more specific.
  const text = (subcode !== undefined && subcode > 999 ? textOf(subcode) : undefined) ?? textOf(code);
  return text && { meaning: text[0], remedy: text[1] };
}

function textOf(code: number): CodeText | undefined {
  return Object.hasOwn(codeTexts, code) ? codeTexts[code] : code >= 200 && code <= 299 ? codeTexts[200] : undefined;
}
