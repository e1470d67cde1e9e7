import { GraphApiError } from '../errors/graph-api-error.js';
import { InvalidResponseError, NetworkError, TimeoutError } from '../errors/connection-errors.js';

/** Retry budget that all calls of a client share, so that an outage doesn't cause a retry storm. */
export interface RetryBudget {
  /** Deducts the cost of a retry after `error`. Returns `false` if the budget is used up. */
  take(error: unknown): boolean;
  /** Refunds a small amount after a success. */
  refund(): void;
}

/** Size of the budget and cost of a retry. The figures match the standard mode of a widely used cloud SDK. */
const budgetSize = 500;
const retryCost = 5;
const timeoutCost = 10;
const successRefund = 1;

/** Creates a full budget. */
export function retryBudget(): RetryBudget {
  let left = budgetSize;
  return {
    take(error) {
      const cost = error instanceof TimeoutError ? timeoutCost : retryCost;
      if (cost > left) return false;
      left -= cost;
      return true;
    },
    refund() {
      left = Math.min(budgetSize, left + successRefund);
    },
  };
}

/**
 * Delays without a value from Meta: half to all of a value that doubles between these limits. Callers handle longer
 * delays themselves.
 */
const firstDelayMs = 500;
const longestDelayMs = 20_000;

/**
 * Reports whether a request may be retried after `error`. A write is retried only if Meta certainly rejected it: the
 * Cloud API has no idempotency key, so other retries might send a message twice.
 */
export function mayRetry(error: unknown, isRead: boolean): boolean {
  if (error instanceof GraphApiError && (error.retryAfterMs ?? 0) > longestDelayMs) return false;
  if (error instanceof GraphApiError) return error.retryable === 'safe' || (isRead && error.retryable === 'idempotent-only');
  if (error instanceof NetworkError) return isRead || error.delivery === 'not-sent';
  if (error instanceof TimeoutError) return isRead;
  return error instanceof InvalidResponseError && isRead && error.httpStatus >= 500;
}

/**
 * Returns the milliseconds to wait before retry number `retry` (the first is 1): Meta's value if there is one,
 * otherwise a doubling delay, with jitter.
 */
export function retryDelayMs(error: unknown, retry: number, random: () => number): number {
  const said = error instanceof GraphApiError ? error.retryAfterMs : undefined;
  const delayMs = Math.max(said ?? 0, Math.min(longestDelayMs, firstDelayMs * 2 ** (retry - 1)));
  return said === undefined ? delayMs * (0.5 + random() / 2) : delayMs * (1 + random() / 10);
}
