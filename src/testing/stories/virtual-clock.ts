import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FakeCloudApi } from '../fake/fake-cloud-api.js';
import type { FakeClock } from '../fake-clock.js';

/** The clock of a fake, for stories in which time passes. @throws `InvalidArgumentError` if nobody can move it. */
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
