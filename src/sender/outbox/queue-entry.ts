import type { Target } from '../../client/client.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { defined, isRecord, type JsonObject } from '../../runtime/json.js';
import type { ListedEntry } from '../../stores/store.js';
import type { Job } from '../job.js';
import type { MessageCategory } from '../guard.js';
import { priorityOf, rankOf, type Priority } from '../priority.js';

/** A queued message as the outbox keeps it: all that a process needs to send it in the place of another. */
export interface QueueEntry {
  readonly id: string;
  readonly from: Target & { readonly phoneNumberId: string };
  readonly message: OutgoingMessage;
  readonly priority: Priority;
  readonly key?: string;
  readonly expiresAt?: Date;
  readonly campaignId?: string;
  readonly category?: MessageCategory;
}

/** Writes an entry. */
export function queueEntryOf({ message, rank, extras }: Job, id: string, from: QueueEntry['from']): JsonObject {
  const { phoneNumberId, wabaId, coexistence } = from;
  return {
    id,
    from: defined({ phoneNumberId, wabaId, coexistence }),
    // A message is what goes to Meta as JSON.
    message: message as unknown as JsonObject,
    priority: priorityOf[rank],
    ...defined({ key: extras?.key, expiresAtMs: extras?.expiresAtMs, campaignId: extras?.campaignId, category: extras?.category }),
  };
}

/** Reads an entry; nothing if it is none. */
export function readQueueEntry({ value }: ListedEntry): QueueEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { id, from, message, key, campaignId, category, expiresAtMs } = value;
  if (typeof id !== 'string' || !isRecord(from) || typeof from.phoneNumberId !== 'string' || !isRecord(message)) return undefined;
  return {
    id,
    from: {
      phoneNumberId: from.phoneNumberId,
      ...(typeof from.wabaId === 'string' && { wabaId: from.wabaId }),
      ...(typeof from.coexistence === 'boolean' && { coexistence: from.coexistence }),
    },
    // Written by `queueEntryOf`.
    message: message as unknown as OutgoingMessage,
    priority: typeof value.priority === 'string' && value.priority in rankOf ? (value.priority as Priority) : 'normal',
    ...(typeof key === 'string' && { key }),
    ...(typeof campaignId === 'string' && { campaignId }),
    ...((category === 'marketing' || category === 'utility' || category === 'authentication') && { category }),
    ...(typeof expiresAtMs === 'number' && { expiresAt: new Date(expiresAtMs) }),
  };
}
