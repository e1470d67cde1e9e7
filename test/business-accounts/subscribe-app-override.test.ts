import { describe, expect, test } from 'vitest';
import { createClient, setPhoneNumberWebhook, subscribeApp, unsubscribeApp } from 'wa-coexist';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { recordingClient } from '../meta/recorder.js';

const override = { callbackUrl: 'https://shop.example/hook', verifyToken: 'mine' };
const overrideBody = { override_callback_uri: override.callbackUrl, verify_token: override.verifyToken };

/** Source: the text that Meta returns, as quoted in chatwoot/chatwoot#13279 (15 Jan 2026). */
const mustSubscribe =
  '(#100) Before override the current callback uri, your app must be subscribed to receive messages for WhatsApp Business Account';

const graphError = (message: string, code = 100): Response =>
  Response.json({ error: { code, type: 'OAuthException', message } }, { status: 400 });

describe('subscribeApp with an override', () => {
  test('an app that is subscribed gets one request, so that an earlier override is never cleared', async () => {
    const { client, requests } = recordingClient();
    await subscribeApp(client, { override });
    expect(requests.map(({ body }) => body)).toEqual([overrideBody]);
  });

  test('if Meta requires a subscription first, the app is subscribed and the override repeated', async () => {
    const { client, requests } = recordingClient((_request, index) => (index === 0 ? graphError(mustSubscribe) : { success: true }));
    const { data, response } = await subscribeApp(client, { override }).withResponse();
    expect(requests.map(({ body }) => body)).toEqual([overrideBody, undefined, overrideBody]);
    expect([data, response.status]).toEqual([{ success: true }, 200]);
  });

  test.each([
    ['a callback without the challenge', graphError('(#2200) Callback verification failed', 2200)],
    ['another invalid parameter', graphError('(#100) Param override_callback_uri must be a URL')],
    ['a missing permission', graphError('(#200) The app must be subscribed by its owner', 200)],
  ])('%s rejects after one request', async (_what, answer) => {
    const { client, requests } = recordingClient(() => answer.clone());
    await expect(subscribeApp(client, { override })).rejects.toMatchObject({ name: expect.stringMatching(/Error$/) as string });
    expect(requests).toHaveLength(1);
  });

  test('if Meta requires a subscription again, the second error is passed on', async () => {
    const { client, requests } = recordingClient(({ body }) => (body === undefined ? { success: true } : graphError(mustSubscribe)));
    await expect(subscribeApp(client, { override })).rejects.toMatchObject({ code: 100 });
    expect(requests).toHaveLength(3);
  });
});

describe('the fake Cloud API', () => {
  test('rejects an override of an account and of a number as Meta does while the app is not subscribed', async () => {
    const fake = createFakeCloudApi();
    const number = fake.cloudApiNumber();
    const client = createClient({ ...number, fetch: fake.fetch });
    await unsubscribeApp(client);
    const answer = await fake.fetch(`https://graph.facebook.com/v26.0/${number.wabaId}/subscribed_apps`, {
      method: 'POST',
      headers: { authorization: `Bearer ${number.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(overrideBody),
    });
    expect([answer.status, ((await answer.json()) as { error: object }).error]).toMatchObject([400, { code: 100, message: mustSubscribe }]);
    await expect(setPhoneNumberWebhook(client, override)).rejects.toMatchObject({ code: 100 });
  });
});
