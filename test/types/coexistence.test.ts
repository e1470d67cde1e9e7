import { expect, test } from 'vitest';
import {
  addPhoneNumber,
  createClient,
  createGroup,
  createSender,
  createWhatsApp,
  deregisterPhoneNumber,
  getPhoneNumber,
  registerPhoneNumber,
  rejectCall,
  requestVerificationCode,
  sendMessage,
  setTwoStepPin,
  updateBusinessProfile,
  verifyCode,
  type Client,
  type Sender,
} from 'wa-coexist';
import { isCoexistenceClient } from 'wa-coexist/coexistence';
import { buttons, callPermissionRequest, template, text } from 'wa-coexist/messages';
import { createBullSender, type BullSenderOptions } from 'wa-coexist/bullmq';

/** Compiled by `tsc -p test/tsconfig.json`, never run: each `@ts-expect-error` is an error if the line below it compiles. */
export function compiles(connection: BullSenderOptions['connection'], isOnTheApp: boolean, either: Client<true> | Client<false>): void {
  const plain = createClient({ accessToken: 'token', phoneNumberId: '1' });
  const coexistence = createClient({ accessToken: 'token', phoneNumberId: '1', coexistence: true });
  const other = createClient({ accessToken: 'token', phoneNumberId: '1', coexistence: false });
  const unknown = createClient({ accessToken: 'token', phoneNumberId: '1', coexistence: isOnTheApp });
  const shop = plain.for({ phoneNumberId: '1', coexistence: true });

  // All clients support actions that every number supports.
  for (const client of [plain, coexistence, other, unknown, shop, either]) void getPhoneNumber(client);
  void sendMessage(coexistence, { to: '1', type: 'text', text: { body: 'Hello' } });
  void sendMessage(either, { to: '1', type: 'text', text: { body: 'Hello' } });

  // Values that aren't literally `true` compile and are checked at runtime.
  void registerPhoneNumber(plain, { pin: '123456' });
  void registerPhoneNumber(other, { pin: '123456' });
  void registerPhoneNumber(unknown, { pin: '123456' });
  void registerPhoneNumber(either, { pin: '123456' });
  void registerPhoneNumber(shop.for({ phoneNumberId: '2' }), { pin: '123456' });
  void deregisterPhoneNumber(plain);

  // @ts-expect-error Meta refuses this on a coexistence number.
  void registerPhoneNumber(coexistence, { pin: '123456' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void registerPhoneNumber(shop, { pin: '123456' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void deregisterPhoneNumber(coexistence);
  // @ts-expect-error Meta refuses this on a coexistence number.
  void setTwoStepPin(coexistence, { pin: '123456' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void requestVerificationCode(coexistence, { code_method: 'SMS', language: 'en_US' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void verifyCode(coexistence, { code: '123456' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void addPhoneNumber(coexistence, { cc: '1', phone_number: '5550100123', verified_name: 'Corner Shop' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void updateBusinessProfile(coexistence, { about: 'Open' });

  // The union narrows.
  if (isCoexistenceClient(either)) {
    // @ts-expect-error Meta refuses this on a coexistence number.
    void registerPhoneNumber(either, { pin: '123456' });
  } else {
    void registerPhoneNumber(either, { pin: '123456' });
  }
  if (!isCoexistenceClient(unknown)) void registerPhoneNumber(unknown, { pin: '123456' });

  // Messages that Meta rejects on coexistence numbers.
  const group = { to: 'group-1', recipient_type: 'group', type: 'text', text: { body: 'Hello' } } as const;
  const pin = { to: 'group-1', type: 'pin', pin: { type: 'pin', message_id: 'wamid.1' } } as const;
  const call = {
    to: '1',
    type: 'interactive',
    interactive: { type: 'call_permission_request', action: { name: 'call_permission_request' } },
  } as const;
  for (const client of [plain, other, unknown]) {
    void sendMessage(client, group);
    void sendMessage(client, pin);
    void sendMessage(client, call);
  }
  void sendMessage(coexistence, { to: '1', recipient_type: 'individual', type: 'text', text: { body: 'Hello' } });
  void sendMessage(coexistence, { to: '1', ...text('Hello') });
  void sendMessage(coexistence, { to: '1', ...template('spring', 'en_US') });
  void sendMessage(coexistence, { to: '1', ...buttons('Yes?', [{ id: '1', title: 'Yes' }]) });
  // @ts-expect-error Meta rejects calls on a coexistence number.
  void sendMessage(coexistence, { to: '1', ...callPermissionRequest() });
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void sendMessage(coexistence, { to: '1', recipient_type: 'group', ...text('Hello') });
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void sendMessage(coexistence, group);
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void sendMessage(shop, group);
  // @ts-expect-error Meta rejects pins on a coexistence number.
  void sendMessage(coexistence, pin);
  // @ts-expect-error Meta rejects calls on a coexistence number.
  void sendMessage(coexistence, call);

  const wa = createWhatsApp(coexistence);
  const ofOptions = createWhatsApp({ accessToken: 'token', phoneNumberId: '1', coexistence: true });
  const plainWa = createWhatsApp(plain);
  void plainWa.messages.send(group);
  void plainWa.phoneNumbers.register({ pin: '123456' });
  void wa.messages.send({ to: '1', type: 'text', text: { body: 'Hello' } });
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void wa.messages.send(group);
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void ofOptions.messages.send(group);
  // @ts-expect-error Meta refuses this on a coexistence number.
  void wa.phoneNumbers.register({ pin: '123456' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void wa.groups.create({ subject: 'Kitchen' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void wa.calls.reject({ callId: 'wacid.1' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void createGroup(coexistence, { subject: 'Kitchen' });
  // @ts-expect-error Meta refuses this on a coexistence number.
  void rejectCall(coexistence, { callId: 'wacid.1' });

  const sender = createSender({ client: coexistence });
  void createSender({ client: plain }).send(group);
  void sender.send({ to: '1', type: 'text', text: { body: 'Hello' } });
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void sender.send(group);
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void sender.enqueue(group);
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void sender.sendAll([group]);
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void sender.sendAll([{ key: '1', message: group }]);
  const bull = createBullSender({ client: coexistence, throughput: 'coexistence', connection });
  void createBullSender({ client: plain, throughput: 'coexistence', connection }).send(group);
  void bull.send({ to: '1', type: 'text', text: { body: 'Hello' } });
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void bull.send(group);
  // @ts-expect-error Meta rejects group messages on a coexistence number.
  void bull.enqueue(group);
  // A sender of a coexistence client is also a `Sender`.
  sender satisfies Sender;
}

test('the compiler accepts the valid calls and rejects the others', () => {
  expect(compiles).toBeTypeOf('function');
});
