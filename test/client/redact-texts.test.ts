import { inspect } from 'node:util';
import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { createClient } from 'wa-coexist';
import { recordMeta } from '../meta/recorder.js';

const short = 'Jo';
/** Returns messages whose texts and personal data are all `text`. Everything else is defined by Meta or is an ID. */
const messagesWith = (text: string): readonly object[] => [
  { type: 'text', text: { body: text } },
  { type: 'image', image: { link: text, caption: text } },
  { type: 'document', document: { id: '1003383421387256', filename: text, caption: text } },
  { type: 'reaction', reaction: { message_id: 'wamid.EXAMPLE1', emoji: text } },
  { type: 'location', location: { latitude: text, longitude: text, name: text, address: text } },
  {
    type: 'contacts',
    contacts: [
      {
        name: { formatted_name: text, first_name: text },
        birthday: text,
        phones: [{ phone: text, wa_id: text, type: 'HOME' }],
        emails: [{ email: text, type: 'HOME' }],
        addresses: [{ street: text, city: text, zip: text, country: text }],
        org: { company: text, title: text },
        urls: [{ url: text }],
      },
    ],
  },
  {
    type: 'interactive',
    interactive: {
      type: 'list',
      header: { type: 'text', text },
      body: { text },
      footer: { text },
      action: { button: text, sections: [{ title: text, rows: [{ id: 'row-1', title: text, description: text }] }] },
    },
  },
  {
    type: 'interactive',
    interactive: {
      type: 'flow',
      body: { text },
      action: {
        name: 'flow',
        parameters: {
          flow_id: '987654321012345',
          flow_token: text,
          flow_cta: text,
          flow_action: 'navigate',
          flow_action_payload: { screen: 'WELCOME', data: { id: text, type: text, name: text, nested: [{ to: text }, text] } },
        },
      },
    },
  },
  {
    type: 'interactive',
    interactive: {
      type: 'address_message',
      body: { text },
      action: {
        name: 'address_message',
        parameters: { country: 'IN', values: { name: text, id: text }, saved_addresses: [{ id: 'a', value: { type: text } }] },
      },
    },
  },
  {
    type: 'template',
    template: {
      name: 'order_update',
      language: { code: 'en_US', policy: 'deterministic' },
      components: [
        { type: 'header', parameters: [{ type: 'document', document: { link: text, filename: text } }] },
        {
          type: 'body',
          parameters: [
            { type: 'text', parameter_name: 'customer_name', text },
            { type: 'currency', currency: { fallback_value: text, code: 'USD', amount_1000: 1 } },
            { type: 'date_time', date_time: { fallback_value: text } },
          ],
        },
        { type: 'button', sub_type: 'quick_reply', index: '0', parameters: [{ type: 'payload', payload: 'order-payload-7' }] },
        {
          type: 'button',
          sub_type: 'flow',
          index: '1',
          parameters: [{ type: 'action', action: { flow_token: text, flow_action_data: { id: text } } }],
        },
        {
          type: 'carousel',
          cards: [{ card_index: 0, components: [{ type: 'body', parameters: [{ type: 'text', text }] }] }],
        },
      ],
    },
  },
  { subject: text, description: text },
  { action: 'connect', session: { sdp_type: 'offer', sdp: text } },
];

const envelope = {
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to: '15550100987',
  context: { message_id: 'wamid.CONTEXT1' },
  biz_opaque_callback_data: 'campaign-2026-11',
};

/**
 * Sends a body to a server that echoes its values in a response, and returns everything that the error and the logs
 * contain.
 */
async function failWith(body: object, echo: string, how: (echo: string) => Promise<Response>): Promise<string> {
  const lines: unknown[] = [];
  const write = (...line: unknown[]): void => void lines.push(line);
  const client = createClient({
    accessToken: 'token-of-the-client',
    maxRetries: 0,
    logger: { debug: write, info: write, warn: write, error: write },
    fetch: recordMeta(() => how(echo)).fetch,
  });
  const request = { method: 'POST', path: ['106540352242922', 'messages'], operation: 'POST /{phone-number-id}/messages', body } as const;
  const error: unknown = await client.request(request).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  return `${inspect([error, lines], { depth: 9, showHidden: true })}\n${(error as Error).message}\n${JSON.stringify(error)}`;
}

const graphError = (echo: string): Promise<Response> =>
  Promise.resolve(
    Response.json(
      { error: { code: 131009, message: echo, error_user_title: echo, error_user_msg: echo, error_data: { details: echo }, type: echo } },
      { status: 400 },
    ),
  );
