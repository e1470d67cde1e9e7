import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';
import { createRandom } from '../fake/random.js';
import { virtualClockOf } from './virtual-clock.js';

/** How busy a shop is. */
export interface BusyShopOptions {
  /** People who write. @defaultValue 20 */
  readonly customers?: number | undefined;
  /** @defaultValue 10 */
  readonly minutes?: number | undefined;
  /** Messages of customers a minute. @defaultValue 12 */
  readonly messagesPerMinute?: number | undefined;
  /** @defaultValue 1 */
  readonly seed?: number | undefined;
}

/** What happened, as wamids, in its order. */
export interface BusyShop {
  /** Messages of customers. */
  readonly messages: readonly string[];
  /** Messages that somebody in the shop typed in the app. */
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
 * Minutes in which customers write and people in the shop answer some of them in the app; a message in ten is edited, one in twenty deleted,
 * one in fifteen first comes as "This message is unavailable" (131060). Needs a `fakeClock`, which it moves.
 *
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
