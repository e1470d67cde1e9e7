import { expect, test } from 'vitest';
import { createClient, createCoexistence, InvalidArgumentError, memoryStore, silentLogger } from 'wa-coexist';
import { parseWebhook } from 'wa-coexist/webhooks';
import { fakeClock } from 'wa-coexist/testing';

const [event] = parseWebhook({
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          field: 'smb_app_state_sync',
          value: {
            metadata: { phone_number_id: '106540352242922' },
            state_sync: [
              {
                type: 'contact',
                action: 'add',
                contact: { full_name: 'Mara', phone_number: '15550100001' },
                metadata: { timestamp: '1760000000' },
              },
            ],
          },
        },
      ],
    },
  ],
});
if (!event) throw new Error('The delivery has no event.');

function setUp(options: object = {}) {
  const clock = fakeClock();
  const client = createClient({ accessToken: 'token', clock, logger: silentLogger });
  const coexistence = createCoexistence({
    ...{ client, clock, store: memoryStore({ clock }), logger: silentLogger, saveToken: () => undefined, sweepIntervalMs: false },
    ...options,
  });
  return { clock, coexistence };
}

test.each([
  ['throws', () => Promise.reject(new Error('listener'))],
  ['hangs', () => new Promise<void>(() => undefined)],
])('an event whose listener %s is emitted again when it is redelivered, and close() ends', async (_name, misbehave) => {
  const { clock, coexistence } = setUp();
  let calls = 0;
  coexistence.on('contact.changed', () => {
    calls += 1;
    return calls === 1 ? misbehave() : undefined;
  });
  const first = coexistence.handle(event).then(
    () => 'handled',
    () => 'failed',
  );
  await clock.advance(31_000);
  expect(await first).toBe('failed');
  await coexistence.handle(event);
  expect(calls).toBe(2);
  await coexistence.close();
});

test('a store that hangs fails the event after its timeout', async () => {
  const { clock, coexistence } = setUp({ store: { ...memoryStore(), get: () => new Promise(() => undefined) } });
  const handled = coexistence.handle(event).then(
    () => 'handled',
    () => 'failed',
  );
  for (let round = 0; round < 12; round += 1) await clock.advance(10_000);
  expect(await handled).toBe('failed');
});

test.each([{ listenerTimeoutMs: NaN }, { storeTimeoutMs: 0 }, { sweepIntervalMs: -1 }, { saveToken: 7 }, { client: undefined }])(
  'wrong options are rejected: %j',
  (options) => {
    expect(() => setUp(options)).toThrow(InvalidArgumentError);
  },
);

test('a listener that is no function is rejected', () => {
  const { coexistence } = setUp();
  expect(() => {
    coexistence.on('contact.changed', undefined as never);
  }).toThrow(InvalidArgumentError);
});

test('handle() rejects with a ListenerTimeoutError if a listener hangs', async () => {
  const { clock, coexistence } = setUp({ listenerTimeoutMs: 1_000 });
  coexistence.on('contact.changed', () => new Promise<void>(() => undefined));
  const handled = coexistence.handle(event).catch((error: unknown) => error);
  await clock.advance(1_000);
  const error = await handled;
  expect(error).toMatchObject({ name: 'ListenerTimeoutError', kind: 'webhook' });
  expect(String(error)).toContain('1000 ms');
  await coexistence.close();
});
