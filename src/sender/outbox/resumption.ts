import type { NumberSender } from '../number-sender.js';
import type { From } from '../send-options.js';
import type { Ledger } from './ledger.js';
import type { OutboxOptions } from './outbox.js';

/** What {@link createResumption} works with. */
export interface ResumptionOptions {
  readonly ledger: Ledger;
  /** The sender of a number; nothing once all are closed, which leaves the rest in the store. */
  readonly numberOf: (from: From) => NumberSender | undefined;
}

/** How many messages of other processes are open at once; the rest stays in the store until there is room. */
const mostOpen = 1_000;

/** Goes on with messages of processes that died: what had left is unknown, what had not is queued. */
export function createResumption({ ledger, numberOf }: ResumptionOptions): OutboxOptions['resume'] {
  let open = 0;
  let onRoom = (): void => undefined;
  return async ({ id, from, message, priority, key, expiresAt, campaignId, category }, queueKey, ended) => {
    while (open >= mostOpen) {
      await new Promise<void>((resolve) => {
        onRoom = resolve;
      });
    }
    const submitted = {
      id,
      priority,
      durable: true,
      recovered: { queueKey, onUnqueued: ended },
      ...(key !== undefined && { key }),
      ...(expiresAt && { expiresAt }),
      ...(campaignId !== undefined && { campaignId }),
      ...(category !== undefined && { category }),
    };
    const departure = await ledger.departureOf(id);
    const number = numberOf(from);
    if (!number) return;
    if (departure) {
      await number.cutOff(message, submitted, departure.messageId);
      return;
    }
    open += 1;
    number.submit(message, submitted, () => {
      open -= 1;
      onRoom();
    });
  };
}
