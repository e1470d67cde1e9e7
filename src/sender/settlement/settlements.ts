import type { Clock } from '../../runtime/clock.js';
import type { MessageStatus } from '../../webhooks/events/messages.js';
import { createDeadlines } from '../queue/deadlines.js';
import type { LedgerSend } from '../outbox/ledger.js';
import type { SendSettlement } from '../send-result.js';
import type { Positioned } from '../queue/timeline.js';

/** A send whose outcome is unknown. */
export interface OpenSend {
  readonly send: LedgerSend;
  readonly settled: Promise<SendSettlement>;
  /** The status that came before the outcome was unknown, if one did: the send is settled already. */
  readonly heard: MessageStatus | undefined;
  /** Resolves once the record of the send, if there is one, says that it is unknown: the owner's to set. */
  recorded: Promise<unknown>;
}

/** Brings statuses and the sends that they are about together, within one process. */
export interface Settlements {
  /** The request of a send leaves: a status may come any time from now, even before the answer. */
  left(sendId: string): void;
  /** What was heard of a send that is under way. */
  heardOf(sendId: string): MessageStatus | undefined;
  /** The outcome of a send is known without a status. */
  known(sendId: string): void;
  /** The outcome of a send is unknown: from now on a status settles it. */
  unknown(send: LedgerSend): OpenSend;
  /** A status is about a send. Answers the send that it settled; a status that comes before the outcome is kept for it. */
  hear(sendId: string, status: MessageStatus): OpenSend | undefined;
  /** Settles a send by what another process heard, or by time. Answers whether it was open. */
  settle(sendId: string, settlement: SendSettlement): boolean;
  /** Nothing more will be heard. */
  close(): void;
}

/** What {@link createSettlements} works with. */
export interface SettlementsOptions {
  readonly clock: Clock;
  /** How long a send waits for a status. */
  readonly unsettledAfterMs: number;
  /** Called now and then for a send that is still open, ever less often: another process may have heard. At its end `isDue` is true. */
  readonly check: (send: LedgerSend, isDue: boolean) => void;
}

/** The most unknown sends that are remembered; the oldest goes first, as unsettled. */
const mostUnknown = 100_000;

/** The first look at what other processes heard; each further one comes after twice the time. */
const firstCheckMs = 2_000;

interface Entry extends Positioned {
  readonly open: OpenSend;
  readonly resolve: (settlement: SendSettlement) => void;
  readonly dueAtMs: number;
  checkAfterMs: number;
}

/** Makes an empty register. */
export function createSettlements({ clock, unsettledAfterMs, check }: SettlementsOptions): Settlements {
  const underWay = new Map<string, MessageStatus | undefined>();
  const unknown = new Map<string, Entry>();
  const checks = createDeadlines<Entry>(clock, (entries) => {
    for (const entry of entries) {
      const isDue = clock.now() >= entry.dueAtMs;
      if (!isDue) watch(entry);
      check(entry.open.send, isDue);
    }
  });
  const watch = (entry: Entry): void => {
    checks.add(entry, Math.min(entry.dueAtMs, clock.now() + entry.checkAfterMs));
    entry.checkAfterMs *= 2;
  };
  const end = (sendId: string, settlement: SendSettlement): OpenSend | undefined => {
    const entry = unknown.get(sendId);
    if (!entry) return undefined;
    unknown.delete(sendId);
    checks.remove(entry);
    entry.resolve(settlement);
    return entry.open;
  };
  return {
    left(sendId) {
      if (!underWay.has(sendId)) underWay.set(sendId, undefined);
    },
    heardOf: (sendId) => underWay.get(sendId),
    known(sendId) {
      underWay.delete(sendId);
    },
    unknown(send) {
      const heard = underWay.get(send.id);
      underWay.delete(send.id);
      const known = unknown.get(send.id);
      if (known) return known.open;
      let resolve: (settlement: SendSettlement) => void = () => undefined;
      const settled = new Promise<SendSettlement>((settle) => {
        resolve = settle;
      });
      const open: OpenSend = { send, settled, heard, recorded: Promise.resolve() };
      if (heard) {
        resolve({ outcome: 'accepted', messageId: heard.id, status: heard });
        return open;
      }
      const entry: Entry = { open, resolve, dueAtMs: clock.now() + unsettledAfterMs, checkAfterMs: firstCheckMs, position: -1 };
      unknown.set(send.id, entry);
      watch(entry);
      if (unknown.size > mostUnknown) {
        const [oldest] = unknown.keys();
        if (oldest !== undefined) end(oldest, { outcome: 'unsettled' });
      }
      return open;
    },
    hear(sendId, status) {
      if (underWay.has(sendId)) {
        underWay.set(sendId, underWay.get(sendId) ?? status);
        return undefined;
      }
      return end(sendId, { outcome: 'accepted', messageId: status.id, status });
    },
    settle: (sendId, settlement) => end(sendId, settlement) !== undefined,
    close() {
      for (const sendId of [...unknown.keys()]) end(sendId, { outcome: 'unsettled' });
      checks.close();
    },
  };
}
