import { GraphApiError } from '../errors/graph-api-error.js';
import { InvalidResponseError, NetworkError, TimeoutError } from '../errors/connection-errors.js';

/** Room for further tries that all calls of a client share: an outage must not be answered by a storm. */
export interface RetryBudget {
  /** Takes what a further try after `error` costs; `false` if there is no room. */
  take(error: unknown): boolean;
  /** Gives a little back after a success. */
  refund(): void;
}

/** Tokens of a budget, and what a retry costs. The figures are those of a widely used cloud SDK's standard mode. */
const budgetSize = 500;
const retryCost = 5;
const timeoutCost = 10;
const successRefund = 1;

/** Makes a full budget. */
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

/** Delays without a word from Meta: half to the whole of a value that doubles from here to there. A longer wait is the caller's to make. */
const firstDelayMs = 500;
const longestDelayMs = 20_000;

/**
 * Whether a request may go out again after `error`. A request that changes something does so only where Meta certainly did not act:
 * Cloud API has no idempotency key, so anything else might send a message twice.
 */
export function mayRetry(error: unknown, isRead: boolean): boolean {
  if (error instanceof GraphApiError && (error.retryAfterMs ?? 0) > longestDelayMs) return false;
  if (error instanceof GraphApiError) return error.retryable === 'safe' || (isRead && error.retryable === 'idempotent-only');
  if (error instanceof NetworkError) return isRead || error.delivery === 'not-sent';
  if (error instanceof TimeoutError) return isRead;
  return error instanceof InvalidResponseError && isRead && error.httpStatus >= 500;
}

/** Milliseconds to wait before try number `retry` (the first is 1): Meta's word where there is one, else doubling, with jitter. */
export function retryDelayMs(error: unknown, retry: number, random: () => number): number {
  const said = error instanceof GraphApiError ? error.retryAfterMs : undefined;
  const delayMs = Math.max(said ?? 0, Math.min(longestDelayMs, firstDelayMs * 2 ** (retry - 1)));
  return said === undefined ? delayMs * (0.5 + random() / 2) : delayMs * (1 + random() / 10);
}
