import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { InvalidArgumentError } from 'wa-coexist';
import { defineCallback } from 'wa-coexist/messages';
import { createFakeCloudApi } from 'wa-coexist/testing';
import { createWebhooks, type MessageFilter } from 'wa-coexist/webhooks';

const pick = defineCallback({ name: 'pick', fields: { day: 'string' } });

function open() {
  const fake = createFakeCloudApi();
  const shop = fake.coexistenceNumber();
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken });
  fake.deliverTo(webhooks.fetch);
  const mara = fake.customer('15550100987');
  const send = async (content: Parameters<typeof mara.send>[1]): Promise<void> => {
    mara.send(shop.phoneNumberId, content);
    await fake.settled();
  };
  return { fake, webhooks, send };
}
const tap = (id: string, title = 'Yes') =>
  ({ type: 'interactive', interactive: { type: 'button_reply', button_reply: { id, title } } }) as const;
const choose = (id: string) => ({ type: 'interactive', interactive: { type: 'list_reply', list_reply: { id, title: 'Row' } } }) as const;
const answers = (json: string) =>
  ({ type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: { name: 'flow', response_json: json } } }) as const;

test('a handler gets only the messages of its filter, with typed data', async () => {
  const { webhooks, send } = open();
  const seen: unknown[] = [];
  webhooks.on('message', { text: /^order (?<id>\d+)$/gi, button: pick, list: pick }, (event, match) => {
    if (match.type === 'text') seen.push(match.groups.id);
    else {
      expectTypeOf(match.data).toEqualTypeOf<{ readonly day: string }>();
      seen.push([match.type, match.data.day, match.title, event.customer?.waId]);
    }
  });
  webhooks.on('message', { button: 'yes' }, (_event, { id, data }) => {
    expectTypeOf(data).toEqualTypeOf<undefined>();
    seen.push(id);
  });
  webhooks.on('message', 'text', (_event, { text }) => {
    seen.push(`text ${text}`);
  });
  for (const content of [
    'Order 12',
    'Order 12',
    'hello',
    tap(pick.id({ day: 'mon' })),
    choose(pick.id({ day: 'tue' })),
    tap('yes'),
    tap('other'),
  ])
    await send(content);
  expect(seen).toEqual([
    ...['12', 'text Order 12', '12', 'text Order 12', 'text hello'],
    ...[['button', 'mon', 'Yes', '15550100987'], ['list', 'tue', 'Row', '15550100987'], 'yes'],
  ]);
});

test('a whole text matches without regard to case and accents', async () => {
  const { webhooks, send } = open();
  const seen: string[] = [];
  webhooks.on('message', { text: ['menú', 'ayuda'] }, (_event, { text }) => {
    seen.push(text);
  });
  for (const text of ['MENU', '¡Ayuda!', 'menu please']) await send(text);
  expect(seen).toEqual(['MENU', '¡Ayuda!']);
});

test('responses of a Flow match a schema, and hostile ones match nothing', async () => {
  const { webhooks, send } = open();
  const seen: unknown[] = [];
  webhooks.on('message', { flow: z.object({ day: z.string(), flow_token: z.string() }) }, (_event, { data, flowToken }) => {
    expectTypeOf(data.day).toEqualTypeOf<string>();
    seen.push([data.day, flowToken]);
  });
  for (const json of ['{"day":"mon","flow_token":"t1"}', '{"day":1}', '{', '[]', 'null', '{"__proto__":{"day":"x"}}'])
    await send(answers(json));
  expect(seen).toEqual([['mon', 't1']]);
});

test('the returned function removes the handler, and a handler that fails gets the message again', async () => {
  const { webhooks, send } = open();
  let calls = 0;
  const remove = webhooks.on('message', 'reply', (_event, { type }) => {
    calls += 1;
    if (calls === 1) throw new Error('not ready');
    expect(type).toBe('text');
  });
  await send('Hi');
  expect(calls).toBe(2);
  remove();
  await send('Hi again');
  expect(calls).toBe(2);
});

test.each<[string, unknown]>([
  ['an empty filter', {}],
  ['an unknown kind', 'photo'],
  ['a number', { text: 1 }],
  ['a button without parse', { button: {} }],
  ['a flow that is no schema', { flow: {} }],
  ['one valid and one malformed condition', { text: 'x', list: 7 }],
])('%s is rejected at registration', (_name, filter) => {
  const { webhooks } = open();
  expect(() => webhooks.on('message', filter as MessageFilter, () => undefined)).toThrow(InvalidArgumentError);
});

test('only messages have filters', () => {
  const { webhooks } = open();
  expect(() => webhooks.on('status' as 'message', 'reply', () => undefined)).toThrow('only messages have filters');
});
