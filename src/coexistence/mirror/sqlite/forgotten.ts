import { createHmac } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../../errors/store-error.js';
import type { ConversationChange, EditRow, MessageRow, ReactionRow } from '../conversation-rows.js';
import { cleanText } from '../conversation-sql.js';

/** The erased people and messages, which must not be stored again. */
export interface Forgotten {
  /** Removes the changes of erased people and messages. */
  without(changes: readonly ConversationChange[]): readonly ConversationChange[];
  /** Records an erased person. Events of the person up to now are ignored. */
  addPerson(phoneNumberId: string, customerId: string, untilMs: number): void;
  /** Records an erased message. All events of the message are ignored. */
  addMessage(phoneNumberId: string, messageId: string): void;
}

const forever = Number.MAX_SAFE_INTEGER;

/**
 * Creates the list of erased people and messages. It stores only keyed digests, so they don't reveal who was erased.
 * The key is in the same file, so a reader of the file can test a guessed number.
 *
 * @param database - The database.
 */
export function forgottenOf(database: DatabaseSync): Forgotten {
  const [{ key } = {}] = database.prepare('SELECT key FROM wa_forgotten_key').all();
  if (!(key instanceof Uint8Array)) throw new StoreError('The file has no key for erased messages. Restore it from a backup.', 'failed');
  const any = database.prepare('SELECT 1 FROM wa_forgotten LIMIT 1');
  const find = database.prepare('SELECT until_ms FROM wa_forgotten WHERE digest = ?');
  const put = database.prepare(
    'INSERT INTO wa_forgotten VALUES (?, ?) ON CONFLICT (digest) DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)',
  );

  const digestOf = (kind: 'person' | 'message', phoneNumberId: string, id: string): Uint8Array =>
    createHmac('sha256', key)
      .update([kind, phoneNumberId, cleanText(id)].join('\n'))
      .digest()
      .subarray(0, 16);
  const untilMs = (kind: 'person' | 'message', phoneNumberId: string, id: string | undefined): number => {
    const row = id === undefined ? undefined : find.get(digestOf(kind, phoneNumberId, id));
    return row ? Number(row.until_ms) : -1;
  };
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

  return {
    without(changes) {
      if (!any.get()) return changes;
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
    },
    addPerson(phoneNumberId, customerId, atMs) {
      put.run(digestOf('person', phoneNumberId, customerId), atMs);
    },
    addMessage(phoneNumberId, messageId) {
      put.run(digestOf('message', phoneNumberId, messageId), forever);
    },
  };
}
