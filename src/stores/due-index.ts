import type { Clock } from '../runtime/clock.js';
import type { JsonObject } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import { acquireLease, acquireTogether, type Lease } from './lease.js';
import { writeIfUnchanged } from './records.js';
import type { ListedEntry, Store } from './store.js';

/*
 * A due index is a prefix whose entries sort by due time:
 *
 *   {prefix}{time}/{id}               the time in milliseconds, 15 digits
 *   {prefix}{time}-{sequence}/{id}    with the order of entries that are due at the same millisecond, 12 digits
 */

/** A due entry. */
export interface DueEntry extends ListedEntry {
  readonly dueAtMs: number;
  readonly id: string;
}

/** A page of a due index. */
export interface DuePage {
  /** Oldest first. */
  readonly due: readonly DueEntry[];
  /** Time at which the next entry is due, if this page contains it. */
  readonly nextDueAtMs?: number;
  /** The start of the next page, if more entries may be due. */
  readonly after?: string;
}

const timeLength = 15;
const sequenceLength = 12;

/**
 * Returns the key of an entry in a due index.
 *
 * @param prefix - The prefix of the index.
 * @param dueAtMs - The due time of the entry.
 * @param id - The ID of the entry.
 * @param sequence - Orders entries of the same millisecond.
 */
export function dueKey(prefix: string, dueAtMs: number, id: string, sequence?: number): string {
  const time = String(Math.max(0, Math.ceil(dueAtMs))).padStart(timeLength, '0');
  return `${prefix}${time}${sequence === undefined ? '' : `-${String(sequence).padStart(sequenceLength, '0')}`}/${id}`;
}

/**
 * Reads a page of entries that are due. It doesn't read later entries.
 *
 * @param store - The store.
 * @param prefix - The prefix of the index.
 * @param options - The time, the maximum number of entries, and the last key of the previous page.
 */
export async function readDue(
  store: Store,
  prefix: string,
  { nowMs, limit, after }: { readonly nowMs: number; readonly limit: number; readonly after?: string | undefined },
): Promise<DuePage> {
  const page = await store.list(prefix, { limit, ...(after !== undefined && { after }) });
  const due: DueEntry[] = [];
  for (const entry of page) {
    const rest = entry.key.slice(prefix.length);
    const dueAtMs = Number(rest.slice(0, timeLength));
    if (dueAtMs > nowMs) return { due, nextDueAtMs: dueAtMs };
    due.push({ ...entry, dueAtMs, id: rest.slice(rest.indexOf('/') + 1) });
  }
  const last = page.at(-1)?.key;
  return { due, ...(page.length >= limit && last !== undefined && { after: last }) };
}

/** Options of {@link sweepDue}. */
export interface DueSweep<Item extends JsonObject> {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly prefix: string;
  /** Handles entries that are due at this time. */
  readonly nowMs: number;
  /** Maximum number of entries to handle. Failed entries don't count, so they don't delay the others. */
  readonly limit: number;
  /**
   * Duration of a lease. If this process crashes, another one can handle the entry afterwards. The lease is renewed
   * while the handler runs.
   */
  readonly leaseMs: number;
  /** Whether this process can handle an entry. Other entries stay due. */
  readonly accepts: (item: Item) => boolean;
  /**
   * Handles an entry. The entry stays due if the promise rejects. Otherwise it is removed, even if its record no longer
   * exists.
   */
  readonly handle: (item: Item) => Promise<void>;
  readonly onFailure: (item: Item, error: unknown) => void;
}

/** The result of {@link sweepDue}. */
export interface DueSweepResult {
  readonly handled: number;
  /** Number of entries with a failed handler. They stay due. */
  readonly failed: number;
}

/** Number of entries to acquire together in one commit. */
const batchSize = 20;
const pageSize = 100;

interface Acquired<Item> {
  readonly item: Item;
  readonly lease: Lease<string>;
  readonly key: string;
}

/**
 * Acquires due entries in batches, oldest first, and handles them one by one. Each entry is handled by one process.
 *
 * @param sweep - The index, the time, the limits and the handler.
 */
export async function sweepDue<Item extends JsonObject>(sweep: DueSweep<Item>): Promise<DueSweepResult> {
  const { store, prefix, nowMs, limit, accepts } = sweep;
  let handled = 0;
  let failed = 0;
  let after: string | undefined;
  do {
    const page: DuePage = await readDue(store, prefix, { nowMs, limit: pageSize, after });
    const waiting = page.due.filter((entry) => accepts(itemOf<Item>(entry).item));
    while (waiting.length > 0 && handled < limit) {
      const batch = waiting.splice(0, Math.min(batchSize, limit - handled));
      const acquired = await acquireTogether(
        batch.map((entry) => acquireEntry(sweep, entry)),
        abandon,
      );
      try {
        for (const one of acquired) {
          const result = await handleEntry(sweep, one);
          if (result === 'handled') handled += 1;
          if (result === 'failed') failed += 1;
        }
      } finally {
        acquired.forEach(abandon);
      }
    }
    ({ after } = page);
  } while (after !== undefined && handled < limit);
  return { handled, failed };
}

function abandon({ lease }: { readonly lease: Lease<string> }): void {
  lease.abandon();
}

async function acquireEntry<Item extends JsonObject>(
  { store, clock, logger, leaseMs }: DueSweep<Item>,
  entry: DueEntry,
): Promise<Acquired<Item> | undefined> {
  const { item, leasedUntilMs } = itemOf<Item>(entry);
  if (leasedUntilMs !== undefined && leasedUntilMs > clock.now()) return undefined;
  const { key } = entry;
  const write = (version: string): Promise<string | undefined> =>
    writeIfUnchanged(store, key, version, { ...item, leasedUntilMs: clock.now() + leaseMs });
  const lease = await acquireLease({
    clock,
    logger,
    durationMs: leaseMs,
    acquire: () => write(entry.version),
    renew: write,
    lost: { event: 'store.due_entry_lost', facts: { key } },
    notRenewed: { event: 'store.due_entry_not_renewed', facts: { key } },
  });
  return lease && { key, item, lease };
}

/** Handles an entry, unless another process may have acquired it in the meantime. */
async function handleEntry<Item extends JsonObject>(
  { store, handle, onFailure }: DueSweep<Item>,
  { key, item, lease }: Acquired<Item>,
): Promise<'handled' | 'failed' | 'left'> {
  const putBack = (): Promise<boolean> =>
    lease.release(async (version) => (await writeIfUnchanged(store, key, version, item)) !== undefined);
  if (!lease.isHeld()) {
    await putBack();
    return 'left';
  }
  try {
    await handle(item);
  } catch (error) {
    await putBack();
    onFailure(item, error);
    return 'failed';
  }
  await lease.release((ifVersion) => store.delete(key, { ifVersion }));
  return 'handled';
}

/** Returns the item of an entry, without the lease. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- names what the owner of the index wrote there
function itemOf<Item extends JsonObject>({ value }: ListedEntry): { readonly item: Item; readonly leasedUntilMs: number | undefined } {
  // Only the module that owns the index writes its entries, and it writes Items.
  const item = { ...(value as Item & { leasedUntilMs?: number }) };
  const { leasedUntilMs } = item;
  delete item.leasedUntilMs;
  return { item, leasedUntilMs };
}
