import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FakeCloudApi } from '../fake/fake-cloud-api.js';
import type { FakeClock } from '../fake-clock.js';

/** Returns the fake clock of a fake. @throws `InvalidArgumentError` if the fake has another clock. */
export function virtualClockOf({ clock }: FakeCloudApi): FakeClock {
  if (!isFakeClock(clock)) {
    throw new InvalidArgumentError(
      'A story in which time passes',
      'clock',
      'must be fakeClock(): createFakeCloudApi({ clock: fakeClock() })',
    );
  }
  return clock;
}

function isFakeClock(clock: FakeCloudApi['clock']): clock is FakeClock {
  return 'advance' in clock;
}
