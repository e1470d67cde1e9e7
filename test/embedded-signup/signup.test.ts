import fc from '../fast-check.js';
import { describe, expect, test, vi } from 'vitest';
import {
  isMetaOrigin,
  launchSignup,
  loginOptions,
  onSessionEvent,
  type FacebookLogin,
  type LaunchSignupOptions,
  type LoginOptions,
  type LoginResponse,
  type SignupResult,
} from 'wa-coexist/embedded-signup';
import { fakeClock } from 'wa-coexist/testing';

const facebook = 'https://www.facebook.com';
const message = (event: string, data: unknown = {}): unknown => ({ type: 'WA_EMBEDDED_SIGNUP', event, version: 3, data });
const finish = message('FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING', { waba_id: '211900000000001' });
const finished = {
  outcome: 'finished',
  event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
  coexistence: true,
  wabaId: '211900000000001',
};

describe('isMetaOrigin', () => {
  test.each([facebook, 'https://facebook.com', 'https://business.facebook.com', 'https://m.beta.facebook.com'])('accepts %s', (origin) => {
    expect(isMetaOrigin(origin)).toBe(true);
  });

  test.each([
    'https://evilfacebook.com',
    'https://facebook.com.evil.example',
    'https://evil.example/facebook.com',
    'https://evil.example#.facebook.com',
    'https://facebook.com@evil.example',
    'https://facebook.com:8443',
    'https://www.facebook.com.',
    'https://www.facebook.com/',
    'https://-.facebook.com:1',
    'https://www.facebook.co',
    'https://www.faceb00k.com',
    'https://www.facеbook.com',
    'HTTPS://www.facebook.com',
    'http://www.facebook.com',
    'ftp://www.facebook.com',
    'wss://www.facebook.com',
    'data:text/html,facebook.com',
    'blob:https://www.facebook.com',
    'null',
    'facebook.com',
    '.facebook.com',
    '',
    ' https://www.facebook.com',
    'https://www.facebook.com\n',
  ])('rejects %j', (origin) => {
    expect(isMetaOrigin(origin)).toBe(false);
  });

  test('rejects 2,000 random hosts that begin or end like one of Meta', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
    const hostile = fc.oneof(
      label.map((name) => `https://${name}facebook.com`),
      label.map((name) => `https://www.${name}-facebook.com`),
      fc.tuple(label, label).map(([name, end]) => `https://facebook.com.${name}.${end}`),
      label.map((name) => `https://facebook.com@${name}.example`),
      label.map((name) => `http://${name}.facebook.com`),
      fc.tuple(label, fc.integer({ min: 1, max: 65_535 })).map(([name, port]) => `https://${name}.facebook.com:${String(port)}`),
      label.map((name) => `https://${name}/.facebook.com`),
      label.map((name) => `https://${name}?.facebook.com`),
      label.map((name) => `https://${name}\\.facebook.com`),
    );
    fc.assert(
      fc.property(hostile, (origin) => !isMetaOrigin(origin)),
      { numRuns: 2_000 },
    );
  });

  test('accepts an extra origin only as a whole, and never the opaque origin of sandboxed frames', () => {
    const extra = ['http://127.0.0.1:4004', 'null'];
    expect(isMetaOrigin('http://127.0.0.1:4004', extra)).toBe(true);
    expect(isMetaOrigin('http://127.0.0.1:4005', extra)).toBe(false);
    expect(isMetaOrigin('null', extra)).toBe(false);
    expect(isMetaOrigin(facebook, extra)).toBe(true);
  });
});

describe('onSessionEvent', () => {
  test('receives events of Meta only, as texts and objects, until it is stopped', () => {
    const page = new EventTarget();
    const handler = vi.fn();
    const stop = onSessionEvent(handler, { window: page });
    const post = (data: unknown, origin: string): boolean => page.dispatchEvent(new MessageEvent('message', { data, origin }));
    post(finish, 'https://evilfacebook.com');
    post(finish, '');
    post({ type: 'other' }, facebook);
    post('not JSON', facebook);
    page.dispatchEvent(new Event('message'));
    expect(handler).not.toHaveBeenCalled();
    post(JSON.stringify(finish), facebook);
    post(finish, 'https://business.facebook.com');
    expect(handler.mock.calls).toEqual([[finished], [finished]]);
    stop();
    post(finish, facebook);
    expect(handler).toHaveBeenCalledTimes(2);
  });
});

