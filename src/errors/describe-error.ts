import { codeTexts, type CodeText } from './code-texts.js';

/** A Graph error code in words. */
export interface ErrorDescription {
  /** What the code means. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What a description is looked up by: any `GraphApiError`, an element of `errors[]` in a webhook, or the numbers themselves. */
export interface CodedError {
  readonly code: number;
  readonly subcode?: number;
}

/**
 * Says what a Graph error code means and what to do about it, for a log line or a page that people read. For the program, branch on
 * `error.kind`; this table is apart from the errors themselves, so that it is only in the bundle of who calls it.
 *
 * Source: Meta, Error codes (Dec 2025 to Sep 2026), and the pages on groups, calls, flows, usernames and coexistence.
 *
 * @returns `undefined` for a code that Meta does not document.
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
  // Many management errors come as a subcode of 100, and flow errors as one of 131009: the more telling of the two is described.
  const text = (subcode !== undefined && subcode > 999 ? textOf(subcode) : undefined) ?? textOf(code);
  return text && { meaning: text[0], remedy: text[1] };
}

function textOf(code: number): CodeText | undefined {
  return Object.hasOwn(codeTexts, code) ? codeTexts[code] : code >= 200 && code <= 299 ? codeTexts[200] : undefined;
}
