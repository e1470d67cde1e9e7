import type { Clock } from '../runtime/clock.js';
import { createEmitter, type Emitter } from '../runtime/emitter.js';
import { defined } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import type { Job } from './queue/job.js';
import type { AgainVerdict } from './attempts/outcome.js';
import { createRateMeter } from './pacing/rate-meter.js';
import type { SendResult } from './send-result.js';
import type { SenderEvents, SenderMessageEvent, SettledSend } from './sender-events.js';
import type { SenderStats } from './sender-stats.js';

/** The counters of a sender. */
export type SenderCounts = Pick<SenderStats, 'accepted' | 'rejected' | 'unknown' | 'settled' | 'throttled' | 'perSecond'>;

/** Reports the activity of a sender as events, figures and logs. */
export interface Reporting {
  readonly emitter: Emitter<SenderEvents>;
  /** Emits an event. It is created only if there is a listener. */
  notify<Name extends keyof SenderEvents>(name: Name, event: () => SenderEvents[Name]): void;
  settled(facts: SettledSend): void;
  counts(): SenderCounts;
  /** A message has its outcome. */
  outcome(about: () => SenderMessageEvent, result: SendResult): void;
  /** A message will be sent again. */
  again(about: () => SenderMessageEvent, phoneNumberId: string, verdict: AgainVerdict, waitMs: number): void;
  /** A guard delays a message. */
  delayed(phoneNumberId: string, reason: string, until: Date): void;
}

/** Creates the reporting of one sender. */
export function createReporting(clock: Clock, logger: Logger): Reporting {
  const emitter = createEmitter<SenderEvents>();
  const meter = createRateMeter(clock.monotonic());
  const counts = { accepted: 0, rejected: 0, unknown: 0, settled: 0, throttled: 0 };

  const notify: Reporting['notify'] = (name, event) => {
    if (emitter.count(name) === 0) return;
    emitter.dispatch(name, event())?.catch((error: unknown) => {
      logger.error('sender.listener_failed', { event: name, error });
    });
  };
  const settled = (facts: SettledSend): void => {
    if (facts.outcome === 'accepted') counts.settled += 1;
    notify('settled', () => facts);
  };
  return {
    emitter,
    notify,
    settled,
    counts: () => ({ ...counts, perSecond: meter.perSecond(clock.monotonic()) }),
    outcome(about, result) {
      counts[result.outcome] += 1;
      switch (result.outcome) {
        case 'accepted':
          meter.count(clock.monotonic());
          notify('sent', () => {
            const { messageId, response } = result;
            return { ...about(), messageId, response, sentAt: new Date(clock.now()) };
          });
          return;
        case 'rejected':
          notify('rejected', () => ({ ...about(), by: result.by, error: result.error }));
          return;
        case 'unknown':
          notify('unknown', () => ({ ...about(), error: result.error, settled: result.settled }));
          return;
      }
    },
    again(about, phoneNumberId, { scope, error }, waitMs) {
      if (scope === 'rate' || scope === 'pair' || scope === 'number') {
        counts.throttled += 1;
        notify('throttled', () => ({ phoneNumberId, error, scope: scope === 'pair' ? 'recipient' : 'number' }));
        logger.debug('Meta rejected a message because of the rate', { phoneNumberId, scope, waitMs: Math.round(waitMs), error });
      } else {
        logger.warn('a message is delayed or will be retried', { phoneNumberId, scope, waitMs: Math.round(waitMs), error });
      }
      notify('retry', () => ({ ...about(), error, waitMs }));
    },
    delayed(phoneNumberId, reason, until) {
      logger.debug('sender.message_delayed', { phoneNumberId, reason, until });
    },
  };
}

/** Returns the members of events about a message. */
export function aboutJob({ message, tries, sendId, extras }: Job, phoneNumberId: string): SenderMessageEvent {
  return {
    message,
    phoneNumberId,
    tries,
    ...defined({ id: sendId, key: extras?.key, campaignId: extras?.campaignId }),
    ...(extras?.replayed === true && { replayed: true }),
  };
}
