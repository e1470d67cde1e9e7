import type { RequestTarget } from '../../client/client.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { defined, isRecord, type JsonObject } from '../../runtime/json.js';
import type { ListedEntry } from '../../stores/store.js';
import type { Job } from '../queue/job.js';
import type { OnUnknown } from '../send-options.js';
import type { MessageCategory } from '../guard.js';
import { priorityOf, rankOf, type SendPriority } from '../queue/priority.js';
import { readRecorded, type Recorded } from './ledger.js';

/** A queued message in the outbox, with all data that another process needs to send it. */
export interface QueueEntry {
  readonly id: string;
  readonly from: RequestTarget & { readonly phoneNumberId: string };
  readonly message: OutgoingMessage;
  readonly priority: SendPriority;
  readonly key?: string;
  readonly expiresAt?: Date;
  readonly notBefore?: Date;
  readonly campaignId?: string;
  readonly category?: MessageCategory;
  readonly onUnknown?: OnUnknown;
  /** Present if the message has its outcome, but its event may not have been emitted. */
  readonly ended?: EndedSend;
}

/** The outcome of a message whose event may not have been emitted. */
export interface EndedSend {
  readonly recorded: Recorded;
  /** Number of attempts. */
  readonly tries: number;
}

/** Creates the entry of a queued message. */
export function queueEntryOf(job: Job, id: string, from: QueueEntry['from']): JsonObject {
  return { ...factsOf(job, id, from), message: jsonOf(job.message) };
}

/**
 * Creates the entry of a message that has its outcome, without the outcome. It has no `message`, so an older version of
 * this package can't mistake it for a waiting message.
 */
export function endedEntryOf(job: Job, id: string, from: QueueEntry['from']): JsonObject {
  return { ...factsOf(job, id, from), sent: jsonOf(job.message), tries: job.tries };
}

/** Reads an entry. Returns `undefined` if it isn't valid. */
export function readQueueEntry({ value }: Pick<ListedEntry, 'value'>): QueueEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { id, from, key, campaignId, category, onUnknown, expiresAtMs, notBeforeMs, outcome } = value;
  const message = outcome === undefined ? value.message : value.sent;
  if (typeof id !== 'string' || !isRecord(from) || typeof from.phoneNumberId !== 'string' || !isRecord(message)) return undefined;
  return {
    id,
    from: {
      phoneNumberId: from.phoneNumberId,
      ...(typeof from.wabaId === 'string' && { wabaId: from.wabaId }),
      ...(typeof from.coexistence === 'boolean' && { coexistence: from.coexistence }),
    },
    // `queueEntryOf` or `endedEntryOf` wrote it.
    message: message as unknown as OutgoingMessage,
    priority: typeof value.priority === 'string' && value.priority in rankOf ? (value.priority as SendPriority) : 'normal',
    ...(typeof key === 'string' && { key }),
    ...(typeof campaignId === 'string' && { campaignId }),
    ...((category === 'marketing' || category === 'utility' || category === 'authentication') && { category }),
    ...((onUnknown === 'report' || onUnknown === 'resend') && { onUnknown }),
    ...(typeof expiresAtMs === 'number' && { expiresAt: new Date(expiresAtMs) }),
    ...(typeof notBeforeMs === 'number' && { notBefore: new Date(notBeforeMs) }),
    ...(outcome !== undefined && { ended: { recorded: readRecorded(outcome), tries: typeof value.tries === 'number' ? value.tries : 1 } }),
  };
}

function factsOf({ rank, extras }: Job, id: string, { phoneNumberId, wabaId, coexistence }: QueueEntry['from']): JsonObject {
  return {
    id,
    from: defined({ phoneNumberId, wabaId, coexistence }),
    priority: priorityOf[rank],
    ...defined({ key: extras?.key, campaignId: extras?.campaignId, category: extras?.category }),
    ...defined({ onUnknown: extras?.onUnknown, expiresAtMs: extras?.expiresAtMs, notBeforeMs: extras?.notBeforeMs }),
  };
}

function jsonOf(message: OutgoingMessage): JsonObject {
  // Messages are sent to Meta as JSON.
  return message as unknown as JsonObject;
}
