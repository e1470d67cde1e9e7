import fc from '../fast-check.js';
import * as z from 'zod';
import { expect, expectTypeOf, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { parseFlowReply, type FlowReply, type StandardSchema } from 'wa-coexist/flows';
import { webhookPayload } from 'wa-coexist/testing';
import { parseWebhook, type MessageEvent } from 'wa-coexist/webhooks';

/** Returns the message of a webhook with this `nfm_reply`. */
function message(reply: unknown): MessageEvent['message'] {
  const content = { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: reply } } as never;
  const [event] = parseWebhook(webhookPayload('message', { message: content }));
  if (event?.type !== 'message') throw new Error('no message');
  return event.message;
}
const answers = (values: unknown): MessageEvent['message'] =>
  message({ name: 'flow', body: 'Sent', response_json: JSON.stringify(values) });
const schema = z.object({ guests: z.coerce.number() });

test('a reply has the type of the schema', async () => {
  const reply = await parseFlowReply(answers({ flow_token: 'token-1', guests: '4' }), schema);
  expectTypeOf(reply).toEqualTypeOf<FlowReply<{ guests: number }>>();
  expect(reply).toEqual({ type: 'valid', data: { guests: 4 }, flowToken: 'token-1' });
});

test('a reply without a schema is any object', async () => {
  expect(await parseFlowReply(answers({ flow_token: 'token-1', a: 1 }))).toEqual({
    type: 'valid',
    data: { flow_token: 'token-1', a: 1 },
    flowToken: 'token-1',
  });
  expect(await parseFlowReply(message({ response_json: { a: 1 } }))).toMatchObject({ type: 'valid', data: { a: 1 }, flowToken: undefined });
});

test('invalid answers have their problems', async () => {
  expect(await parseFlowReply(answers({ guests: 'many' }), schema)).toMatchObject({
    type: 'invalid',
    issues: [{ message: expect.any(String) as string }],
    answers: { guests: 'many' },
  });
});

test.each(['', '{', '[]', 'null', '"text"', '1', '['.repeat(100_000)])('%.20s is unreadable', async (json) => {
  expect(await parseFlowReply(message({ name: 'flow', response_json: json }), schema)).toEqual({ type: 'unreadable' });
});

test('other messages are other', async () => {
  const [event] = parseWebhook(webhookPayload('message', { message: { type: 'text', text: { body: 'Hello' } } }));
  expect(await parseFlowReply((event as MessageEvent).message)).toEqual({ type: 'other' });
  expect(await parseFlowReply(message({ name: 'address_message', response_json: '{}' }))).toEqual({ type: 'other' });
});

test('hostile answers never pollute a prototype', async () => {
  const reply = await parseFlowReply(
    message({ name: 'flow', response_json: '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}' }),
  );
  expect(reply.type).toBe('valid');
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(fc.anything(), async (value) => {
      expect(['valid', 'invalid', 'unreadable', 'other']).toContain((await parseFlowReply(message(value), schema)).type);
    }),
  );
});

test('an async schema works, and the error of a schema is the caller’s', async () => {
  const slow: StandardSchema<unknown, string> = {
    '~standard': { version: 1, vendor: 'test', validate: () => Promise.resolve({ value: 'ok' }) },
  };
  expect(await parseFlowReply(answers({}), slow)).toMatchObject({ data: 'ok' });
  const broken: StandardSchema<unknown, string> = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: () => {
        throw new Error('broken');
      },
    },
  };
  await expect(parseFlowReply(answers({}), broken)).rejects.toThrow('broken');
  // @ts-expect-error it is no schema
  await expect(parseFlowReply(answers({}), {})).rejects.toThrow(InvalidArgumentError);
});

test.each([undefined, null, 7, {}, { issues: 'x' }])('a schema that returns %j is an error of the library', async (result) => {
  const broken = { '~standard': { version: 1 as const, vendor: 'test', validate: () => Promise.resolve(result as never) } };
  await expect(parseFlowReply(answers({ a: 1 }), broken)).rejects.toThrow(InvalidArgumentError);
});

test.each([
  {},
  { type: 'interactive' },
  { type: 'interactive', interactive: null },
  { type: 'interactive', interactive: { nfm_reply: null } },
  { type: 'interactive', interactive: { nfm_reply: 'x' } },
])('a message that no receiver checked is other: %j', async (given) => {
  expect(await parseFlowReply(given as never)).toEqual({ type: 'other' });
});
