import type { Clock } from '../../runtime/clock.js';
import { defined } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import type { StatusEvent } from '../../webhooks/events/messages.js';
import { callbackDataOf, sendIdOf } from '../attempts/callback-data.js';
import type { Ledger, LedgerSend } from '../outbox/ledger.js';
import type { SettledSend } from '../sender-events.js';
import { createSettlements, type Settlements } from './settlements.js';

/** What {@link createSettling} works with. */
export interface SettlingOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ledger: Ledger;
  readonly unsettledAfterMs: number;
  /** Told of each unknown send that is settled, or whose time is over. */
  readonly settled: (facts: SettledSend) => void;
}

/** Settles unknown sends: by statuses, by what other processes wrote down, and by time. */
export interface Settling {
  readonly settlements: Settlements;
  /** Settles the unknown send that a status is about. Answers whether it was one. @throws `StoreError` */
  readonly settle: (event: StatusEvent) => Promise<boolean>;
  /** Reports unknown sends on record whose time is over, and counts them. @throws `StoreError` */
  readonly reportUnsettled: (limit?: number) => Promise<number>;
  close(): void;
}

/** The most sends that one call reports, where the caller does not say. */
const defaultLimit = 1_000;

/** Begins with nothing to settle. */
export function createSettling({ clock, logger, ledger, unsettledAfterMs, settled }: SettlingOptions): Settling {
  const reportOf = ({ id, phoneNumberId, key, campaignId }: LedgerSend): SettledSend => ({
    outcome: 'unsettled',
    id,
    phoneNumberId,
    ...defined({ key, campaignId }),
  });
  const reportUnsettled = async (limit = defaultLimit): Promise<number> => {
    let reported = 0;
    for (; reported < limit; reported += 1) {
      const send = await ledger.takeUnsettled(clock.now());
      if (!send) break;
      settlements.settle(send.id, { outcome: 'unsettled' });
      settled(reportOf(send));
    }
    return reported;
  };
  /** Looks at what other processes wrote down of a send. At its end one without a record is reported here. */
  const check = async (send: LedgerSend, isDue: boolean): Promise<void> => {
    const recorded = await ledger.read(send);
    if (recorded?.state === 'accepted') settlements.settle(send.id, { outcome: 'accepted', messageId: recorded.messageId });
    if (recorded?.state === 'rejected') settlements.settle(send.id, { outcome: 'rejected', error: recorded.error });
    if (!isDue) return;
    await reportUnsettled();
    if (settlements.settle(send.id, { outcome: 'unsettled' }) && !recorded) settled(reportOf(send));
  };
  const settlements = createSettlements({
    clock,
    unsettledAfterMs,
    check: (send, isDue) => {
      check(send, isDue).catch((error: unknown) => {
        logger.warn('the record of an unknown send could not be read', { sendId: send.id, error });
        if (isDue) settlements.settle(send.id, { outcome: 'unsettled' });
      });
    },
  });
  const settle = async ({ status, phoneNumberId }: StatusEvent): Promise<boolean> => {
    const id = sendIdOf(status.biz_opaque_callback_data);
    if (id === undefined) return false;
    const heard = settlements.hear(id, status);
    await heard?.recorded;
    const record = await ledger.settle(id, status.id);
    if (!heard && record?.wasUnknown !== true) return false;
    const of = heard?.send ?? record;
    const callbackData = callbackDataOf(status.biz_opaque_callback_data);
    settled({
      outcome: 'accepted',
      id,
      messageId: status.id,
      status,
      ...defined({ phoneNumberId: phoneNumberId ?? of?.phoneNumberId, key: of?.key, campaignId: of?.campaignId, callbackData }),
    });
    return true;
  };
  return {
    settlements,
    settle,
    reportUnsettled,
    close: () => {
      settlements.close();
    },
  };
}
