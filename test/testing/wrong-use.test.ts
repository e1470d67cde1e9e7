import { expect, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { createFakeCloudApi, fakeClock, idlePhone } from 'wa-coexist/testing';

const fake = createFakeCloudApi({ clock: fakeClock() });
const number = fake.coexistenceNumber();
const plain = fake.cloudApiNumber();
const mara = fake.customer('15550100001');
const phone = fake.phone(number);

test.each<readonly [string, () => unknown]>([
  ['an unknown number', () => fake.phone('999')],
  ['a number that is not on the app', () => fake.phone(plain)],
  ['a number without digits', () => fake.cloudApiNumber({ displayPhoneNumber: 'none' })],
  ['an unknown WABA', () => fake.addTemplate('999', { name: 'sale' })],
  ['an unknown template', () => fake.template('999')],
  [
    'a username that is not set',
    () => {
      fake.revokeUsername(number);
    },
  ],
  ['a customer who writes to an unknown number', () => mara.send('999', 'Hello')],
  ['a customer who edits an unknown message', () => mara.edit('wamid.x', 'Hello')],
  [
    'a customer who plays an unknown message',
    () => {
      mara.play('wamid.x');
    },
  ],
  ['a customer who changes to no number', () => mara.changeNumber('none')],
  [
    'a customer who joins an unknown group',
    () => {
      mara.joinGroup('none');
    },
  ],
  ['a customer who calls a number without calling', () => mara.call(number.phoneNumberId)],
  ['a phone that edits an unknown message', () => phone.edit('wamid.x', 'Hello')],
  [
    'a phone that removes an unknown contact',
    () => {
      phone.removeContact('999');
    },
  ],
])('%s is an InvalidArgumentError', (_what, use) => {
  expect(use).toThrow(InvalidArgumentError);
});

test('a story on a clock that stands still, or without a link, is an InvalidArgumentError', async () => {
  const real = createFakeCloudApi();
  await expect(idlePhone(real, real.coexistenceNumber())).rejects.toThrow(InvalidArgumentError);
  await expect(idlePhone(fake, fake.businessAppNumber())).rejects.toThrow(InvalidArgumentError);
});
