import { expect, test } from 'vitest';
import { getPhoneNumber, InvalidResponseError, NetworkError, sendMessage } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import type { FakeFaultKind } from 'wa-coexist/testing';
import { openShop } from './shop.js';

const message = { to: '15550100987', ...template('hello_world', 'en_US') };

test('faults before Meta acted: nothing was accepted', async () => {
  const { client, fake } = openShop();
  const faults: [Parameters<typeof fake.faults.add>[0], object][] = [
    [{ kind: 'cut' }, { name: 'NetworkError', delivery: 'unknown' }],
    [{ kind: 'server-error' }, { code: 131000, httpStatus: 500, kind: 'server' }],
    [
      { kind: 'server-error', status: 503 },
      { code: 2, httpStatus: 503, isTransient: true },
    ],
    [{ kind: 'html' }, { name: 'InvalidResponseError', httpStatus: 502 }],
    [
      { kind: 'reject', code: 130429 },
      { code: 130429, kind: 'throttling' },
    ],
    [{ kind: 'reject', code: 131048 }, { code: 131048 }],
  ];
  for (const [fault, error] of faults) {
    const lift = fake.faults.add(fault);
    await expect(sendMessage(client, message), fault.kind).rejects.toMatchObject(error);
    lift();
  }
  expect(fake.sent).toEqual([]);
  await expect(sendMessage(client, message)).resolves.toBeDefined();
});

test('faults after Meta acted: accepted, and the statuses tell', async () => {
  const { client, fake, values } = openShop({ messageIds: 'one-spelling' });
  fake.faults.add({ kind: 'lose-response', times: 1 });
  await expect(sendMessage(client, { ...message, biz_opaque_callback_data: 'lost' })).rejects.toBeInstanceOf(NetworkError);
  fake.faults.add({ kind: 'server-error-after', status: 502, times: 1 });
  await expect(sendMessage(client, message)).rejects.toMatchObject({ httpStatus: 502 });
  expect(fake.sent).toHaveLength(2);
  await fake.settled();
  const [first] = values('messages').flatMap((value) => value.statuses ?? []);
  expect(first).toMatchObject({ id: fake.sent[0]?.id, biz_opaque_callback_data: 'lost' });
});

test('a slow answer comes when its time has come, or not at all if the caller hangs up', async () => {
  const { client, clock, fake } = openShop();
  fake.faults.add({ kind: 'slow', delayMs: 4_000 });
  let answered = false;
  const sending = sendMessage(client, message).then(() => (answered = true));
  await clock.advance(3_999);
  expect(answered).toBe(false);
  expect(fake.sent).toHaveLength(1);
  await clock.advance(1);
  await sending;
  const controller = new AbortController();
  const aborted = sendMessage(client, message, { signal: controller.signal });
  controller.abort();
  await expect(aborted).rejects.toMatchObject({ name: 'AbortedError' });
});

test('a fault meets its endpoint, its method and its number of times', async () => {
  const { client, fake, number } = openShop();
  fake.faults.add({ kind: 'html', endpoint: '', method: 'GET', times: 2 });
  await expect(sendMessage(client, message)).resolves.toBeDefined();
  await expect(getPhoneNumber(client)).rejects.toBeInstanceOf(InvalidResponseError);
  await expect(getPhoneNumber(client)).rejects.toBeInstanceOf(InvalidResponseError);
  await expect(getPhoneNumber(client)).resolves.toMatchObject({ id: number.phoneNumberId });
  expect(fake.faults.happened.html).toBe(2);
  fake.faults.add({ kind: 'cut', endpoint: 'oauth/access_token' });
  await expect(fake.fetch('https://graph.facebook.com/v26.0/oauth/access_token')).rejects.toThrow(TypeError);
  fake.faults.clear();
  expect((await fake.fetch('https://graph.facebook.com/v26.0/oauth/access_token')).status).toBe(400);
});

test('a share of the requests, the same ones for the same seed', async () => {
  const run = async (seed: number): Promise<string> => {
    const { client, clock, fake } = openShop({ seed });
    fake.faults.add({ kind: 'cut', share: 0.3 });
    let outcomes = '';
    for (let index = 0; index < 60; index += 1) {
      await clock.advance(100);
      outcomes += await sendMessage(client, { ...message, to: String(15550300000 + index) }).then(
        () => '+',
        () => '-',
      );
    }
    const cut: FakeFaultKind = 'cut';
    expect(fake.faults.happened[cut]).toBe(outcomes.split('-').length - 1);
    return outcomes;
  };
  const first = await run(7);
  expect(first).toBe(await run(7));
  expect(first).not.toBe(await run(8));
  expect(first.split('-').length - 1).toBeGreaterThan(5);
  expect(first.split('-').length - 1).toBeLessThan(35);
});
