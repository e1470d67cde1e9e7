import type { Clock } from '../runtime/clock.js';
import { listEntries } from '../stores/records.js';
import type { Store } from '../stores/store.js';
import { bodies, bodyOf, deadLetterOf, deads, progressOf, valueOf, type DeadLetter } from './inbox-records.js';

/** Deliveries that failed permanently. You can inspect, retry or delete them. */
export interface DeadLetters {
  /** Lists dead letters in the order of their IDs. */
  list(): AsyncIterable<DeadLetter>;
  /** Returns a dead letter to the inbox, as if it had just arrived. Resolves with whether it existed. */
  retry(id: string): Promise<boolean>;
  /** Deletes a dead letter. Resolves with whether it existed. */
  delete(id: string): Promise<boolean>;
}

/** Dependencies of {@link deadLetters}. */
export interface DeadLettersOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Returns the key of a due delivery. */
  readonly due: (dueAtMs: number, id: string) => string;
  /** Makes the inbox check for due deliveries. */
  readonly look: () => void;
}

/** Creates the dead letters of an inbox. */
export function deadLetters({ store, clock, due, look }: DeadLettersOptions): DeadLetters {
  return {
    async *list() {
      for await (const { key, value } of listEntries(store, deads)) {
        const id = key.slice(deads.length);
        const body = bodyOf(id, (await store.get(bodies + id))?.value);
        if (body) yield deadLetterOf(body, value);
      }
    },
    async retry(id) {
      const entry = await store.get(deads + id);
      if (!entry) return false;
      const isBack = await store.batch([
        { type: 'delete', key: deads + id, ifVersion: entry.version },
        { type: 'set', key: due(clock.now(), id), value: valueOf({ ...progressOf(entry.value), attempts: 0 }) },
      ]);
      look();
      return isBack !== false;
    },
    async delete(id) {
      const entry = await store.get(deads + id);
      if (!entry) return false;
      const isGone = await store.batch([
        { type: 'delete', key: deads + id, ifVersion: entry.version },
        { type: 'delete', key: bodies + id },
      ]);
      return isGone !== false;
    },
  };
}
