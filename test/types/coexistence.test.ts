import { expect, test } from 'vitest';
import {
  addPhoneNumber,
  createClient,
  createWhatsApp,
  deregisterPhoneNumber,
  getPhoneNumber,
  isCoexistenceClient,
  registerPhoneNumber,
  requestVerificationCode,
  sendMessage,
  setTwoStepPin,
  updateBusinessProfile,
  verifyCode,
  type Client,
} from 'wa-coexist';

/** Compiled by `tsc -p test/tsconfig.json`, never run: each `@ts-expect-error` is an error if the line below it compiles. */
export function compiles(isOnTheApp: boolean, either: Client<true> | Client<false>): void {
  const plain = createClient({ accessToken: 'token', phoneNumberId: '1' });
  const coexistence = createClient({ accessToken: 'token', phoneNumberId: '1', coexistence: true });
  const other = createClient({ accessToken: 'token', phoneNumberId: '1', coexistence: false });
  const unknown = createClient({ accessToken: 'token', phoneNumberId: '1', coexistence: isOnTheApp });
  const shop = plain.for({ phoneNumberId: '1', coexistence: true });

  // Any client will do for what every number can.
  for (const client of [plain, coexistence, other, unknown, shop, either]) void getPhoneNumber(client);
  void sendMessage(coexistence, { to: '1', type: 'text', text: { body: 'Hello' } });
  void sendMessage(either, { to: '1', type: 'text', text: { body: 'Hello' } });

  // Whatever is not literally true compiles, and is decided at run time.
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

  // A client with everything bound takes any of them.
  createWhatsApp(coexistence);
}

test('the types hold, as the compiler says', () => {
  expect(compiles).toBeTypeOf('function');
});
