import type { FakeCloudApi, FakeNumber, FakeNumberOptions, FakeSignup } from '../fake/fake-cloud-api.js';
import type { FakeHistory, FakeHistoryOptions, FakeHistorySyncOptions, FakePhone } from '../fake/fake-phone.js';

/** What a story of onboarding is about. */
export interface OnboardWithHistoryOptions extends FakeHistoryOptions, FakeHistorySyncOptions {
  readonly number?: FakeNumberOptions | undefined;
  /** Whether the business chooses "don't share chats". @defaultValue `false` */
  readonly declines?: boolean | undefined;
}

/** A phone with a past, and what Embedded Signup left behind. */
export interface OnboardedPhone extends FakeSignup {
  readonly number: FakeNumber;
  readonly phone: FakePhone;
  readonly past: FakeHistory;
}

/**
 * A shop that has used the Business app for 180 days goes through Embedded Signup on its phone. What comes now is yours: exchange the code
 * within 30 seconds, subscribe, ask for contacts and history.
 *
 * @example
 * ```ts
 * import { createFakeCloudApi, fakeClock, onboardWithHistory } from 'wa-coexist/testing';
 *
 * const fake = createFakeCloudApi({ clock: fakeClock() });
 * const { code, sessionEvent, number, past } = onboardWithHistory(fake, { messages: 200 });
 * console.log(code.length, sessionEvent.data.waba_id === number.wabaId, past.messages);
 * ```
 */
export function onboardWithHistory(fake: FakeCloudApi, options: OnboardWithHistoryOptions = {}): OnboardedPhone {
  const { number: numberOptions, declines = false, chunkMessages, mediaFirst, stopAfterChunks, ...history } = options;
  const number = fake.businessAppNumber(numberOptions);
  const phone = fake.phone(number);
  const past = phone.seedHistory(history);
  phone.configureHistorySync({
    ...(chunkMessages !== undefined && { chunkMessages }),
    ...(mediaFirst !== undefined && { mediaFirst }),
    ...(stopAfterChunks !== undefined && { stopAfterChunks }),
  });
  if (declines) phone.declineHistory();
  return { number, phone, past, ...fake.signup(number) };
}
