import { expect } from 'vitest';
import { createWebhooks, type Webhooks } from 'wa-coexist/webhooks';
import { signWebhook } from 'wa-coexist/testing';

export const appSecret = 'app-secret';
export const verifyToken = 'verify-token';

/** A receiver that records the texts of messages and its log entries. */
export function recordingWebhooks(): { webhooks: Webhooks; texts: string[]; errors: string[] } {
  const texts: string[] = [];
  const errors: string[] = [];
  const ignore = (): void => undefined;
  const webhooks = createWebhooks({
    appSecret,
    verifyToken,
    logger: {
      debug: ignore,
      info: ignore,
      warn: ignore,
      error: (message, facts) => void errors.push(`${message} ${String(facts?.error)}`),
    },
  });
  webhooks.on('message', (event) => {
    if (event.message.type === 'text') texts.push(event.message.text.body);
  });
  return { webhooks, texts, errors };
}

/** Bodies in the spellings that Meta, or a proxy in between, may use, with the text of each. */
const bodies: readonly (readonly [name: string, body: (id: string) => string, text: string])[] = [
  ['plain ASCII', (id) => delivery(id, '"Hello"'), 'Hello'],
  ['accents and emoji as UTF-8', (id) => delivery(id, '"Crème brûlée 🥐 für zwölf"'), 'Crème brûlée 🥐 für zwölf'],
  ['accents and emoji as escapes', (id) => delivery(id, '"Cr\\u00e8me \\ud83e\\udd50"'), 'Crème 🥐'],
  ['escaped slashes', (id) => delivery(id, '"https:\\/\\/shop.example\\/menu"'), 'https://shop.example/menu'],
  ['line breaks and spaces between', (id) => delivery(id, '"Two\\nlines"').replaceAll(',', ',\r\n  '), 'Two\nlines'],
  ['a number of 20 digits and an exponent', (id) => delivery(id, '"Hello"', '"probe":12345678901234567890,"small":1e-7,'), 'Hello'],
];

function delivery(id: string, jsonText: string, more = ''): string {
  return (
    `{"object":"whatsapp_business_account",${more}"entry":[{"id":"211987650043210","changes":[{"field":"messages","value":{` +
    '"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100123","phone_number_id":"339900112233445"},' +
    `"messages":[{"from":"15550100987","id":"${id}","timestamp":"1790000000","type":"text","text":{"body":${jsonText}}}]}}]}]}`
  );
}

/** Sends one request, over the network or directly. */
export type Post = (body: string, headers: Record<string, string>) => Promise<{ status: number }>;

/** Tests a mounted receiver with the handshake, every body, an invalid signature and a missing one. */
export async function expectFaithful(url: string, texts: readonly string[], post: Post = postTo(url)): Promise<void> {
  const handshake = await fetch(`${url}?hub.mode=subscribe&hub.verify_token=${verifyToken}&hub.challenge=1158201444`);
  expect([handshake.status, await handshake.text()]).toEqual([200, '1158201444']);
  expect(handshake.headers.get('content-type')).toMatch(/^text\/plain/);
  expect((await fetch(`${url}?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1158201444`)).status).toBe(403);
  await expectFaithfulDeliveries(texts, post);
}

/** The part of {@link expectFaithful} that posts deliveries. */
export async function expectFaithfulDeliveries(texts: readonly string[], post: Post): Promise<void> {
  for (const [index, [name, body, text]] of bodies.entries()) {
    const sent = body(`wamid.EXAMPLE${index}`);
    expect((await post(sent, { 'x-hub-signature-256': signWebhook(sent, appSecret) })).status, name).toBe(200);
    expect(texts.at(-1), name).toBe(text);
  }
  const sent = delivery('wamid.EXAMPLE99', '"Forged"');
  expect((await post(sent, { 'x-hub-signature-256': signWebhook(sent, 'another-secret') })).status).toBe(401);
  expect((await post(sent, {})).status).toBe(401);
  expect(texts).toHaveLength(bodies.length);
}

export function postTo(url: string): Post {
  return (body, headers) => fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
}

/** Posts one signed delivery to a receiver behind a body parser, and expects the status 500. */
export async function expectRawBodyMissed(url: string): Promise<void> {
  const sent = delivery('wamid.EXAMPLE1', '"Hello"');
  expect((await postTo(url)(sent, { 'x-hub-signature-256': signWebhook(sent, appSecret) })).status).toBe(500);
}