describe('loginOptions', () => {
  test('open coexistence with the login configuration (version 4)', () => {
    expect(loginOptions({ configId: '900100200300400' })).toEqual({
      config_id: '900100200300400',
      response_type: 'code',
      override_default_response_type: true,
      extras: { setup: {}, featureType: 'whatsapp_business_app_onboarding', sessionInfoVersion: '3' },
    });
  });

  test.each([
    ['v2', undefined],
    ['v2-public-preview', 'v2-public-preview'],
    ['v3', 'v3'],
    ['v3-public-preview', 'v3-public-preview'],
  ] as const)('use the name %s for version %s', (version, named) => {
    expect(loginOptions({ configId: '1', version }).extras).toMatchObject({ featureType: 'whatsapp_business_app_onboarding' });
    expect(loginOptions({ configId: '1', version }).extras.version).toBe(named);
  });

  test('contain setup data and features, and no feature type for the default flow', () => {
    const options = loginOptions({
      configId: '1',
      version: 'v3',
      setup: { solutionID: '7' },
      features: ['marketing_messages_lite'],
      featureType: 'default',
    });
    expect(options.extras).toEqual({
      setup: { solutionID: '7' },
      sessionInfoVersion: '3',
      version: 'v3',
      features: [{ name: 'marketing_messages_lite' }],
    });
  });
});

