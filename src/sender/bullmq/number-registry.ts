import type { Clock } from '../../runtime/clock.js';
import type { Store } from '../../stores/store.js';
import { defined, isRecord } from '../../runtime/json.js';
import type { NumberTarget } from './job-id.js';

/** The numbers for which any process has queued messages, in the store. */
export interface NumberRegistry {
  /** Records a number, once a day. @throws `StoreError` */
  record(target: NumberTarget): Promise<void>;
  /** Returns a number that this process knows. */
  known(phoneNumberId: string): NumberTarget | undefined;
  /** Reads the latest record of a number. @throws `StoreError` */
  read(phoneNumberId: string): Promise<NumberTarget | undefined>;
  /** Finds a number, including one that only other processes know. @throws `StoreError` */
  find(phoneNumberId: string): Promise<NumberTarget | undefined>;
  /** Lists all numbers. @throws `StoreError` */
  all(): Promise<readonly NumberTarget[]>;
}

const prefix = 'sender/number/';
const dayMs = 86_400_000;
const ttlMs = 40 * dayMs;
const pageSize = 500;

interface KnownNumber {
  readonly target: NumberTarget;
  readonly atMs: number;
  /** The pending write to the store. */
  readonly written: Promise<void>;
}

/** Opens the registry of numbers. */
export function createNumberRegistry(store: Store, clock: Clock): NumberRegistry {
  const targets = new Map<string, KnownNumber>();
  const read = async (phoneNumberId: string): Promise<NumberTarget | undefined> => {
    const target = targetOf((await store.get(prefix + phoneNumberId))?.value);
    if (target && !isSame(targets.get(phoneNumberId)?.target, target)) {
      targets.set(phoneNumberId, { target, atMs: -Infinity, written: Promise.resolve() });
    }
    return target;
  };
  const write = async ({ phoneNumberId, wabaId, coexistence }: NumberTarget): Promise<void> => {
    await store.set(prefix + phoneNumberId, defined({ phoneNumberId, wabaId, coexistence }), { ttlMs });
  };
  return {
    record(target) {
      const { phoneNumberId } = target;
      const known = targets.get(phoneNumberId);
      // All calls wait for the same write, so they keep their order.
      if (known && isSame(known.target, target) && clock.monotonic() - known.atMs < dayMs) return known.written;
      const written = write(target);
      targets.set(phoneNumberId, { target, atMs: clock.monotonic(), written });
      written.catch(() => targets.delete(phoneNumberId));
      return written;
    },
    known: (phoneNumberId) => targets.get(phoneNumberId)?.target,
    read,
    find: async (phoneNumberId) => targets.get(phoneNumberId)?.target ?? read(phoneNumberId),
    async all() {
      const found: NumberTarget[] = [];
      for (let after: string | undefined; ;) {
        const page = await store.list(prefix, { limit: pageSize, ...defined({ after }) });
        found.push(...page.flatMap(({ value }) => targetOf(value) ?? []));
        after = page.at(-1)?.key;
        if (page.length < pageSize) return found;
      }
    },
  };
}

function isSame(one: NumberTarget | undefined, other: NumberTarget): boolean {
  return one?.wabaId === other.wabaId && one?.coexistence === other.coexistence && one?.phoneNumberId === other.phoneNumberId;
}

function targetOf(value: unknown): NumberTarget | undefined {
  if (!isRecord(value) || typeof value.phoneNumberId !== 'string') return undefined;
  return {
    phoneNumberId: value.phoneNumberId,
    ...(typeof value.wabaId === 'string' && { wabaId: value.wabaId }),
    ...(typeof value.coexistence === 'boolean' && { coexistence: value.coexistence }),
  };
}
