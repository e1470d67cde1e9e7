import { getPhoneNumber, isCoexistenceNumber } from 'wa-coexist';
import { must, type Terminal } from './terminal.ts';
import type { World } from './world.ts';

/**
 * Somebody finishes the sign-up popup: a code of 30 seconds and an event with the WABA's id. The code becomes a token, subscriptions are
 * checked before anything that can be done only once, and the number is found and confirmed, never registered.
 */
export async function onboard({ fake, shop, client, coexistence }: World, screen: Terminal): Promise<void> {
  screen.heading('1  Onboard');
  const { code, sessionEvent } = fake.signup(shop);
  screen.line(`the popup finished with a code and ${JSON.stringify(sessionEvent.data)}`);
  const started = await coexistence.onboarding.start({ code, sessionEvent });
  const done = await coexistence.onboarding.resume(started.id);
  must('Onboarding', done.state === 'done', `it ended as ${done.state}: ${done.stoppedBy?.message ?? 'no reason given'}`);
  must('Onboarding', done.phoneNumberId === shop.phoneNumberId, 'it found another number');

  const number = await getPhoneNumber(client);
  must('Onboarding', isCoexistenceNumber(number), 'the number is not on the Business app and on Cloud API');
  must('Onboarding', !fake.requests.some(({ path }) => path.endsWith('/register')), 'the number was registered');
  screen.line(`${number.display_phone_number ?? ''} (${number.verified_name ?? ''}) is on the Business app and on Cloud API`);
}
