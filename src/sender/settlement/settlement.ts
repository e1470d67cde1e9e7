import type { Clock } from '../../runtime/clock.js';
import { defined } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import type { MessageStatus, StatusEvent } from '../../webhooks/fields/messages.js';
import { callbackDataOf, sendIdOf } from '../attempts/callback-data.js';
import type { Ledger, LedgerSend } from '../outbox/ledger.js';
import { createDeadlines } from '../queue/send-deadlines.js';
import type { Positioned } from '../queue/indexed-heap.js';
import type { SettledSend } from '../sender-events.js';
import type { SendSettlement } from '../send-result.js';

/** A send with an unknown outcome. */
export interface UnknownSendRecord {
  readonly send: LedgerSend;
  readonly settled: Promise<SendSettlement>;
  /** The status that arrived before the outcome became unknown. If present, the send is already settled. */
  readonly earlyStatus: MessageStatus | undefined;
  /** Resolves when the ledger contains the unknown send. The sender of the number sets it. */
  recorded: Promise<unknown>;
}

/** Options of {@link createSettlement}. */
export interface SettlementOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ledger: Ledger;
  /** Milliseconds for which an unknown send waits for a status. */
  readonly unsettledAfterMs: number;
  /** Receives each unknown send that was settled or has timed out. */
  readonly onSettled: (facts: SettledSend) => void;
}

/** Settles unknown sends: with statuses, with the records of other processes, and after a time limit. */
export interface Settlement {
  /** Called when a request is about to be sent. From then on, a status can arrive, even before the response. */
  started(sendId: string): void;
  /** Returns the status that arrived while the request of a send was in flight. */
  earlyStatusOf(sendId: string): MessageStatus | undefined;
  /** Called when the outcome of a send is known without a status. */
  known(sendId: string): void;
  /** Called when the outcome of a send is unknown. From then on, a status settles it. */
  unknown(send: LedgerSend): UnknownSendRecord;
  /** Settles a send with the record of another process, or after the time limit. Returns whether it was unknown. */
  end(sendId: string, settlement: SendSettlement): boolean;
  /** Settles the unknown send of a status. Resolves with whether there was one. @throws `StoreError` */
  settle(event: StatusEvent): Promise<boolean>;
  /** Reports recorded unknown sends that have timed out. Resolves with their number. @throws `StoreError` */
  reportUnsettled(limit?: number): Promise<number>;
  /** Ends all unknown sends as unsettled. */
  close(): void;
}

/** Maximum number of unknown sends in memory. The oldest becomes unsettled first. */
const maxUnknown = 100_000;

/** Delay until the records of other processes are first checked. It doubles after each check. */
const firstCheckMs = 2_000;

/** Maximum number of sends that one call reports by default. */
const defaultLimit = 1_000;

interface Entry extends Positioned {
  readonly record: UnknownSendRecord;
  readonly resolve: (settlement: SendSettlement) => void;
  readonly dueAtMs: number;
  checkAfterMs: number;
}

/** Creates the settlement, without unknown sends. */
export function createSettlement(options: SettlementOptions): Settlement {
  const { clock, logger, ledger, onSettled } = options;
  const sends = createUnknownSends(options, (send, isDue) => {
    check(send, isDue).catch((error: unknown) => {
      logger.warn('the record of an unknown send could not be read', { sendId: send.id, error });
      if (isDue) sends.end(send.id, { outcome: 'unsettled' });
    });
  });
  const reportUnsettled = async (limit = defaultLimit): Promise<number> => {
    let reported = 0;
    for (; reported < limit; reported += 1) {
      const send = await ledger.takeUnsettled(clock.now());
      if (!send) break;
      sends.end(send.id, { outcome: 'unsettled' });
      onSettled(unsettledSend(send));
    }
    return reported;
  };
  /**
   * Reads the record of another process about a send. When the send is due, this process reports it if there is no such
   * record.
   */
  const check = async (send: LedgerSend, isDue: boolean): Promise<void> => {
    const recorded = await ledger.read(send);
    if (recorded?.state === 'accepted') sends.end(send.id, { outcome: 'accepted', messageId: recorded.messageId });
    if (recorded?.state === 'rejected') sends.end(send.id, { outcome: 'rejected', error: recorded.error });
    if (!isDue) return;
    await reportUnsettled();
    if (sends.end(send.id, { outcome: 'unsettled' }) && !recorded) onSettled(unsettledSend(send));
  };
  const settle = async ({ status, phoneNumberId }: StatusEvent): Promise<boolean> => {
    const id = sendIdOf(status.biz_opaque_callback_data);
    if (id === undefined) return false;
    const unknown = sends.receive(id, status);
    await unknown?.recorded;
    const record = await ledger.settle(id, status.id);
    if (!unknown && record?.wasUnknown !== true) return false;
    const send = unknown?.send ?? record;
    const callbackData = callbackDataOf(status.biz_opaque_callback_data);
    onSettled({
      outcome: 'accepted',
      id,
      messageId: status.id,
      status,
      ...defined({ phoneNumberId: phoneNumberId ?? send?.phoneNumberId, key: send?.key, campaignId: send?.campaignId, callbackData }),
    });
    return true;
  };
  const { started, earlyStatusOf, known, unknown, close } = sends;
  return {
    ...{ started, earlyStatusOf, known, unknown, close, settle, reportUnsettled },
    end: (sendId, settlement) => sends.end(sendId, settlement) !== undefined,
  };
}

