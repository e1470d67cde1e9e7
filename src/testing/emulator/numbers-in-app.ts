import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';
import type { FakePhone } from '../fake/fake-phone.js';

/** Returns the Business app of a number, or `undefined` if the number is only on the API. */
export function phoneOf(fake: FakeCloudApi, number: FakeNumber | string): FakePhone | undefined {
  try {
    return fake.phone(number);
  } catch (error) {
    if (error instanceof InvalidArgumentError) return undefined;
    throw error;
  }
}

/** Returns the numbers with a Business app. Programs can add numbers without one, which have no phone to show. */
export function numbersInApp(fake: FakeCloudApi): readonly { readonly number: FakeNumber; readonly phone: FakePhone }[] {
  return fake.numbers.flatMap((number) => {
    const phone = phoneOf(fake, number);
    return phone ? [{ number, phone }] : [];
  });
}
