import type { NumberSender } from '../queue/number-port.js';
import type { SenderNumber } from '../send-options.js';
import type { Ledger } from './ledger.js';
import type { RecoveredEntry, Resumption } from './outbox.js';

/** Dependencies of {@link createResumption}. */
export interface ResumptionOptions {
  readonly ledger: Ledger;
  /**
   * Returns the sender of a number, or `undefined` if all are closed. The remaining messages then stay in the store.
   */
  readonly numberOf: (from: SenderNumber) => NumberSender | undefined;
  /** Returns the sender of a number, if it is open. */
  readonly find: (phoneNumberId: string) => NumberSender | undefined;
}

/**
 * How many recipients of a number can have a message that is ready to send, before its other messages wait in the
 * store. Recipients with delayed messages, or at the pair rate, don't count, because later messages may be ready.
 */
const maxReady = 1_000;

/** More messages are read when fewer recipients than this have one that is ready. */
const refillBelow = 750;

/**
 * Creates the takeover of messages of crashed processes. Messages that may have been sent become unknown, and the
 * others are queued.
 */
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