describe('launchSignup', () => {
  /** A page with Meta's SDK, whose popup the test controls. */
  function open(options: Partial<LaunchSignupOptions> = {}) {
    const page = new EventTarget();
    const clock = fakeClock();
    let answer: ((response: LoginResponse) => void) | undefined;
    const opened: LoginOptions[] = [];
    const FB: FacebookLogin = {
      login(callback, given) {
        opened.push(given);
        answer = callback;
      },
    };
    const ended: SignupResult[] = [];
    const result = launchSignup(FB, { configId: '1', window: page, clock, ...options });
    result.then(
      (done) => ended.push(done),
      () => undefined,
    );
    return {
      clock,
      opened,
      ended,
      result,
      login: (response: LoginResponse) => answer?.(response),
      post: (data: unknown, origin = facebook) => page.dispatchEvent(new MessageEvent('message', { data, origin })),
    };
  }
  const code = { authResponse: { code: 'AQB-EXAMPLE' } };

  test('opens the popup synchronously, as browsers require', () => {
    expect(open().opened).toEqual([loginOptions({ configId: '1' })]);
  });

  test.each(['code first', 'event first'])('joins the code and the event: %s', async (order) => {
    const { login, post, result, clock } = open();
    if (order === 'code first') {
      login(code);
      post(JSON.stringify(finish));
    } else {
      post(finish);
      login(code);
    }
    expect(await result).toEqual({ outcome: 'finished', code: 'AQB-EXAMPLE', sessionEvent: finished });
    expect(clock.untilNextTimer()).toBeUndefined();
  });

  describe('a signup that finishes without a code', () => {
    const withoutCode = { outcome: 'finished-without-code', wabaId: '211900000000001', sessionEvent: finished };

    test.each(['event first', 'callback first'])('resolves with the known IDs, %s', async (order) => {
      const { login, post, result, clock } = open();
      if (order === 'callback first') {
        login({ authResponse: null });
        await clock.advance(400);
        post(finish);
      } else {
        post(finish);
        login({ authResponse: null });
      }
      expect(await result).toEqual(withoutCode);
      expect(clock.untilNextTimer()).toBeUndefined();
    });

    test('resolves after codeWaitMs if FB.login never calls back, and a late code changes nothing', async () => {
      const { login, post, ended, clock } = open({ codeWaitMs: 2_000 });
      post(message('FINISH', { waba_id: '211900000000001', phone_number_id: '311900000000001', business_id: '411900000000001' }));
      await clock.advance(1_999);
      expect(ended).toEqual([]);
      await clock.advance(1);
      expect(ended).toMatchObject([
        {
          outcome: 'finished-without-code',
          wabaId: '211900000000001',
          phoneNumberId: '311900000000001',
          businessId: '411900000000001',
        },
      ]);
      login(code);
      expect(ended).toHaveLength(1);
    });

    test('resolves also after an error or a step back', async () => {
      const { login, post, result } = open();
      post(message('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' }));
      post(message('ERROR', { error_message: 'Try again' }));
      post(finish);
      login({});
      expect(await result).toEqual(withoutCode);
    });
  });

  test('a popup that was closed and never called back resolves at the timeout', async () => {
    const { post, ended, clock } = open({ timeoutMs: 60_000 });
    post(message('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' }));
    await clock.advance(60_000);
    expect(ended).toMatchObject([{ outcome: 'cancelled', sessionEvent: { currentStep: 'PHONE_NUMBER_SETUP' } }]);
  });

  test('at the timeout, a signup with a code resolves with the code', async () => {
    const { login, ended, clock } = open({ timeoutMs: 60_000 });
    await clock.advance(59_000);
    login(code);
    await clock.advance(1_000);
    expect(ended).toEqual([{ outcome: 'finished', code: 'AQB-EXAMPLE' }]);
  });

  test('at the timeout, a signup with a finish resolves with its IDs, and a code that arrives later is dropped', async () => {
    const { login, post, ended, clock } = open({ timeoutMs: 60_000 });
    await clock.advance(59_000);
    post(finish);
    await clock.advance(1_000);
    login(code);
    await clock.advance(60_000);
    expect(ended).toEqual([{ outcome: 'finished-without-code', wabaId: '211900000000001', sessionEvent: finished }]);
  });

  test('at the timeout, a signup that was left without a message resolves as cancelled', async () => {
    const { login, ended, clock } = open({ timeoutMs: 60_000 });
    await clock.advance(59_900);
    login({});
    await clock.advance(100);
    expect(ended).toEqual([{ outcome: 'cancelled' }]);
  });

  test('a code waits a few seconds for its event, because the server can do without', async () => {
    const { login, post, ended, clock } = open();
    post(finish, 'https://evilfacebook.com');
    login(code);
    await clock.advance(2_999);
    expect(ended).toEqual([]);
    await clock.advance(1);
    expect(ended).toEqual([{ outcome: 'finished', code: 'AQB-EXAMPLE' }]);
  });

  test.each([{}, { authResponse: null }, { authResponse: {} }, { authResponse: { code: '' } }])(
    'a popup that returns %j is cancelled, with the step if it was reported before or after',
    async (response) => {
      const before = open();
      before.post(message('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' }));
      before.login(response);
      const left = { outcome: 'cancelled', sessionEvent: { outcome: 'cancelled', event: 'CANCEL', currentStep: 'PHONE_NUMBER_SETUP' } };
      expect(await before.result).toEqual(left);
      const after = open();
      after.login(response);
      after.post(message('CANCEL', { current_step: 'PHONE_NUMBER_SETUP' }));
      expect(await after.result).toEqual(left);
      const silent = open();
      silent.login(response);
      await silent.clock.advance(500);
      expect(silent.ended).toEqual([{ outcome: 'cancelled' }]);
    },
  );

  test.each([
    ['ERROR', { error_message: 'Not now.', error_id: '524999' }],
    ['CANCEL', { error_message: 'Not now.', error_code: 524999 }],
  ])('an error that is reported as %s contains its details', async (event, data) => {
    const { login, post, result } = open();
    post(message(event, data));
    login({});
    expect(await result).toEqual({
      outcome: 'failed',
      sessionEvent: { outcome: 'failed', event, errorMessage: 'Not now.', errorCode: '524999' },
    });
  });

  test('a finish counts for any earlier message of the popup', async () => {
    const { login, post, result } = open();
    post(message('ERROR', { error_message: 'Not now.' }));
    post(message('CANCEL', { current_step: 'PERMISSIONS' }));
    post(message('SOMETHING_NEW'));
    post(message('FINISH_ONLY_WABA', { waba_id: '7' }));
    login(code);
    login({});
    expect(await result).toMatchObject({
      outcome: 'finished',
      code: 'AQB-EXAMPLE',
      sessionEvent: { event: 'FINISH_ONLY_WABA', wabaId: '7' },
    });
  });

  test("the signal of a page ends it, and an SDK that isn't ready rejects", async () => {
    const away = new AbortController();
    const { result, clock, login } = open({ signal: away.signal });
    login(code);
    away.abort(new Error('gone'));
    await expect(result).rejects.toThrow('gone');
    expect(clock.untilNextTimer()).toBeUndefined();
    await expect(open({ signal: away.signal }).result).rejects.toThrow('gone');
    const notReady: FacebookLogin = {
      login: () => {
        throw new Error('FB.login() called before FB.init().');
      },
    };
    const page = { addEventListener: vi.fn(), removeEventListener: vi.fn() };
    await expect(launchSignup(notReady, { configId: '1', window: page })).rejects.toThrow('before FB.init');
    expect(page.removeEventListener).toHaveBeenCalledTimes(1);
  });

  test('messages and response in any order lead to the same result once all have arrived', async () => {
    const messages = [message('CANCEL', { current_step: 'PERMISSIONS' }), finish, message('ERROR', { error_code: '1' })];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), async (order) => {
        const { login, post, result, clock } = open();
        for (const index of order) {
          if (index === 3) login(code);
          else post(messages[index]);
        }
        await clock.advance(3_000);
        expect(await result).toEqual({ outcome: 'finished', code: 'AQB-EXAMPLE', sessionEvent: finished });
      }),
    );
  });
});

