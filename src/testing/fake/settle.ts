import type { Clock } from '../../runtime/clock.js';
import type { FakeClock } from '../fake-clock.js';
import type { Agenda } from './agenda.js';
import type { Deliverer } from './deliverer.js';
import { deliveryTimeoutMs } from './post-webhook.js';

/** How long, in real time, a delivery may make no progress before the virtual clock is moved for it. */
const patienceMs = 10;

/** Waits until no webhook is in flight or due. @throws `FakeDeliveryError` if the receiver keeps failing a delivery. */
export async function settle(clock: Clock, agenda: Agenda, deliverer: Deliverer, isClosed: () => boolean): Promise<void> {
  // What has just been called may emit something within this turn.
  await Promise.resolve();
  while (!isClosed()) {
    if (deliverer.busy()) await (isVirtual(clock) ? progressOrMove(clock, deliverer) : deliverer.progress());
    else {
      const failure = deliverer.failure();
      if (failure) throw failure;
      const nextMs = agenda.untilNext();
      if (nextMs === undefined) return;
      await (isVirtual(clock) ? clock.advance(nextMs) : agenda.progress());
    }
  }
}

function isVirtual(clock: Clock): clock is FakeClock {
  return 'advance' in clock;
}

/**
 * A receiver may itself be waiting for the virtual clock (a paced send in a handler). Nothing else moves it here, so it is moved to its next
 * timer, but never as far as the time-out of a delivery.
 */
async function progressOrMove(clock: FakeClock, deliverer: Deliverer): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<'stalled'>((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'stalled');
  });
  const outcome = await Promise.race([deliverer.progress(), patience]);
  clearTimeout(timer);
  const nextMs = clock.untilNextTimer();
  if (outcome === 'stalled' && nextMs !== undefined && nextMs < deliveryTimeoutMs / 2) await clock.advance(nextMs);
}
