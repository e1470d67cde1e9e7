import { describe, expect, test } from 'vitest';
import {
  addPhoneNumber,
  deregisterPhoneNumber,
  getBusinessProfile,
  getPhoneNumber,
  registerPhoneNumber,
  requestVerificationCode,
  RestrictedFeatureError,
  setTwoStepPin,
  updateBusinessProfile,
  verifyCode,
  type Client,
} from 'wa-coexist';
import { coexistencePolicy, isCoexistenceClient, type CoexistenceEndpoint } from 'wa-coexist/coexistence';
import { recordingClient } from '../meta/recorder.js';

const refused: [CoexistenceEndpoint, (client: Client) => PromiseLike<unknown>][] = [
  ['add-phone-number', (client) => addPhoneNumber(client, { cc: '1', phone_number: '5550100123', verified_name: 'Corner Shop' })],
  ['request-verification-code', (client) => requestVerificationCode(client, { code_method: 'SMS', language: 'en_US' })],
  ['verify-code', (client) => verifyCode(client, { code: '123830' })],
  ['register-phone-number', (client) => registerPhoneNumber(client, { pin: '123456' })],
  ['deregister-phone-number', (client) => deregisterPhoneNumber(client)],
  ['set-two-step-pin', (client) => setTwoStepPin(client, { pin: '123456' })],
  ['update-business-profile', (client) => updateBusinessProfile(client, { about: 'Open' })],
];

describe.each(refused)('%s on a coexistence number', (endpoint, call) => {
  test('is rejected before the network, with rule, source and date', () => {
    const { client, requests } = recordingClient({ success: true }, { coexistence: true });
    let error: unknown;
    try {
      void call(client);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RestrictedFeatureError);
    expect(error).toMatchObject({ kind: 'restricted-feature', feature: endpoint });
    const { message, rule } = error as RestrictedFeatureError;
    expect(rule.source).toMatch(/Meta,.*20\d\d/);
    expect(message).not.toMatch(/cop(?:y|ies) of/);
    expect(message).toContain(endpoint);
    expect(requests).toEqual([]);
  });

  test('is sent if the policy is overridden', async () => {
    const policy = coexistencePolicy({ overrides: { endpoints: { [endpoint]: true } } });
    const { client, requests } = recordingClient({ success: true }, { coexistence: true, policy });
    await call(client);
    expect(requests).toHaveLength(1);
  });

  test.each([false, undefined])('is sent if coexistence is %s', async (coexistence) => {
    const { client, requests } = recordingClient({ success: true }, coexistence === undefined ? {} : { coexistence });
    await call(client);
    expect(requests).toHaveLength(1);
  });
});

test('actions that Meta allows on such a number are sent', async () => {
  const { client, requests } = recordingClient({ data: [] }, { coexistence: true });
  await getPhoneNumber(client);
  await getBusinessProfile(client);
  expect(requests).toHaveLength(2);
});

test("a client for another number isn't restricted", async () => {
  const { client, requests } = recordingClient({ success: true }, { coexistence: true });
  await registerPhoneNumber(client.for({ phoneNumberId: '2' }), { pin: '123456' });
  expect(requests).toHaveLength(1);
  expect(isCoexistenceClient(client)).toBe(true);
  expect(isCoexistenceClient(client.for({ phoneNumberId: '2' }))).toBe(false);
});
