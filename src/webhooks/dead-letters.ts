import type { Clock } from '../runtime/clock.js';
import { listEntries } from '../stores/records.js';
import type { Store } from '../stores/store.js';
import { bodies, bodyOf, deadLetterOf, deads, progressOf, valueOf, type DeadLetter } from './inbox-records.js';

/** Deliveries that were given up on: to be looked at, tried again, or thrown away. */
export interface DeadLetters {
  /** In the order of their ids. */
  list(): AsyncIterable<DeadLetter>;
  /** Puts one back into the inbox, as if it had just arrived. Answers whether it was there. */
  retry(id: string): Promise<boolean>;
  /** Throws one away. Answers whether it was there. */
  delete(id: string): Promise<boolean>;
}

/** What dead letters work with. */
export interface DeadLettersOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The key under which a delivery is due. */
  readonly due: (dueAtMs: number, id: string) => string;
  /** Looks at the inbox, where something is due now. */
  readonly look: () => void;
}

/** The dead letters of an inbox. */
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
