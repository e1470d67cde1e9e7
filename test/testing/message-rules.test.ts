import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { createClient, GraphApiError, InvalidMessageError, sendMessage, type OutgoingMessage } from 'wa-coexist';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { acceptedMessage, recordMeta } from '../meta/recorder.js';

type Wire = Readonly<Record<string, unknown>>;

const to = '15550400000';
const runs = process.env.WA_COEXIST_LONG === '1' ? 20_000 : 1_500;

/**
 * A number with an open service window, and two clients for it: one that checks messages, and one that relies on the
 * API.
 */
function open() {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const number = fake.cloudApiNumber();
  fake.customer(to).send(number.phoneNumberId, 'Hi');
  const { phoneNumberId, accessToken, wabaId } = number;
  const common = { phoneNumberId, accessToken, wabaId, clock, maxRetries: 0 };
  return {
    clock,
    checking: createClient({ ...common, fetch: recordMeta(acceptedMessage).fetch }),
    plain: createClient({ ...common, validate: false, fetch: fake.fetch }),
  };
}

const button = (title: string, id = 'yes'): Wire => ({ type: 'reply', reply: { id, title } });
const buttons = (...list: readonly Wire[]): Wire => ({ type: 'button', body: { text: 'Which?' }, action: { buttons: list } });
const interactive = (content: Wire): Wire => ({ to, type: 'interactive', interactive: content });
const rows = (count: number, more: Wire = {}): Wire =>
  interactive({
    type: 'list',
    body: { text: 'Which?' },
    action: {
      button: 'See',
      sections: [{ rows: Array.from({ length: count }, (_, index) => ({ id: String(index), title: 'Row', ...more })) }],
    },
  });

test.each<[string, Wire, number, string]>([
  [
    'a long title of a button',
    interactive(buttons(button('x'.repeat(21)))),
    131009,
    'Button title length invalid. Min length: 1, Max length: 20',
  ],
  ['four buttons', interactive(buttons(...['a', 'b', 'c', 'd'].map((id) => button(id, id)))), 131009, 'Max allowed: 3'],
  ['two equal buttons', interactive(buttons(button('a'), button('a'))), 131009, 'Duplicated Button id'],
  ['no title', interactive(buttons({ type: 'reply', reply: { id: 'a' } })), 131008, 'Button title is required'],
  ['eleven rows', rows(11), 131009, 'Max allowed: 10'],
  ['a long row', rows(1, { title: 'x'.repeat(25) }), 131009, 'Max length: 24'],
  ['a long description', rows(1, { description: 'x'.repeat(73) }), 131009, 'Max length: 72'],
  ['a long footer', interactive({ ...buttons(button('a')), footer: { text: 'x'.repeat(61) } }), 131009, 'Max length: 60'],
  ['a long header', interactive({ ...buttons(button('a')), header: { type: 'text', text: 'x'.repeat(61) } }), 131009, 'Max length: 60'],
  ['a long body', interactive({ ...buttons(button('a')), body: { text: 'x'.repeat(1_025) } }), 131009, 'Max length: 1024'],
  [
    'a long caption',
    { to, type: 'image', image: { link: 'https://x.example/a.jpg', caption: 'x'.repeat(1_025) } },
    131009,
    'Max length: 1024',
  ],
  ['a voice note with a caption', { to, type: 'audio', audio: { link: 'https://x.example/a.ogg', caption: 'x' } }, 131009, 'not supported'],
  [
    'a line break in a value',
    {
      to,
      type: 'template',
      template: {
        name: 'hello_world',
        language: { code: 'en_US' },
        components: [{ type: 'header', parameters: [{ type: 'text', text: 'a\nb' }] }],
      },
    },
    132018,
    'new-line',
  ],
])('the fake rejects %s with the code and details of Meta', async (_what, message, code, details) => {
  const { plain } = open();
  const sent = sendMessage(plain, message as unknown as OutgoingMessage);
  await expect(sent).rejects.toMatchObject({ code, details: expect.stringContaining(details) as string });
});

/** Texts around Meta's limits, and values from callers without types. */
const text = (max: number) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('a', 'bread', '🥖') },
    { weight: 2, arbitrary: fc.constantFrom('x'.repeat(max), '🥖'.repeat(max)) },
    { weight: 1, arbitrary: fc.constantFrom('x'.repeat(max + 1), '🥖'.repeat(max + 1), '', undefined, null) },
  );
const few = <Value>(item: fc.Arbitrary<Value>, max: number) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.array(item, { minLength: 1, maxLength: 3 }) },
    { weight: 2, arbitrary: fc.array(item, { minLength: 0, maxLength: max + 1 }) },
  );
