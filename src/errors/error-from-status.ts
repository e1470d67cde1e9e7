import { graphError } from './from-graph.js';
import type { GraphApiError } from './graph-api-error.js';

/** A status with errors: the `status` of a status event, or an element of `statuses` in a webhook. */
export interface ErroredStatus {
  /** Errors of the message. */
  readonly errors?: readonly unknown[];
}

/**
 * Creates the typed error of a failed status. Its class is the same as if Meta had rejected the send. Never throws.
 * {@link graphError} creates the error of other objects of Meta.
 *
 * @param status - The `status` of a status event, or an element of `statuses` in a webhook.
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
