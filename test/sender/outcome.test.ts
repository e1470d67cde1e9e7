import { describe, expect, test } from 'vitest';
import { AbortedError, graphError, InvalidResponseError, MissingCredentialsError, NetworkError, TimeoutError } from 'wa-coexist/errors';
import { createClient, createSender } from 'wa-coexist';
import { fakeClock } from 'wa-coexist/testing';
import { verdictOn } from '../../src/sender/attempts/outcome.js';
import { message, pass, virtualMeta, type Fault } from './virtual-meta.js';

const refusal = (code: number, httpStatus = 400) => graphError({ code, message: 'No' }, { httpStatus });

describe('whether a message may be sent again', () => {
  test.each([
    [refusal(130429), 'again', 'rate'],
    [refusal(131056), 'again', 'pair'],
    [refusal(4), 'again', 'number'],
    [refusal(80007), 'again', 'number'],
    [refusal(131057), 'again', 'number'],
    [refusal(9_999_999, 429), 'again', 'number'],
    [new NetworkError('no connection', 'not-sent'), 'again', 'connection'],
  ])('%s', (error, type, scope) => {
    expect(verdictOn(error)).toMatchObject({ type, scope });
  });

  test.each([
    [refusal(100), 'rejected'],
    [refusal(131047), 'rejected'],
    [refusal(131026), 'rejected'],
    [refusal(190, 401), 'rejected'],
    [refusal(9_999_999), 'rejected'],
    [refusal(613), 'rejected'],
    [refusal(131000, 500), 'unknown'],
    [refusal(131000, 400), 'unknown'],
    [refusal(131016), 'unknown'],
    [refusal(1, 500), 'unknown'],
    [refusal(100, 503), 'unknown'],
    [graphError({ code: 9_999_999, is_transient: true }, { httpStatus: 400 }), 'unknown'],
    [new InvalidResponseError('no JSON', 502, ''), 'unknown'],
    [new InvalidResponseError('no JSON', 200, ''), 'unknown'],
    [new InvalidResponseError('no JSON', 302, ''), 'unknown'],
    [new InvalidResponseError('no JSON', 408, ''), 'unknown'],
    [new InvalidResponseError('no JSON', 413, ''), 'rejected'],
    [new NetworkError('cut', 'unknown'), 'unknown'],
    [new TimeoutError('late', 1), 'unknown'],
    [new AbortedError('away', 'unknown'), 'unknown'],
    [new AbortedError('away', 'not-sent'), 'not-sent'],
    [new MissingCredentialsError('send', 'accessToken'), 'not-sent'],
    [new Error('whoever threw this'), 'unknown'],
    ['a string', 'unknown'],
  ])('%s is %s', (error, type) => {
    expect(verdictOn(error).type).toBe(type);
  });
});

describe('outcomes of the sender', () => {
  const sendWith = async (faults: readonly (Fault | undefined)[]) => {
    const clock = fakeClock();
    const meta = virtualMeta(clock, { fault: ({ number }) => faults[number - 1] });
    const sender = createSender({ client: meta.client(), throughput: 20 });
    const result = await pass(clock, sender.send(message('hello')));
    await sender.close();
    return { result, meta, tookMs: clock.monotonic() };
  };

  test.each([4, 80007, 131057])('%i pauses the number for a minute', async (code) => {
    const { result, meta, tookMs } = await sendWith([{ code }]);
    expect(result).toMatchObject({ outcome: 'accepted' });
    expect(meta.accepted).toHaveLength(1);
    expect(tookMs).toBeGreaterThanOrEqual(60_000);
  });

  test('Retry-After is respected', async () => {
    const { tookMs } = await sendWith([
      { code: 130429, retryAfter: '7' },
      { code: 80007, retryAfter: '3' },
    ]);
    expect(tookMs).toBeGreaterThanOrEqual(10_000);
    expect(tookMs).toBeLessThan(11_000);
  });

  test('a failed connection is retried with growing delays until it succeeds', async () => {
    const { result, meta, tookMs } = await sendWith(Array.from({ length: 12 }, () => 'refused-connection' as const));
    expect(result).toMatchObject({ outcome: 'accepted' });
    expect(meta.accepted).toHaveLength(1);
    expect(tookMs).toBeGreaterThan(60_000);
    expect(tookMs).toBeLessThan(160_000);
  });

  test.each<Fault>(['server-error-before', 'server-error-after', 'cut-before', 'cut-after'])(
    '%s is unknown, and not sent again',
    async (fault) => {
      const { result, meta } = await sendWith([fault]);
      expect(result.outcome).toBe('unknown');
      expect(meta.arrivals).toHaveLength(1);
    },
  );

  test('a response without a wamid is unknown', async () => {
    const { result } = await sendWith([{ answer: Response.json({ messaging_product: 'whatsapp', messages: [] }) }]);
    expect(result).toMatchObject({ outcome: 'unknown', error: { kind: 'invalid-response' } });
  });

  test('a rejection by Meta is rejected, with its error', async () => {
    const { result } = await sendWith([{ code: 131047 }]);
    expect(result).toMatchObject({ outcome: 'rejected', by: 'meta', error: { kind: 'window-closed', code: 131047 } });
  });

  test('without credentials, no request is sent', async () => {
    const clock = fakeClock();
    const meta = virtualMeta(clock);
    const { accessToken: _none, ...target } = { accessToken: '', phoneNumberId: '106540352242922' };
    const sender = createSender({ client: createClient({ ...target, clock }), throughput: 20 });
    expect(await pass(clock, sender.send(message('hello')))).toMatchObject({
      outcome: 'rejected',
      by: 'guard',
      error: { kind: 'missing-credentials' },
    });
    expect(meta.arrivals).toEqual([]);
    await sender.close();
  });
});
