import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';
import { virtualClockOf } from './virtual-clock.js';

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Plays a phone that isn't used, day by day, until Meta cuts the link (`PARTNER_REMOVED` with `PRIMARY_INACTIVITY`). It
 * advances the {@link fakeClock} of the fake.
 *
 * @param fake - A fake from {@link createFakeCloudApi} with a fake clock.
 * @param number - A coexistence number of the fake.
 * @returns the number of days.
 * @throws `Error` if the clock of the fake cannot be moved, or the number is not linked.
 *
 * @example
 * ```ts
 * import { createFakeCloudApi, fakeClock, idlePhone } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi({ clock: fakeClock() });
 * console.log(await idlePhone(fake, fake.coexistenceNumber()));
 * ```
 */
export async function idlePhone(fake: FakeCloudApi, number: FakeNumber): Promise<number> {
  const clock = virtualClockOf(fake);
  const phone = fake.phone(number);
  const isLinked = (): boolean => phone.linked;
  if (!isLinked()) throw new InvalidArgumentError('idlePhone', 'number', `${number.displayPhoneNumber} is not linked to the API`);
  let days = 0;
  while (isLinked()) {
    await clock.advance(dayMs);
    days += 1;
    await fake.settled();
  }
  return days;
}
