import type { AddressInfo, Server } from 'node:net';
import { createFakeCloudApi, type FakeReceiver } from 'wa-coexist/testing';

/** Whether Meta, or the emulator, is to call: then the server stays. */
const isExpected = process.env['WHATSAPP_APP_SECRET'] !== undefined;

const fake = createFakeCloudApi();
// Only the fake calls: the receiver gets the fake's secrets, through the same variables. Import this module before the receiver.
if (!isExpected) {
  process.env['WHATSAPP_APP_SECRET'] = fake.app.secret;
  process.env['WHATSAPP_VERIFY_TOKEN'] = fake.app.verifyToken;
}

/** Where a receiver listens. The fake takes any free port. */
export const port = Number(process.env['PORT'] ?? (isExpected ? 3000 : 0));

/** Has a server that listens visited by the fake and closes it, or leaves it to Meta. */
export async function visitServer(server: Server, close: () => unknown = () => server.close()): Promise<void> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`;
  console.log(`listening at ${url}`);
  if (isExpected) return;
  await visit(url);
  await close();
}

/** What Meta does: the handshake, then a signed delivery of what a customer writes, and one of what somebody answers in the Business app. */
export async function visit(receiver: FakeReceiver): Promise<void> {
  const number = fake.coexistenceNumber({ verifiedName: 'Harbor Bakery' });
  fake.deliverTo(receiver);
  console.log(`handshake: ${(await fake.verifyCallback()) ? 'passed' : 'failed'}`);
  const mara = fake.customer('15550100987', { name: 'Mara' });
  mara.send(number.phoneNumberId, 'Do you have crème brûlée? 🥐');
  await fake.settled();
  fake.phone(number).send(mara.waId, 'Two left');
  await fake.settled();
  console.log(`${String(fake.deliveries.filter(({ state }) => state === 'delivered').length)} deliveries answered with 200`);
  await fake.close();
}
