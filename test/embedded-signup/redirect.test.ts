import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createSignupState, loginOptions, readSignupRedirect, signupUrl, SignupStateError } from 'wa-coexist/embedded-signup';

const base = {
  appId: '123456789012345',
  configId: '900100200300400',
  redirectUri: 'https://shop.example/whatsapp/connected?shop=7',
  state: 'state-of-session',
};

describe('signupUrl', () => {
  test('contains the parameters of FB.login, the redirect address and the state', () => {
    const url = new URL(signupUrl({ ...base, version: 'v3' }));
    expect(url.origin + url.pathname).toBe('https://www.facebook.com/v26.0/dialog/oauth');
    const { extras, ...query } = Object.fromEntries(url.searchParams);
    expect(query).toEqual({
      client_id: base.appId,
      redirect_uri: base.redirectUri,
      state: base.state,
      config_id: base.configId,
      response_type: 'code',
      override_default_response_type: 'true',
    });
    expect(JSON.parse(extras ?? '')).toEqual(loginOptions({ configId: base.configId, version: 'v3' }).extras);
  });

  test.each([
    ['appId', { appId: '' }],
    ['configId', { configId: ' ' }],
    ['state', { state: '' }],
    ['redirectUri', { redirectUri: '/whatsapp/connected' }],
    ['redirectUri', { redirectUri: 'http://shop.example/' }],
    ['redirectUri', { redirectUri: 'https://shop.example/#part' }],
    ['redirectUri', { redirectUri: 'javascript:alert(1)' }],
    ['graphVersion', { graphVersion: '../v1' }],
    ['origin', { origin: 'facebook' }],
  ])('rejects a wrong %s', (field, wrong) => {
    expect(() => signupUrl({ ...base, ...wrong })).toThrow(expect.objectContaining({ name: 'InvalidArgumentError', field }));
  });

  test('accepts a page on localhost', () => {
    expect(signupUrl({ ...base, redirectUri: 'http://localhost:3000/done' })).toContain('localhost');
  });
});

describe('readSignupRedirect', () => {
  test('returns the code if the state is the one of the session, from an absolute address and from a path', () => {
    const state = createSignupState();
    const expected = { outcome: 'finished', code: 'AQB/x+y' };
    const query = `code=${encodeURIComponent('AQB/x+y')}&state=${state}`;
    expect(readSignupRedirect(`https://shop.example/done?${query}#_=_`, { state })).toEqual(expected);
    expect(readSignupRedirect(new URL(`https://shop.example/done?${query}`), { state })).toEqual(expected);
    expect(readSignupRedirect(`/done?${query}`, { state })).toEqual(expected);
  });

  test.each([
    ['mismatch', '/done?code=AQB&state=other', 'expected'],
    ['mismatch', '/done?code=AQB&state=expectedexpected', 'expected'],
    ['mismatch', '/done?code=AQB&state=expected&state=expected', 'expected'],
    ['missing', '/done?code=AQB', 'expected'],
    ['missing', '/done?code=AQB&state=', 'expected'],
    ['no-session', '/done?code=AQB&state=', ''],
    ['no-session', '/done?code=AQB&state=undefined', undefined],
  ] as const)('rejects with the problem %s: %s', (problem, url, state) => {
    const read = (): unknown => readSignupRedirect(url, { state });
    expect(read).toThrow(SignupStateError);
    expect(read).toThrow(expect.objectContaining({ kind: 'signup-state', problem }));
    expect(read).not.toThrow(/AQB|expected/);
  });

  test('accepts exactly the state of the session, for any two texts', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (sent, state) => {
        const url = `/done?${new URLSearchParams({ code: 'AQB', state: sent }).toString()}`;
        if (sent === state) expect(readSignupRedirect(url, { state })).toMatchObject({ outcome: 'finished' });
        else expect(() => readSignupRedirect(url, { state })).toThrow(SignupStateError);
      }),
    );
  });

  test.each([
    ['error=access_denied&error_reason=user_denied&error_description=Denied', { outcome: 'cancelled', reason: 'user_denied' }],
    ['error_code=1349048&error_message=Not+allowed', { outcome: 'failed', errorCode: '1349048', errorMessage: 'Not allowed' }],
    ['error=server_error&error_description=Oops', { outcome: 'failed', errorCode: 'server_error', errorMessage: 'Oops' }],
    ['', { outcome: 'finished-without-code' }],
    ['code=a&code=b', { outcome: 'finished-without-code' }],
  ])('%j is %o', (query, expected) => {
    expect(readSignupRedirect(`/done?state=s&${query}`, { state: 's' })).toEqual(expected);
  });
});

test('createSignupState returns 43 characters for URLs, different each time', () => {
  const states = Array.from({ length: 50 }, createSignupState);
  expect(new Set(states).size).toBe(50);
  for (const state of states) expect(state).toMatch(/^[\w-]{43}$/);
});
