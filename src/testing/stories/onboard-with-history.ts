import type { FakeCloudApi, FakeNumber, FakeNumberOptions, FakeSignup } from '../fake/fake-cloud-api.js';
import type { FakeHistory, FakeHistoryOptions, FakeHistorySyncOptions, FakePhone } from '../fake/fake-phone.js';

/** Options of {@link onboardWithHistory}. */
export interface OnboardWithHistoryOptions extends FakeHistoryOptions, FakeHistorySyncOptions {
  readonly number?: FakeNumberOptions | undefined;
  /** Whether the business chooses "don't share chats". @defaultValue `false` */
  readonly declines?: boolean | undefined;
}

/** A phone with history, and the result of its signup. */
export interface OnboardedPhone extends FakeSignup {
  readonly number: FakeNumber;
  readonly phone: FakePhone;
  readonly past: FakeHistory;
}

/**
 * Plays a business that has used the app for 180 days and goes through Embedded Signup. Your code does the next steps:
 * exchange the code within 30 seconds, subscribe, and request contacts and history.
 *
 * @param fake - A fake from {@link createFakeCloudApi}.
 * @param options - The number and its history. See {@link OnboardWithHistoryOptions}.
 * @returns the number, its history, and the code of the signup.
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
