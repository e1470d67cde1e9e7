import { systemClock, wait } from '../../runtime/clock.js';
import type { Store } from '../../stores/store.js';
import type { Time, Check } from './contract/contract-case.js';
import { values, versions, expiry } from './contract/value-cases.js';
import { listing } from './contract/listing-cases.js';
import { batches, races } from './contract/batch-cases.js';

/** Options of {@link storeContract}. */
export interface StoreContractOptions {
  /** Creates an empty store. Each case calls it one time, and closes the store at the end. */
  readonly createStore: () => Store | Promise<Store>;
  /**
   * The clock of the stores, if your test can advance it, for example `fakeClock()`.
   * @defaultValue keys expire in real time, which needs about a second in total
   */
  readonly clock?:
    | {
        /** Advances the time of the store. */
        advance(durationMs: number): void | Promise<void>;
      }
    | undefined;
}

/** One requirement of a store. */
export interface StoreContractCase {
  /** The requirement, as a sentence. */
  readonly name: string;
  /** @throws an `AssertionError` if the store doesn't meet it. */
  readonly run: () => Promise<void>;
}

/**
 * Returns all requirements of a {@link Store} as named test cases for any test runner: values, versions, expiry, order,
 * listing, atomic batches, and races between writers. You can use a store that passes everywhere in the library.
 *
 * The cases can run in sequence or in parallel. To test races between connections, create a store that distributes its
 * calls over several connections.
 *
 * @param options - Creates the stores. See {@link StoreContractOptions}.
 * @returns the test cases.
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 * import { memoryStore } from 'wa-coexist';
 * import { fakeClock } from 'wa-coexist/testing';
 * import { storeContract } from 'wa-coexist/testing/node';
 *
 * const clock = fakeClock();
 * for (const { name, run } of storeContract({ createStore: () => memoryStore({ clock }), clock })) test(name, run);
 * ```
 */
export function storeContract(options: StoreContractOptions): readonly StoreContractCase[] {
  const { createStore, clock } = options;
  const time: Time = clock
    ? { exact: true, ttlMs: 1_000, pass: async (durationMs) => clock.advance(durationMs) }
    : { exact: false, ttlMs: 40, pass: (durationMs) => wait(systemClock, durationMs + 40) };
  return Object.entries(cases).map(([name, check]) => ({
    name,
    async run() {
      const store = await createStore();
      try {
        await check(store, time);
      } finally {
        await store.close?.();
      }
    },
  }));
}

const cases: Readonly<Record<string, Check>> = { ...values, ...versions, ...expiry, ...listing, ...batches, ...races };
