import { createHmac } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../../errors/store-error.js';
import type { ConversationChange } from '../conversation-rows.js';
import { cleanText } from '../conversation-sql.js';
import { withoutErased } from '../view/erased-changes.js';

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
  return {
    without(changes) {
      return any.get() ? withoutErased(changes, untilMs) : changes;
    },
    addPerson(phoneNumberId, customerId, atMs) {
      put.run(digestOf('person', phoneNumberId, customerId), atMs);
    },
    addMessage(phoneNumberId, messageId) {
      put.run(digestOf('message', phoneNumberId, messageId), forever);
    },
  };
}
