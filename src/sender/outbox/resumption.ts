import type { NumberSender } from '../queue/number-port.js';
import type { SenderNumber } from '../send-options.js';
import type { Ledger } from './ledger.js';
import type { RecoveredEntry, Resumption } from './outbox.js';

/** What {@link createResumption} works with. */
export interface ResumptionOptions {
  readonly ledger: Ledger;
  /** The sender of a number. Returns `undefined` once all are closed, which leaves the rest in the store. */
  readonly numberOf: (from: SenderNumber) => NumberSender | undefined;
  /** The sender of a number if it is open. */
  readonly find: (phoneNumberId: string) => NumberSender | undefined;
}

/**
 * How many recipients of one number may have a message that could leave now, before the rest of the number waits in the store. Messages that
 * are held, or whose recipient waits for the pair rate, don't count: what waits behind them could leave.
 */
const maxReady = 1_000;

/** More messages are read once the number of these recipients is below this. */
const refillBelow = 750;

/** Continues with messages of processes that died: those that had left are unknown, the others are queued. */
export function createResumption({ ledger, numberOf, find }: ResumptionOptions): Resumption {
  const resumeOne = async ({ entry, queueKey, version, onEnded }: RecoveredEntry, departure: Departure): Promise<void> => {
    const { id, from, message, priority, key, expiresAt, notBefore, campaignId, category, onUnknown, ended } = entry;
    const number = numberOf(from);
    if (!number) return;
    const submitted = {
      id,
      priority,
      durable: true,
      recovered: { queueKey, version, onUnqueued: onEnded },
      ...(key !== undefined && { key }),
      ...(expiresAt && { expiresAt }),
      ...(notBefore && { notBefore }),
      ...(campaignId !== undefined && { campaignId }),
      ...(category !== undefined && { category }),
      ...(onUnknown !== undefined && { onUnknown }),
    };
    if (ended) number.replay(message, submitted, ended);
    else if (departure) await number.cutOff(message, submitted, departure.messageId);
    else number.submit(message, submitted, () => undefined);
  };

  return {
    room: (phoneNumberId, rank) => maxReady - (find(phoneNumberId)?.ready(rank) ?? 0),
    whenRoom(phoneNumberId, rank, onRoom) {
      const number = find(phoneNumberId);
      if (number) number.whenReadyBelow(rank, refillBelow, onRoom);
      else onRoom();
    },
    async resume(entries) {
      const departures = await Promise.all(entries.map(async ({ entry }) => (entry.ended ? undefined : ledger.departureOf(entry.id))));
      await Promise.all(entries.map((entry, index) => resumeOne(entry, departures[index])));
    },
  };
}

type Departure = Awaited<ReturnType<Ledger['departureOf']>>;
