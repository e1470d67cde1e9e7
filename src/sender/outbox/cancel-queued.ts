import { isRecord, type JsonObject } from '../../runtime/json.js';
import type { Store } from '../../stores/store.js';
import type { CancelResult } from '../cancel-result.js';
import { keyRecordOf } from './ledger.js';

/** Number of queued messages per read. */
const pageSize = 250;

/** Length of the prefix of an ID that identifies the process that created it, and its parts of the outbox. */
const ownerLength = 12;

/**
 * Cancels a message in the store: a message of another process, or one that has its outcome. The process that has the
 * message notices this before it sends, and rejects the message. If that process is gone, the next recovery emits the
 * outcome.
 *
 * @throws `StoreError`
 */
export async function cancelQueued(store: Store, phoneNumberId: string, idOrKey: string): Promise<CancelResult> {
  for (;;) {
    const key = keyRecordOf(phoneNumberId, idOrKey);
    const named = await store.get(key);
    const record = isRecord(named?.value) ? named.value : undefined;
    if (record && record.state !== 'open') return 'already-sent';
    const id = typeof record?.id === 'string' ? record.id : idOrKey;
    if (await store.get(`sender/send/${id}`)) return 'already-sent';
    const entry = await findQueued(store, id);
    if (!entry) return named ? 'already-sent' : 'unknown';
    const { message, outcome, ...facts } = entry.value;
    if (isRecord(outcome)) return outcome.state === 'cancelled' ? 'cancelled' : 'already-sent';
    if (message === undefined) return 'unknown';
    const value = { ...facts, sent: message, tries: 0, outcome: { state: 'cancelled', id } };
    const ownKey = named ? key : typeof facts.key === 'string' ? keyRecordOf(phoneNumberId, facts.key) : undefined;
    const written = await store.batch([
      { type: 'set', key: entry.key, value, ifVersion: entry.version },
      ...(ownKey === undefined ? [] : [{ type: 'delete' as const, key: ownKey }]),
    ]);
    if (written) return 'cancelled';
  }
}

interface QueuedEntry {
  readonly key: string;
  readonly version: string;
  readonly value: JsonObject;
}

async function findQueued(store: Store, id: string): Promise<QueuedEntry | undefined> {
  const prefix = `sender/queue/${id.slice(0, ownerLength)}`;
  for (let after: string | undefined; ;) {
    const page = await store.list(prefix, { limit: pageSize, ...(after !== undefined && { after }) });
    for (const entry of page) {
      if (isRecord(entry.value) && entry.value.id === id) return { key: entry.key, version: entry.version, value: entry.value };
    }
    after = page.at(-1)?.key;
    if (page.length < pageSize) return undefined;
  }
}