function unsettledSend({ id, phoneNumberId, key, campaignId }: LedgerSend): SettledSend {
  return { outcome: 'unsettled', id, phoneNumberId, ...defined({ key, campaignId }) };
}

/** The sends of this process that a status may be about. */
interface UnknownSends extends Pick<Settlement, 'started' | 'earlyStatusOf' | 'known' | 'unknown' | 'close'> {
  end(sendId: string, settlement: SendSettlement): UnknownSendRecord | undefined;
  /** Returns the send that a status settles. Remembers a status that arrives before the outcome. */
  receive(sendId: string, status: MessageStatus): UnknownSendRecord | undefined;
}

/** Calls `check` for each unknown send at growing intervals, and with `isDue` at the end. */
function createUnknownSends(
  { clock, unsettledAfterMs }: Pick<SettlementOptions, 'clock' | 'unsettledAfterMs'>,
  check: (send: LedgerSend, isDue: boolean) => void,
): UnknownSends {
  const inFlight = new Map<string, MessageStatus | undefined>();
  const unknown = new Map<string, Entry>();
  const checks = createDeadlines<Entry>(clock, (entries) => {
    for (const entry of entries) {
      const isDue = clock.now() >= entry.dueAtMs;
      if (!isDue) watch(entry);
      check(entry.record.send, isDue);
    }
  });
  const watch = (entry: Entry): void => {
    checks.add(entry, Math.min(entry.dueAtMs, clock.now() + entry.checkAfterMs));
    entry.checkAfterMs *= 2;
  };
  const end: UnknownSends['end'] = (sendId, settlement) => {
    const entry = unknown.get(sendId);
    if (!entry) return undefined;
    unknown.delete(sendId);
    checks.remove(entry);
    entry.resolve(settlement);
    return entry.record;
  };
  return {
    end,
    started: (sendId) => {
      if (!inFlight.has(sendId)) inFlight.set(sendId, undefined);
    },
    earlyStatusOf: (sendId) => inFlight.get(sendId),
    known: (sendId) => {
      inFlight.delete(sendId);
    },
    unknown: (send) => {
      const earlyStatus = inFlight.get(send.id);
      inFlight.delete(send.id);
      const found = unknown.get(send.id);
      if (found) return found.record;
      let resolve: (settlement: SendSettlement) => void = () => undefined;
      const settled = new Promise<SendSettlement>((onSettled) => {
        resolve = onSettled;
      });
      const record: UnknownSendRecord = { send, settled, earlyStatus, recorded: Promise.resolve() };
      if (earlyStatus) {
        resolve({ outcome: 'accepted', messageId: earlyStatus.id, status: earlyStatus });
        return record;
      }
      const entry: Entry = { record, resolve, dueAtMs: clock.now() + unsettledAfterMs, checkAfterMs: firstCheckMs, position: -1 };
      unknown.set(send.id, entry);
      watch(entry);
      if (unknown.size > maxUnknown) {
        const [oldest] = unknown.keys();
        if (oldest !== undefined) end(oldest, { outcome: 'unsettled' });
      }
      return record;
    },
    receive: (sendId, status) => {
      if (inFlight.has(sendId)) {
        inFlight.set(sendId, inFlight.get(sendId) ?? status);
        return undefined;
      }
      return end(sendId, { outcome: 'accepted', messageId: status.id, status });
    },
    close: () => {
      for (const sendId of [...unknown.keys()]) end(sendId, { outcome: 'unsettled' });
      checks.close();
    },
  };
}
