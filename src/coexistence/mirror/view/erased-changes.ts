import type { ConversationChange, EditRow, MessageRow, ReactionRow } from '../conversation-rows.js';

/** Returns the time up to which the events of an erased person or message are ignored, or -1 if it wasn't erased. */
export type ErasedUntil = (kind: 'person' | 'message', phoneNumberId: string, id: string | undefined) => number;

/**
 * Removes the changes of erased people and messages.
 *
 * @param changes - The changes of one or more events.
 * @param untilMs - Looks up an erasure.
 */
export function withoutErased(changes: readonly ConversationChange[], untilMs: ErasedUntil): readonly ConversationChange[] {
  const isErasedMessage = (row: MessageRow | EditRow | ReactionRow, time: Date | undefined): boolean =>
    untilMs('message', row.phoneNumberId, row.messageId) >= 0 || isPast(row.phoneNumberId, row.customerId, time);
  const isPast = (phoneNumberId: string, customerId: string | undefined, time: Date | undefined): boolean =>
    (time?.getTime() ?? 0) <= untilMs('person', phoneNumberId, customerId);

  /** Whether a change concerns an erased message, edit or reaction, or a person before the erasure. */
  const isErased = ({ table, row }: ConversationChange): boolean => {
    const { phoneNumberId } = row;
    switch (table) {
      case 'messages':
        return isErasedMessage(row, row.occurredAt);
      case 'edits':
        return isErasedMessage(row, row.editedAt);
      case 'reactions':
        return isErasedMessage(row, row.reactedAt);
      case 'customers':
        // A contact that was saved after the erasure is new data.
        return isPast(phoneNumberId, row.customerId, row.contactAt);
      case 'aliases':
        return [row.customerId, row.sameAs].some((id) => untilMs('person', phoneNumberId, id) >= 0);
      case 'owners':
        return [row.customerId, row.ownerId].some((id) => untilMs('person', phoneNumberId, id) >= 0);
    }
  };

  const kept = new Set(changes.filter((change) => !isErased(change)));
  // If the person writes again, their names and IDs from the same event are stored.
  const people = new Set([...kept].map(({ row }) => row.customerId));
  return changes.filter(
    (change) =>
      kept.has(change) ||
      (change.table === 'customers' && people.has(change.row.customerId)) ||
      (change.table === 'aliases' && people.has(change.row.sameAs)) ||
      (change.table === 'owners' && people.has(change.row.ownerId)),
  );
}
