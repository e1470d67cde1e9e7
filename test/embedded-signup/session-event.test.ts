import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onSessionEvent, parseSessionEvent } from 'wa-coexist/embedded-signup';

const message = (event: string, data: unknown): unknown => ({ type: 'WA_EMBEDDED_SIGNUP', event, version: 3, data });

describe('parseSessionEvent', () => {
  test('a coexistence finish holds the WABA id and nothing more', () => {
    const posted = message('FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING', { waba_id: '211900000000001' });
    const event = {
      outcome: 'finished',
      event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
      coexistence: true,
      wabaId: '211900000000001',
    };
    expect(parseSessionEvent(posted)).toEqual(event);
    expect(parseSessionEvent(JSON.stringify(posted))).toEqual(event);
  });

  test.each(['FINISH', 'FINISH_ONLY_WABA', 'FINISH_OBO_MIGRATION', 'FINISH_GRANT_ONLY_API_ACCESS', 'FINISH_OF_NEXT_YEAR'])(
    '%s is a finish of another kind',
    (name) => {
      const data = { waba_id: 211900000000001, phone_number_id: '339900000000001', business_id: '7788', waba_ids: ['211900000000001'] };
      expect(parseSessionEvent(message(name, data))).toEqual({
        outcome: 'finished',
        event: name,
        coexistence: false,
        wabaId: '211900000000001',
        phoneNumberId: '339900000000001',
        businessId: '7788',
        wabaIds: ['211900000000001'],
      });
    },
  );

  test('of several WABAs none is guessed', () => {
    expect(parseSessionEvent(message('FINISH', { waba_ids: ['1', '2'] }))).not.toHaveProperty('wabaId');
    expect(parseSessionEvent(message('FINISH', { waba_ids: ['1'] }))).toHaveProperty('wabaId', '1');
  });

  test('a cancel tells the step, known or not', () => {
    for (const step of ['PHONE_NUMBER_SETUP', 'A_STEP_OF_NEXT_YEAR']) {
      expect(parseSessionEvent(message('CANCEL', { current_step: step }))).toEqual({
        outcome: 'cancelled',
        event: 'CANCEL',
        currentStep: step,
      });
    }
    expect(parseSessionEvent(message('CANCEL', undefined))).toEqual({ outcome: 'cancelled', event: 'CANCEL' });
  });

  test.each(['error_code', 'error_id'])('an error is reported by %s, as a cancel or as an error', (name) => {
    const data = { error_message: 'This cannot be done now.', [name]: '524999', session_id: 'abc', timestamp: '1795300000' };
    for (const event of ['CANCEL', 'ERROR']) {
      expect(parseSessionEvent(message(event, data))).toEqual({
        outcome: 'failed',
        event,
        errorMessage: 'This cannot be done now.',
        errorCode: '524999',
        sessionId: 'abc',
        occurredAt: new Date(1_795_300_000_000),
      });
    }
    expect(parseSessionEvent(message('CANCEL', { [name]: 7 }))).toEqual({ outcome: 'failed', event: 'CANCEL', errorCode: '7' });
  });

  test('what is not from Embedded Signup gives nothing', () => {
    for (const other of [
      '',
      'null',
      '{',
      '[]',
      '"x"',
      undefined,
      null,
      7,
      [],
      {},
      { type: 'WA_EMBEDDED_SIGNUP' },
      { type: 'other', event: 'FINISH' },
    ]) {
      expect(parseSessionEvent(other)).toBeUndefined();
    }
    expect(parseSessionEvent(message('RESIZE', {}))).toEqual({ outcome: 'unknown', event: 'RESIZE' });
    expect(parseSessionEvent(`${' '.repeat(100_001)}${JSON.stringify(message('FINISH', {}))}`)).toBeUndefined();
  });

  test('nothing throws and nothing is polluted', () => {
    const events = fc.constantFrom('FINISH', 'CANCEL', 'ERROR', 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING');
    const hostile = fc.oneof(
      fc.anything(),
      fc.json(),
      fc.tuple(events, fc.anything()).map(([event, data]) => message(event, data)),
      fc
        .tuple(
          events,
          fc.dictionary(fc.constantFrom('__proto__', 'waba_id', 'waba_ids', 'timestamp', 'error_code', 'constructor'), fc.anything()),
        )
        .map(([event, data]) => message(event, data)),
      fc.constant('{"type":"WA_EMBEDDED_SIGNUP","event":"FINISH","data":{"__proto__":{"polluted":true},"waba_id":"1"}}'),
    );
    fc.assert(
      fc.property(hostile, (data) => {
        const event = parseSessionEvent(data);
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
        if (event) expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
      }),
      { numRuns: 2_000 },
    );
  });

  test('objects with getters that throw, and revoked proxies, are no events', () => {
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const trap = (): never => {
      throw new Error('hostile');
    };
    const inside = (data: object): object => ({ type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH', data });
    const hostile: readonly unknown[] = [
      revoked.proxy,
      new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap }),
      Object.defineProperty({}, 'type', { get: trap }),
      inside(Object.defineProperty({}, 'waba_id', { get: trap })),
      inside({ waba_ids: Object.defineProperty([], '0', { get: trap }) }),
      inside(revoked.proxy),
    ];
    for (const data of hostile) expect(parseSessionEvent(data)).toBeUndefined();
    const target = new EventTarget();
    const heard: unknown[] = [];
    onSessionEvent((event) => heard.push(event), { window: target });
    for (const data of hostile) {
      for (const members of [{ data: { value: data } }, { data: { get: trap } }]) {
        target.dispatchEvent(Object.defineProperties(new Event('message'), { origin: { value: 'https://www.facebook.com' }, ...members }));
      }
    }
    target.dispatchEvent(Object.defineProperty(new Event('message'), 'origin', { get: trap }));
    expect(heard).toEqual([]);
  });
});
