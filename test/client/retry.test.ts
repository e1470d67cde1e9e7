import { describe, expect, test } from 'vitest';
import { InvalidResponseError, NetworkError, TimeoutError } from 'wa-coexist';
import { mayRetry, retryBudget, retryDelayMs } from '../../src/client/retry.js';
import { graphError } from '../../src/errors/from-graph.js';

const refused = (code: number, retryAfterMs?: number) =>
  graphError({ code, message: 'no' }, retryAfterMs === undefined ? {} : { retryAfterMs });

describe('whether a request may be retried', () => {
  test.each([
    ['refused for the rate', refused(130_429), true, true],
    ['refused for the rate, to be tried again in 20 s', refused(130_429, 20_000), true, true],
    ['refused for the rate, to be tried again later than that', refused(130_429, 20_001), false, false],
    ['an error of Meta’s that tells not whether it acted', refused(1), true, false],
    ['refused for its content', refused(100), false, false],
    ['never connected', new NetworkError('x', 'not-sent'), true, true],
    ['broke off', new NetworkError('x', 'unknown'), true, false],
    ['no answer in time', new TimeoutError('x', 1), true, false],
    ['a page of 500', new InvalidResponseError('x', 500, ''), true, false],
    ['a page of 503', new InvalidResponseError('x', 503, ''), true, false],
    ['a page of 499', new InvalidResponseError('x', 499, ''), false, false],
    ['something of the caller’s', new TypeError('x'), false, false],
  ] as const)('%s', (_what, error, forReads, forWrites) => {
    expect(mayRetry(error, true)).toBe(forReads);
    expect(mayRetry(error, false)).toBe(forWrites);
  });
});

describe('the delay before a retry', () => {
  const error = new NetworkError('x', 'unknown');

  test.each([
    [1, 250, 500],
    [2, 500, 1_000],
    [3, 1_000, 2_000],
    [6, 8_000, 16_000],
    [7, 10_000, 20_000],
    [30, 10_000, 20_000],
  ])('is between half and all of a doubling value for attempt %i', (retry, least, most) => {
    expect(retryDelayMs(error, retry, () => 0)).toBe(least);
    expect(retryDelayMs(error, retry, () => 1)).toBe(most);
  });

  test('is what Meta asks for plus up to 10 %, and never less than the usual delay', () => {
    expect(retryDelayMs(refused(130_429, 3_000), 1, () => 0)).toBe(3_000);
    expect(retryDelayMs(refused(130_429, 3_000), 1, () => 1)).toBeCloseTo(3_300);
    expect(retryDelayMs(refused(130_429, 3_000), 4, () => 0)).toBe(4_000);
    expect(retryDelayMs(refused(130_429, 0), 1, () => 0)).toBe(500);
    // If the response contains no delay, Meta's delay is from the table of codes.
    expect(retryDelayMs(refused(130_429), 1, () => 0)).toBe(1_000);
    expect(retryDelayMs(refused(1), 1, () => 0)).toBe(250);
  });
});

describe('the retry budget of a client', () => {
  const error = new NetworkError('x', 'unknown');
  const takenOf = (budget: ReturnType<typeof retryBudget>, cause: unknown): number => {
    let taken = 0;
    while (budget.take(cause)) taken += 1;
    return taken;
  };

  test('allows 100 retries in a row, or 50 after timeouts', () => {
    expect(takenOf(retryBudget(), error)).toBe(100);
    expect(takenOf(retryBudget(), new TimeoutError('x', 1))).toBe(50);
  });

  test('gets a fifth of a retry back with each success, up to its size', () => {
    const budget = retryBudget();
    for (let success = 0; success < 50; success += 1) budget.refund();
    expect(takenOf(budget, error)).toBe(100);
    for (let success = 0; success < 15; success += 1) budget.refund();
    expect(takenOf(budget, error)).toBe(3);
    for (let success = 0; success < 4; success += 1) budget.refund();
    expect(takenOf(budget, error)).toBe(0);
  });
});
