import type { Clock } from '../runtime/clock.js';
import { createEmitter, type Emitter } from '../runtime/emitter.js';
import { defined } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import type { Job } from './job.js';
import type { NumberListener } from './number-sender.js';
import { createRateMeter } from './rate-meter.js';
import type { SendResult } from './send-result.js';
import type { SenderEvents, SenderMessageEvent, SettledSend } from './sender-events.js';
import type { SenderStats } from './sender-stats.js';

/** The figures that a sender counts. */
export type SenderCounts = Pick<SenderStats, 'accepted' | 'rejected' | 'unknown' | 'settled' | 'throttled' | 'perSecond'>;

/** Tells what happens in a sender: as events, as figures, and in the log. */
export interface Reporting {
  readonly emitter: Emitter<SenderEvents>;
  /** Dispatches an event, which is made only if somebody listens. */
  notify<Name extends keyof SenderEvents>(name: Name, event: () => SenderEvents[Name]): void;
  settled(facts: SettledSend): void;
  counts(): SenderCounts;
  /** The part of a number's listener that tells. */
  listenerOf(
    phoneNumberId: string,
  ): Pick<NumberListener, 'again' | 'held' | 'settledBefore'> & { readonly outcome: (job: Job, result: SendResult) => void };
}

/** Makes the reporting of one sender. */
export function createReporting(clock: Clock, logger: Logger): Reporting {
  const emitter = createEmitter<SenderEvents>();
  const meter = createRateMeter(clock.monotonic());
  const counts = { accepted: 0, rejected: 0, unknown: 0, settled: 0, throttled: 0 };

  const notify: Reporting['notify'] = (name, event) => {
    if (emitter.count(name) === 0) return;
    emitter.dispatch(name, event()).catch((error: unknown) => {
      logger.error('sender.listener_failed', { event: name, error });
    });
  };
  const about = ({ message, tries, sendId, extras }: Job, phoneNumberId: string): SenderMessageEvent => ({
    message,
    phoneNumberId,
    tries,
    ...defined({ id: sendId, key: extras?.key, campaignId: extras?.campaignId }),
    ...(extras?.replayed === true && { replayed: true }),
  });
  const settled = (facts: SettledSend): void => {
    if (facts.outcome === 'accepted') counts.settled += 1;
    notify('settled', () => facts);
  };
  const outcome = (job: Job, result: SendResult, phoneNumberId: string): void => {
    counts[result.outcome] += 1;
    switch (result.outcome) {
      case 'accepted':
        meter.count(clock.monotonic());
        notify('sent', () => ({ ...about(job, phoneNumberId), messageId: result.messageId, response: result.response }));
        return;
      case 'rejected':
        notify('rejected', () => ({ ...about(job, phoneNumberId), by: result.by, error: result.error }));
        return;
      case 'unknown':
        notify('unknown', () => ({ ...about(job, phoneNumberId), error: result.error, settled: result.settled }));
        return;
    }
  };

  return {
    emitter,
    notify,
    settled,
    counts: () => ({ ...counts, perSecond: meter.perSecond(clock.monotonic()) }),
    listenerOf: (phoneNumberId) => ({
      outcome: (job, result) => {
        outcome(job, result, phoneNumberId);
      },
      again: (job, { scope, error }, waitMs) => {
        if (scope === 'rate' || scope === 'pair' || scope === 'number') {
          counts.throttled += 1;
          notify('throttled', () => ({ phoneNumberId, error, scope: scope === 'pair' ? 'recipient' : 'number' }));
          logger.debug('Meta refused a message for its rate', { phoneNumberId, scope, waitMs, error });
        } else {
          logger.warn('a message waits to go out (again)', { phoneNumberId, scope, waitMs, error });
        }
        notify('retry', () => ({ ...about(job, phoneNumberId), error, waitMs }));
      },
      held: (_job, reason, until) => {
        logger.debug('a message is held', { phoneNumberId, reason, until });
      },
      settledBefore: ({ job, messageId, status }) => {
        const { sendId = '', extras } = job;
        settled({
          outcome: 'accepted',
          phoneNumberId,
          id: sendId,
          messageId,
          ...defined({ status, key: extras?.key, campaignId: extras?.campaignId, callbackData: job.message.biz_opaque_callback_data }),
        });
      },
    }),
  };
}
