import fc from '../fast-check.js';
import { parseWebhook } from 'wa-coexist/webhooks';
import { createFakeCloudApi, createFixtures, fakeClock, webhookPayload } from 'wa-coexist/testing';
import { expect, test } from 'vitest';

test('a fixture parses to the same types of events and contains no recorded value', async () => {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const { phoneNumberId, wabaId } = fake.coexistenceNumber();
  fake.deliverTo(() => Promise.resolve(new Response()));
  const mara = fake.customer('15557654321', { name: 'Mara Secret' });
  const id = mara.send(phoneNumberId, 'Call me at +1 555 765 4321');
  mara.send(phoneNumberId, { type: 'image', image: { caption: 'My house' } }, { replyTo: id });
  await fake.settled();
  const toFixture = createFixtures();
  const fixtures = fake.deliveries.map(({ body }) => toFixture(JSON.parse(body)));
  const text = JSON.stringify(fixtures);
  for (const secret of ['15557654321', '7654321', 'Mara Secret', 'My house', phoneNumberId, wabaId, id, mara.userId])
    expect(text).not.toContain(secret);
  const types = (body: unknown): string[] => [...parseWebhook(body)].map(({ type }) => type);
  expect(fixtures.map(types)).toEqual(fake.deliveries.map(({ body }) => types(JSON.parse(body))));
});

test('equal values get equal replacements in several webhooks', () => {
  const toFixture = createFixtures();
  const payload = webhookPayload('message', { message: 'Hello', customer: { waId: '15557654321' } });
  expect(toFixture(payload)).toEqual(toFixture(payload));
});

test('kept texts lose their phone numbers', () => {
  const fixture = createFixtures({ texts: 'keep' })(webhookPayload('message', { message: 'Call +1 555 765 4321 at nine' }));
  expect(JSON.stringify(fixture)).toMatch(/Call \+1555010\d{4} at nine/);
});

test('any JSON is accepted and stays JSON of the same shape', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const fixture = createFixtures()(value);
      expect(Object.keys(Object(fixture) as object)).toEqual(Object.keys(Object(value) as object));
    }),
  );
});

test('a wrong option is rejected', () => {
  expect(() => createFixtures({ texts: 'some' as 'keep' })).toThrow('texts');
});
