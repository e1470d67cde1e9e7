/* global TextEncoder -- every runtime has it */
/**
 * What every runtime must do with the package as it is published: a customer writes, a bot answers, somebody takes over on the phone, and
 * a sender keeps to the pace. Everything goes through the fake Cloud API, so no socket is needed.
 */
import { createClient, createCoexistence, createSender, createWhatsApp, memoryStore } from 'wa-coexist';
import { coexistencePolicy } from 'wa-coexist/coexistence';
import { template, text } from 'wa-coexist/messages';
import { describeError, isWhatsAppError } from 'wa-coexist/errors';
import { createFakeCloudApi, fakeClock, signWebhook } from 'wa-coexist/testing';
import { createWebhooks, parseWebhook, verifySignature } from 'wa-coexist/webhooks';

const must = (condition, what) => {
  if (!condition) throw new Error(`${what} does not hold`);
};

export async function program() {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const { phoneNumberId, accessToken } = fake.coexistenceNumber();
  const client = createClient({ accessToken, phoneNumberId, clock, fetch: fake.fetch });
  const wa = createWhatsApp(client);
  const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
  const coexistence = createCoexistence({
    client,
    webhooks,
    store: memoryStore({ clock }),
    saveToken: () => {},
    clock,
    sweepIntervalMs: false,
  });
  fake.deliverTo(webhooks.fetch);
  must(await fake.verifyCallback(), 'the handshake');

  const seen = [];
  webhooks.on('message', async (event) => {
    seen.push(`message ${event.message.text.body}`);
    await wa.messages.send({ to: event.customer.waId, ...text('We open at nine.') });
  });
  webhooks.on('echo', (event) => seen.push(`echo ${event.message.text.body}`));
  const mara = fake.customer('15550100987', { name: 'Mara' });
  mara.send(phoneNumberId, 'When do you öffnet? 🥖');
  await fake.settled();
  fake.phone(phoneNumberId).send(mara.waId, 'At ten on Sundays.');
  await fake.settled();
  must(seen.join() === 'message When do you öffnet? 🥖,echo At ten on Sundays.', 'what the receiver saw');
  must(mara.inbox.length === 2, "the customer's inbox");

  const sender = createSender({ client, throughput: 'coexistence', clock });
  const sends = Array.from({ length: 30 }, (_, index) =>
    sender.send({ to: `1555010${String(1000 + index)}`, ...template('hello_world', 'en_US') }),
  );
  let open = true;
  const all = Promise.all(sends).finally(() => (open = false));
  while (open) await clock.advance(50);
  must(
    (await all).every(({ outcome }) => outcome === 'accepted'),
    'that all sends were accepted',
  );
  must(fake.maxInOneSecond(phoneNumberId) <= coexistencePolicy().limits.throughput, 'the pace');
  await sender.close();

  const body = new TextEncoder().encode('{"entry":[]}');
  must(verifySignature(body, signWebhook(body, 'secret'), ['secret']) === 0, 'the signature');
  must(parseWebhook({ entry: [] }).length === 0, 'an empty delivery');
  must(describeError(131047) !== undefined && !isWhatsAppError(new Error()), 'the descriptions of errors');
  await coexistence.close();
  await fake.close();
  return 'runs';
}
