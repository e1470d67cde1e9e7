import type { MessageStatus } from '../webhooks/events/messages.js';
import type { Settlement } from './send-result.js';

/** A send whose outcome is unknown. */
export interface OpenSend {
  readonly key: string | undefined;
  readonly settled: Promise<Settlement>;
  /** The status that came before the outcome was unknown, if one did: the send is settled already. */
  readonly heard: MessageStatus | undefined;
  /** Resolves once the record of the send, if there is one, says that it is unknown: the owner's to set. */
  recorded: Promise<unknown>;
}

/** Brings statuses and the sends that they are about together, within one process. */
export interface Settlements {
  /** The request of a send leaves: a status may come any time from now, even before the answer. */
  left(sendId: string): void;
  /** The outcome of a send is known without a status. */
  known(sendId: string): void;
  /** The outcome of a send is unknown: from now on a status settles it. */
  unknown(sendId: string, key: string | undefined): OpenSend;
  /** A status is about a send. Answers the send that it settled; a status that comes before the outcome is kept for it. */
  hear(sendId: string, status: MessageStatus): OpenSend | undefined;
  /** Settles a send by what another process heard. */
  settle(sendId: string, messageId: string): void;
  /** Nothing more will be heard. */
  close(): void;
}

/** The most unknown sends that are remembered; the oldest goes first, as unsettled. */
const mostUnknown = 100_000;

/** Makes an empty register. */
export function createSettlements(): Settlements {
  const underWay = new Map<string, MessageStatus | undefined>();
  const unknown = new Map<string, { readonly open: OpenSend; readonly resolve: (settlement: Settlement) => void }>();

  const end = (sendId: string, settlement: Settlement): OpenSend | undefined => {
    const entry = unknown.get(sendId);
    unknown.delete(sendId);
    entry?.resolve(settlement);
    return entry?.open;
  };
  return {
    left(sendId) {
      underWay.set(sendId, undefined);
    },
    known(sendId) {
      underWay.delete(sendId);
    },
    unknown(sendId, key) {
      const heard = underWay.get(sendId);
      underWay.delete(sendId);
      const known = unknown.get(sendId);
      if (known) return known.open;
      let resolve: (settlement: Settlement) => void = () => undefined;
      const settled = new Promise<Settlement>((settle) => {
        resolve = settle;
      });
      const open: OpenSend = { key, settled, heard, recorded: Promise.resolve() };
      if (heard) {
        resolve({ outcome: 'accepted', messageId: heard.id, status: heard });
        return open;
      }
      unknown.set(sendId, { open, resolve });
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
    settle(sendId, messageId) {
      end(sendId, { outcome: 'accepted', messageId });
    },
    close() {
      for (const sendId of [...unknown.keys()]) end(sendId, { outcome: 'unsettled' });
    },
  };
}
