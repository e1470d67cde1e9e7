import { describe, expect, test } from 'vitest';
import { createClient, sendMessage, ThrottlingError, type Clock } from 'wa-coexist';
import { acceptedMessage, recordMeta } from '../meta/recorder.js';

const hello = { to: '15550100987', type: 'text', text: { body: 'Hello' } } as const;
const tooFast = { error: { message: '(#130429) Rate limit hit', code: 130429 } };

/**
 * Sends once through a client whose first response is the given one, and returns the delays that it requested from its
 * clock.
 */
async function sendPast(first: () => Response, maxRetries = 1) {
  const waits: number[] = [];
  const { fetch, requests } = recordMeta(first, acceptedMessage);
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    schedule(callback, delayMs) {
      waits.push(delayMs);
      queueMicrotask(callback);
      return () => undefined;
    },
  };
  const client = createClient({
    accessToken: 't',
    phoneNumberId: '1',
    clock,
    maxRetries,
    fetch,
  });
  const outcome: unknown = await sendMessage(client, hello).catch((reason: unknown) => reason);
  return { outcome, waits, requests: requests.length };
}

const usage = (...minutes: number[]): string =>
  JSON.stringify(
    Object.fromEntries(
      minutes.map((estimated_time_to_regain_access, index) => [
        `10229012934039${index}`,
        [{ type: 'whatsapp', call_count: 100, total_cputime: 3, total_time: 4, estimated_time_to_regain_access }],
      ]),
    ),
  );
const date = 'Tue, 24 Nov 2026 12:00:00 GMT';

/** The delay of the error code, if no header contains one. */
const ofTheCode = 1_000;

const headers: readonly [what: string, headers: Record<string, string>, retryAfterMs: number][] = [
  ['nothing', {}, ofTheCode],
  ['Retry-After in seconds', { 'retry-after': '3' }, 3_000],
  ['Retry-After as a date, by the clock of its sender', { 'retry-after': 'Tue, 24 Nov 2026 12:00:07 GMT', date }, 7_000],
  ['Retry-After as a date that is over', { 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT', date }, ofTheCode],
  ['Retry-After as a date of nobody knows which clock', { 'retry-after': 'Tue, 24 Nov 2026 12:00:07 GMT' }, ofTheCode],
  ['Retry-After that is none', { 'retry-after': 'soon', date }, ofTheCode],
  ['minutes in the usage of the business', { 'x-business-use-case-usage': usage(5) }, 300_000],
  ['the longest where several are told', { 'x-business-use-case-usage': usage(2, 9, 4) }, 540_000],
  ['a usage that blocks nobody', { 'x-business-use-case-usage': usage(0) }, ofTheCode],
  ['a usage that is no JSON', { 'x-business-use-case-usage': '<html>' }, ofTheCode],
  ['Retry-After beside a usage', { 'retry-after': '3', 'x-business-use-case-usage': usage(5) }, 3_000],
];

describe('the wait that Meta asks for is in the error', () => {
  test.each(headers)('%s', async (_what, said, retryAfterMs) => {
    const { outcome } = await sendPast(() => Response.json(tooFast, { status: 400, headers: said }), 0);
    expect(outcome).toMatchObject({ kind: 'throttling', retryAfterMs });
  });
});

describe('the client waits that long before a retry', () => {
  test.each(headers.filter(([, , retryAfterMs]) => retryAfterMs <= 20_000))('%s', async (_what, said, retryAfterMs) => {
    const { outcome, waits, requests } = await sendPast(() => Response.json(tooFast, { status: 400, headers: said }));
    expect([outcome, requests, waits.length]).toEqual([acceptedMessage, 2, 1]);
    expect(waits[0]).toBeGreaterThanOrEqual(retryAfterMs);
    expect(waits[0]).toBeLessThanOrEqual(retryAfterMs * 1.1);
  });

  test.each(headers.filter(([, , retryAfterMs]) => retryAfterMs > 20_000))(
    '%s: the wait is too long for the client',
    async (_what, said) => {
      const { outcome, waits, requests } = await sendPast(() => Response.json(tooFast, { status: 400, headers: said }));
      expect(outcome).toBeInstanceOf(ThrottlingError);
      expect([requests, waits]).toEqual([1, []]);
    },
  );
});

test("a 429 of a gateway that isn't JSON is a rejection, too: the send is retried after the wait", async () => {
  const page = () => new Response('<html>Too Many Requests</html>', { status: 429, headers: { 'retry-after': '4' } });
  expect((await sendPast(page, 0)).outcome).toMatchObject({ kind: 'throttling', httpStatus: 429, retryAfterMs: 4_000, retryable: 'safe' });
  const { outcome, waits } = await sendPast(page);
  expect(outcome).toEqual(acceptedMessage);
  expect(waits[0]).toBeGreaterThanOrEqual(4_000);
});
