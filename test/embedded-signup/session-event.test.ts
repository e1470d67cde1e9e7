import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { onSessionEvent, parseSessionEvent } from 'wa-coexist/embedded-signup';

const message = (event: string, data: unknown): unknown => ({ type: 'WA_EMBEDDED_SIGNUP', event, version: 3, data });

describe('parseSessionEvent', () => {
  test('returns only the WABA ID for a coexistence finish', () => {
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
    'returns another type of finish for %s',
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

  test("doesn't choose one of several WABAs", () => {
    expect(parseSessionEvent(message('FINISH', { waba_ids: ['1', '2'] }))).not.toHaveProperty('wabaId');
    expect(parseSessionEvent(message('FINISH', { waba_ids: ['1'] }))).toHaveProperty('wabaId', '1');
  });

  test('returns the step of a cancellation, also an unknown one', () => {
    for (const step of ['PHONE_NUMBER_SETUP', 'A_STEP_OF_NEXT_YEAR']) {
      expect(parseSessionEvent(message('CANCEL', { current_step: step }))).toEqual({
        outcome: 'cancelled',
        event: 'CANCEL',
        currentStep: step,
      });
    }
    expect(parseSessionEvent(message('CANCEL', undefined))).toEqual({ outcome: 'cancelled', event: 'CANCEL' });
  });

  test.each(['error_code', 'error_id'])('returns an error that is reported by %s, as a cancellation or as an error', (name) => {
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

  test('returns undefined for messages from elsewhere', () => {
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

  test('never throws, and pollutes no prototypes', () => {
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

  test('returns undefined for objects with getters that throw, and for revoked proxies', () => {
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

describe('hostile messages of a window', () => {
  const fail = (): never => {
    throw new Error('looked at');
  };
  const revoked = (): object => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const throwing = (target: object): object =>
    new Proxy(target, { get: fail, has: fail, ownKeys: fail, getOwnPropertyDescriptor: fail, getPrototypeOf: fail });
  const cyclic: Record<string, unknown> = { type: 'WA_EMBEDDED_SIGNUP', event: 'FINISH' };
  cyclic['data'] = cyclic;
  let reads = 0;
  const changing = {
    type: 'WA_EMBEDDED_SIGNUP',
    get event() {
      return (reads += 1) % 2 === 1 ? 'CANCEL' : Symbol('other');
    },
  };
  // Wrapped in functions, because fast-check inspects the values that it generates.
  const made: readonly (() => unknown)[] = [revoked, () => throwing({}), () => throwing([]), () => cyclic, () => changing, () => fail];
  const plain = (values: fc.Arbitrary<unknown>): fc.Arbitrary<() => unknown> => values.map((value) => () => value);
  const hostile = fc.oneof(
    fc.constantFrom(...made),
    plain(fc.constantFrom<unknown>(Symbol('s'), 1n, Object.create(null), Number.NaN)),
    plain(fc.constantFrom('['.repeat(99_999), 'a'.repeat(200_000), '{', JSON.stringify({ type: 'WA_EMBEDDED_SIGNUP' }))),
    plain(
      fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withObjectString: true,
        withTypedArray: true,
      }),
    ),
  );
  const trap = fc.constantFrom<PropertyDescriptor>({ get: fail }, { get: revoked }, { get: () => throwing({}) });
  const member = fc.oneof(
    hostile.map((make): PropertyDescriptor => ({ value: make(), enumerable: true })),
    trap,
  );
  const details = fc
    .dictionary(
      fc.constantFrom('waba_id', 'waba_ids', 'phone_number_id', 'current_step', 'error_message', 'error_code', 'timestamp'),
      member,
    )
    .map((members): object => Object.defineProperties({}, members));
  const signup = fc
    .tuple(fc.constantFrom('FINISH', 'CANCEL', 'ERROR', 'NEW'), fc.oneof(plain(details), hostile))
    .map(([event, make]) => (): unknown => ({ type: 'WA_EMBEDDED_SIGNUP', event, data: make() }));
  const origin = fc.oneof(plain(fc.constant('https://www.facebook.com')), hostile);

  test('never throw, for any data and origin', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, signup), fc.oneof(member, fc.constant(undefined)), origin, (make, dataTrap, makeOrigin) => {
        const data = make();
        parseSessionEvent(data);
        const hear: ((event: Event) => void)[] = [];
        const events: unknown[] = [];
        const window = {
          addEventListener: (_name: string, listener: (event: Event) => void) => void hear.push(listener),
          removeEventListener: () => undefined,
        };
        onSessionEvent((event) => events.push(event), { window: window });
        const event = Object.defineProperties(new Event('message'), { origin: { value: makeOrigin() }, data: dataTrap ?? { value: data } });
        for (const listener of hear) {
          listener(event);
          listener(throwing({}) as Event);
          listener(revoked() as Event);
        }
        JSON.stringify(events);
      }),
      { numRuns: 1_000 },
    );
  });
});