describe('a page that opens several signups', () => {
  const config = { configId: '900100200300400' };

  test('rejects the second call until the first one has a result', async () => {
    let back: ((response: LoginResponse) => void) | undefined;
    const facebook: FacebookLogin = { login: (callback) => void (back = callback) };
    const target = new EventTarget();
    const first = launchSignup(facebook, { ...config, window: target, eventWaitMs: 0 });
    const second = [
      { sdk: facebook, window: target, field: 'facebook' },
      { sdk: facebook, window: new EventTarget(), field: 'facebook' },
      { sdk: { login: () => undefined }, window: target, field: 'window' },
    ];
    for (const { sdk, window, field } of second) {
      await expect(launchSignup(sdk, { ...config, window })).rejects.toMatchObject({ name: 'InvalidArgumentError', field });
    }
    back?.({ authResponse: { code: 'CODE-A' } });
    expect(await first).toMatchObject({ outcome: 'finished', code: 'CODE-A' });
    const third = launchSignup(facebook, { ...config, window: target, eventWaitMs: 0 });
    back?.({ authResponse: { code: 'CODE-B' } });
    expect(await third).toMatchObject({ code: 'CODE-B' });
  });

  test.each([undefined, null, 7, 'text', {}, { authResponse: 7 }, { authResponse: { code: 7 } }])(
    'resolves if FB.login calls back with %j',
    async (garbage) => {
      const facebook: FacebookLogin = {
        login: (callback) => {
          callback(garbage as LoginResponse);
        },
      };
      expect(await launchSignup(facebook, { ...config, window: new EventTarget() })).toEqual({ outcome: 'cancelled' });
    },
  );

  test('rejects if FB.login throws or never calls back', async () => {
    const target = new EventTarget();
    const throwing: FacebookLogin = {
      login: () => {
        throw new Error('blocked');
      },
    };
    await expect(launchSignup(throwing, { ...config, window: target })).rejects.toThrow('blocked');
    await expect(launchSignup({ login: () => undefined }, { ...config, window: target, timeoutMs: 5 })).rejects.toMatchObject({
      field: 'timeoutMs',
    });
  });
});