const one = (name: string) => fc.constantFrom(name, name, name, name, name, name, name, name, 'other', undefined);
const file = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ link: 'https://x.example/a' }) },
  { weight: 1, arbitrary: fc.constantFrom({}, { link: '' }, { id: '', link: 'https://x.example/a' }, undefined) },
);
const header = fc.option(
  fc.oneof(
    fc.record({ type: one('text'), text: text(60), sub_text: fc.option(text(60), { nil: undefined }) }),
    fc.record({ type: fc.constant('image'), image: file }),
  ),
  { nil: undefined, freq: 2 },
);
const id = fc.oneof({ weight: 3, arbitrary: fc.uuid() }, { weight: 1, arbitrary: text(200) });
const index = fc.constantFrom<unknown>(0, 1, 2, 3, '4', 5, 9, 10, 1.5, undefined);
const link = fc.record({ name: one('cta_url'), parameters: fc.record({ display_text: text(20), url: text(20) }) });
const products = few(fc.record({ title: text(24), product_items: few(fc.record({ product_retailer_id: text(20) }), 30) }), 10);
const media = fc.record({ type: fc.constantFrom('image', 'video', 'text'), image: file, video: file });
const quickReply = fc.record({ type: one('quick_reply'), quick_reply: fc.record({ id, title: text(20) }) });
const card = fc.oneof(
  fc.record({ card_index: index, type: fc.constant('product'), action: fc.record({ catalog_id: text(9), product_retailer_id: text(9) }) }),
  fc.record({
    card_index: index,
    header: media,
    body: fc.record({ text: fc.oneof(text(160), fc.constant('a\nb\nc\nd')) }),
    action: fc.oneof(link, fc.record({ buttons: few(quickReply, 2) })),
  }),
);
const actions: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  button: fc.record({
    buttons: few(
      fc.record({
        type: fc.constant('reply'),
        reply: fc.record({
          id,
          title: fc.oneof(
            fc.uuid().map((name) => name.slice(0, 8)),
            text(20),
          ),
        }),
      }),
      3,
    ),
  }),
  list: fc.record({
    button: text(20),
    sections: few(fc.record({ title: text(24), rows: few(fc.record({ id, title: text(24), description: text(72) }), 10) }), 10),
  }),
  cta_url: link,
  flow: fc.record({
    name: one('flow'),
    parameters: fc.record({
      flow_message_version: text(1),
      flow_id: fc.constantFrom('1', undefined),
      flow_name: fc.constantFrom('a', undefined),
      flow_cta: text(30),
    }),
  }),
  product: fc.record({ catalog_id: text(9), product_retailer_id: text(9) }),
  product_list: fc.record({ catalog_id: text(9), sections: products }),
  carousel: fc.record({ cards: few(card, 10) }),
  location_request_message: fc.record({ name: one('send_location') }),
  address_message: fc.record({ name: one('address_message'), parameters: fc.record({ country: text(2) }) }),
  voice_call: fc.record({
    name: one('voice_call'),
    parameters: fc.record({
      display_text: text(20),
      ttl_minutes: fc.constantFrom<unknown>(1, '5', 0, 43_201, undefined),
      payload: text(512),
    }),
  }),
  catalog_message: fc.record({ name: one('catalog_message') }),
  call_permission_request: fc.record({ name: one('call_permission_request') }),
  request_contact_info: fc.record({ name: one('request_contact_info') }),
};
const optionalText = (max: number) => fc.option(fc.record({ text: text(max) }), { nil: undefined });
const anyInteractive = fc.oneof(
  ...Object.entries(actions).map(([type, action]) =>
    fc.record({ type: fc.constant(type), header, body: optionalText(1_024), footer: optionalText(60), action }),
  ),
);
const captioned = (type: string) =>
  fc.record({
    to: fc.constant(to),
    type: fc.constant(type),
    [type]: fc.record({ link: fc.constant('https://x.example/a'), caption: text(1_024) }),
  });
const anyMessage: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: anyInteractive.map(interactive) },
  ...['image', 'video', 'document', 'audio', 'sticker'].map(captioned),
  fc.record({ to: fc.constant(to), type: fc.constant('text'), text: fc.record({ body: text(4_096) }) }),
  fc.record({
    to: fc.constant(to),
    type: fc.constant('location'),
    location: fc.record({ latitude: fc.constantFrom(1, undefined), longitude: fc.constantFrom(1, undefined) }),
  }),
  fc.record({
    to: fc.constant(to),
    type: fc.constant('contacts'),
    contacts: few(fc.record({ name: fc.record({ formatted_name: text(9) }) }), 257),
  }),
);

/**
 * Intended differences between the client and the fake, with the reason. Each row is a message type and the text of the
 * client's or the fake's error.
 */
const knownDisagreements: readonly (readonly [subject: string, verdict: string, reason: string])[] = [
  ['flow', 'does not exist in this WhatsApp Business account', 'Only Meta and the fake know the flows of an account.'],
];

test('the checks of the client and the rules of the fake agree on random messages', async () => {
  const { clock, checking, plain } = open();
  const disagreements = new Map<string, string>();
  const verdictOf = async (sent: PromiseLike<unknown>): Promise<string> => {
    try {
      await sent;
      return 'accepted';
    } catch (error) {
      if (error instanceof InvalidMessageError || error instanceof GraphApiError) return error.message;
      throw error;
    }
  };
  let rejected = 0;
  const counts = { accepted: 0 };
  await fc.assert(
    fc.asyncProperty(anyMessage, async (generated) => {
      const message = JSON.parse(JSON.stringify(generated)) as OutgoingMessage;
      // Avoids Meta's pair rate, which isn't tested here.
      await clock.advance(10_000);
      const client = await verdictOf((async () => sendMessage(checking, message))());
      const fake = await verdictOf((async () => sendMessage(plain, message))());
      if (client === 'accepted') counts.accepted += 1;
      else rejected += 1;
      if ((client === 'accepted') === (fake === 'accepted')) return;
      const kind = (message as { interactive?: { type: string } }).interactive?.type ?? message.type ?? 'text';
      if (knownDisagreements.some(([subject, verdict]) => subject === kind && `${client} ${fake}`.includes(verdict))) return;
      disagreements.set(`${kind}: client: ${client.slice(0, 90)}; fake: ${fake.slice(0, 120)}`, JSON.stringify(message).slice(0, 300));
    }),
    { numRuns: runs },
  );
  expect([...disagreements]).toEqual([]);
  // Both kinds of messages occurred.
  expect(Math.min(counts.accepted, rejected)).toBeGreaterThan(runs / 20);
});
