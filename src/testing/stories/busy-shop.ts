import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';
import { createRandom } from '../fake/random.js';
import { virtualClockOf } from './virtual-clock.js';

/** Options of {@link busyShop}. */
export interface BusyShopOptions {
  /** Number of customers. @defaultValue 20 */
  readonly customers?: number | undefined;
  /** @defaultValue 10 */
  readonly minutes?: number | undefined;
  /** Messages of customers per minute. @defaultValue 12 */
  readonly messagesPerMinute?: number | undefined;
  /** @defaultValue 1 */
  readonly seed?: number | undefined;
}

/** The wamids of {@link busyShop}, in order. */
export interface BusyShop {
  /** Messages of customers. */
  readonly messages: readonly string[];
  /** Messages that the team typed in the app. */
  readonly echoes: readonly string[];
  /** Edits and deletions, by either side. */
  readonly changes: readonly string[];
}

const questions = [
  'Do you have rye bread?',
  'Is my order ready?',
  'When do you close?',
  'Könnt ihr liefern? 🚲',
  'Two loaves, please',
] as const;
const answers = ['Yes, fresh from the oven', 'In ten minutes', 'At six', 'Gerne!', 'Done 👍'] as const;

/**
 * Plays some minutes in which customers write and the team replies to some of them in the app. One message in ten is
 * edited, one in twenty is deleted, and one in fifteen first arrives as "This message is unavailable" (131060). It
 * advances the {@link fakeClock} of the fake.
 *
 * @param fake - A fake from {@link createFakeCloudApi} with a fake clock.
 * @param number - A number of the fake.
 * @param options - The number of customers and messages. See {@link BusyShopOptions}.
 * @returns the wamids of the messages.
 * @throws `Error` if the clock of the fake cannot be moved.
 *
 * @example
 * ```ts
 * import { busyShop, createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi({ clock: fakeClock() });
 * const { messages, echoes } = await busyShop(fake, fake.coexistenceNumber(), { minutes: 2 });
 * console.log(messages.length, echoes.length);
 * ```
 */
export async function busyShop(fake: FakeCloudApi, number: FakeNumber, options: BusyShopOptions = {}): Promise<BusyShop> {
  const { customers = 20, minutes = 10, messagesPerMinute = 12, seed = 1 } = options;
  const clock = virtualClockOf(fake);
  const random = createRandom(seed, 'busy shop');
  const phone = fake.phone(number);
  const messages: string[] = [];
  const echoes: string[] = [];
  const changes: string[] = [];
  for (let index = 0; index < minutes * messagesPerMinute; index += 1) {
    await clock.advance(60_000 / messagesPerMinute);
    const customer = fake.customer(String(15550300000 + random.integer(customers)));
    const message = customer.send(number.phoneNumberId, random.pick(questions), { unavailableFirst: random.integer(15) === 0 });
    messages.push(message);
    if (random.integer(10) === 0) changes.push(customer.edit(message, 'Never mind'));
    if (random.integer(20) === 0) changes.push(customer.delete(message));
    if (random.integer(2) === 0) {
      const echo = phone.send(customer.waId, random.pick(answers));
      echoes.push(echo);
      if (random.integer(10) === 0) changes.push(phone.edit(echo, 'Sorry, a moment'));
      customer.read();
    }
  }
  await fake.settled();
  return { messages, echoes, changes };
}
