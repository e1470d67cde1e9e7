import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';
import type { FakeChangeDeviceOptions } from '../fake/fake-phone.js';
import { virtualClockOf } from './virtual-clock.js';

/**
 * The business moves to a new phone: `ACCOUNT_OFFBOARDED`, sends are refused, and `ACCOUNT_RECONNECTED` two minutes later, unless the person
 * unticks the box. What customers write meanwhile never reaches the API. Gives whether the number is linked again.
 *
 * @throws `Error` if the clock of the fake cannot be moved.
 *
 * @example
 * ```ts
 * import { changeOfDevice, createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi({ clock: fakeClock() });
 * console.log(await changeOfDevice(fake, fake.coexistenceNumber()));
 * ```
 */
export async function changeOfDevice(fake: FakeCloudApi, number: FakeNumber, options: FakeChangeDeviceOptions = {}): Promise<boolean> {
  const { reconnectAfterMs = 120_000 } = options;
  const clock = virtualClockOf(fake);
  const phone = fake.phone(number);
  phone.changeDevice({ ...options, reconnectAfterMs });
  fake.customer('15550100987').send(number.phoneNumberId, 'Is anybody there?');
  await clock.advance(reconnectAfterMs);
  await fake.settled();
  return phone.linked;
}
