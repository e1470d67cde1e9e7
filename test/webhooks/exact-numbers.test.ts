import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { parseWebhook } from 'wa-coexist/webhooks';

const change = (field: string, value: object): object => ({ entry: [{ id: '1', time: 1_790_000_000, changes: [{ field, value }] }] });
const valueOf = (field: string, value: object): unknown => {
  const [event] = parseWebhook(change(field, value));
  return event && 'value' in event ? event.value : undefined;
};
/** Returns the code of an error, which the type declares as a number. */
const codeOf = (code: unknown): unknown => {
  const [event] = parseWebhook(change('messages', { errors: [{ code, title: 'x' }] }));
  return event?.type === 'account.error' ? event.error.code : undefined;
};

test.each([
  '0x10',
  '1e3',
  '1E400',
  ' 7',
  '7 ',
  '+7',
  '.5',
  '5.',
  'Infinity',
  'NaN',
  '0b1',
  '1_000',
  '٣',
  '1234567890123456',
  '--1',
  '1.2.3',
  '\n1',
])('the text %j is not read as a number', (text) => {
  expect(codeOf(text)).toBeUndefined();
  const [chunk] = parseWebhook(change('history', { history: [{ metadata: { phase: text, chunk_order: 1, progress: 5 }, threads: [] }] }));
  expect(chunk).toMatchObject({ type: 'history.chunk', chunkOrder: 1, progress: 5 });
  expect(chunk).not.toHaveProperty('phase');
  const [message] = parseWebhook(
    change('messages', { messages: [{ id: 'wamid.1', from: '15550100987', timestamp: text, type: 'text', text: { body: 'x' } }] }),
  );
  expect(message?.type).toBe('message');
  expect(message).not.toHaveProperty('occurredAt');
});

test('a text of digits is read as exactly its number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }), fc.option(fc.nat({ max: 999 })), (whole, part) => {
      const text = `${String(whole)}${part === null ? '' : `.${String(part)}`}`;
      expect(codeOf(text)).toBe(Number(text));
    }),
  );
});

test('a numeric ID keeps exactly its digits, or is omitted', () => {
  fc.assert(
    fc.property(fc.oneof(fc.maxSafeNat(), fc.double({ min: 2 ** 53, noNaN: true, noDefaultInfinity: true }), fc.double()), (id) => {
      const events = parseWebhook({
        entry: [
          {
            id,
            changes: [
              {
                field: 'messages',
                value: { metadata: { phone_number_id: id }, messages: [{ id, from: id, type: 'text', text: { body: 'x' } }] },
              },
            ],
          },
        ],
      });
      const [event] = events;
      const digits = Number.isSafeInteger(id) ? String(id) : undefined;
      expect([event?.wabaId, event?.phoneNumberId]).toEqual([digits, digits]);
      if (event?.type === 'message') expect(event.message.id).toBe(digits ?? '');
      const status = valueOf('message_template_status_update', { event: 'APPROVED', message_template_id: id });
      if (status !== undefined) expect(status).toMatchObject({ message_template_id: digits });
      else expect(digits).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