/** Escapes JSON like PHP. */
const escaped = (text: string): string =>
  JSON.stringify(text)
    .replace(/[\u007f-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('/', '\\/');
const failures: Readonly<Record<string, (echo: string) => Promise<Response>>> = {
  'an error of Meta': graphError,
  'a page': (echo) => Promise.resolve(new Response(`<html>${echo}</html>`, { status: 502 })),
  'JSON without an error': (echo) => Promise.resolve(new Response(`{"said":${JSON.stringify(echo)}}`, { status: 500 })),
  'JSON that is escaped': (echo) => Promise.resolve(new Response(`{"said":${escaped(echo)}}`, { status: 500 })),
  'an address': (echo) => Promise.resolve(new Response(encodeURIComponent(echo), { status: 500 })),
  'a broken connection': (echo) => Promise.reject(new TypeError(`failed: ${echo}`, { cause: new Error(echo) })),
};

describe.each(Object.entries(failures))('%s', (_name, how) => {
  test.each(messagesWith('').map((_message, index) => index))('contains no text of message %i', async (index) => {
    for (const text of ['private w\u00f6rds of "someone"\nand a/second line \ud83d\ude00', 'Private', 'Priv']) {
      const body = { ...envelope, ...messagesWith(text)[index] };
      const seen = await failWith(body, `Value ${text} of (${text}) is wrong, see "${text}".`, how);
      expect(seen).not.toMatch(/priv|someone|second line|w\u00f6rds/i);
    }
  });
});

test('random texts are found, also if one contains another', async () => {
  const word = fc.string({ minLength: 4, maxLength: 30, unit: 'grapheme' }).filter((text) => /[^\s\w[\]]{4}|\p{L}{4}/u.test(text));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constantFrom(...Object.values(failures)), async (words, how) => {
      const texts = words.map((_text, index) => `zq${words.slice(0, index + 1).join('zq')}qz`);
      const parameters = texts.map((text) => ({ type: 'text', text }));
      const body = { ...envelope, type: 'template', template: { name: 'a', components: [{ type: 'body', parameters }] } };
      expect(await failWith(body, texts.map((text) => `<${text}>`).join(', '), how)).not.toMatch(/zq|qz/);
    }),
    { numRuns: 200 },
  );
});

test('types, template names, IDs, payloads and our own data stay readable', async () => {
  const said =
    'template order_update in en_US: header, body, customer_name, quick_reply, deterministic, order-payload-7, flow 987654321012345, navigate, WELCOME, whatsapp, individual, 15550100987, wamid.CONTEXT1, wamid.EXAMPLE1, campaign-2026-11, interactive list row-1, 1003383421387256, connect offer, carousel, address_message, reaction';
  for (const message of messagesWith('private words')) {
    expect(await failWith({ ...envelope, ...message }, said, graphError)).toContain(said);
  }
});

test("the error doesn't contain coordinates", async () => {
  const body = { ...envelope, type: 'location', location: { latitude: 37.44216251, longitude: -122.16153 } };
  expect(await failWith(body, 'No place at 37.44216251, -122.16153', graphError)).not.toMatch(/37\.44|122\.16/);
});

test('short texts are removed only in quotes, so that the error stays readable', async () => {
  for (const text of [short, 'a', 'is']) {
    const body = { ...envelope, type: 'text', text: { body: text } };
    const seen = await failWith(body, `Joining a list is wrong: "${text}", '${text}', \u201c${text}\u201d`, graphError);
    expect(seen).toContain('Joining a list is wrong: [redacted], [redacted], [redacted]');
  }
  const blank = { ...envelope, type: 'text', text: { body: '' }, image: { caption: '    ' } };
  expect(await failWith(blank, 'The text "" is empty,     it seems', graphError)).toContain('The text "" is empty,     it seems');
});

test('a text that equals a word of the path leaves the path readable', async () => {
  const body = { ...envelope, type: 'text', text: { body: 'messages' } };
  expect(await failWith(body, 'Wrong', graphError)).toContain('[POST /106540352242922/messages]');
});

test("the error doesn't contain secrets of a form", async () => {
  const form = new FormData();
  form.set('messaging_product', 'whatsapp');
  form.set('pin', '739104');
  form.set('caption', 'private words');
  for (const body of [form, new URLSearchParams({ pin: '739104', messaging_product: 'whatsapp', text: 'private words' })]) {
    expect(await failWith(body, 'The PIN 739104 is wrong for private words', graphError)).not.toMatch(/739104|private/);
  }
});
