import { graphError } from './from-graph.js';
import type { GraphApiError } from './graph-api-error.js';

/** A status of Meta's as far as errors go: the `status` of a status event, or an element of `statuses[]` as it came. */
export interface ErroredStatus {
  /** Why the message failed. */
  readonly errors?: readonly unknown[];
}

/**
 * Makes the typed error of a status that failed: the same class that the send itself would have been refused with. Never throws.
 *
 * @returns `undefined` for a status without errors.
 *
 * @example
 * ```ts
 * import { errorFromStatus } from 'wa-coexist/errors';
 *
 * const error = errorFromStatus({ errors: [{ code: 131047, title: 'Re-engagement message' }] });
 * error?.kind; // 'window-closed'
 * ```
 */
export function errorFromStatus(status: ErroredStatus): GraphApiError | undefined {
  const errors: unknown = status.errors;
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return first === undefined ? undefined : graphError(first);
}
