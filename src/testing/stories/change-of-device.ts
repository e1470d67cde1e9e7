import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';
import type { FakeChangeDeviceOptions } from '../fake/fake-phone.js';
import { virtualClockOf } from './virtual-clock.js';

/**
 * Plays a change of the phone: `ACCOUNT_OFFBOARDED`, rejected sends, and `ACCOUNT_RECONNECTED` two minutes later unless
 * the user declines. Messages that arrive in between never reach the API. It advances the {@link fakeClock} of the
 * fake.
 *
 * @param fake - A fake from {@link createFakeCloudApi} with a fake clock.
 * @param number - A coexistence number of the fake.
 * @param options - Whether and when the number reconnects. See {@link FakeChangeDeviceOptions}.
 * @returns whether the number is linked again.
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
