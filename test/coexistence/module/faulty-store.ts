import { memoryStore, type Store } from 'wa-coexist';

/** The point at which a process crashes: before or after the effect of a store operation. */
export interface Crash {
  readonly operation: number;
  readonly when: 'before' | 'after';
}

/** The store of a process that crashes at a given point. All later operations of the process also fail. */
export function crashingStore(store: Store, crash: Crash): Store {
  let operations = 0;
  const call = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    operations += 1;
    if (operations > crash.operation || (operations === crash.operation && crash.when === 'before')) throw new Error('The process ended.');
    const result = await work();
    if (operations >= crash.operation) throw new Error('The process ended.');
    return result;
  };
  return {
    get: (key) => call(() => store.get(key)),
    set: (key, value, options) => call(() => store.set(key, value, options)),
    setIfAbsent: (key, value, options) => call(() => store.setIfAbsent(key, value, options)),
    delete: (key, options) => call(() => store.delete(key, options)),
    list: (prefix, options) => call(() => store.list(prefix, options)),
    batch: (operations_) => call(() => store.batch(operations_)),
  };
}

/** A store whose operations take random numbers of turns, so that concurrent work interleaves. */
export function unevenStore(turns: () => number, store: Store = memoryStore()): Store {
  const call = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    for (let turn = turns(); turn > 0; turn -= 1) await Promise.resolve();
    return work();
  };
  return {
    get: (key) => call(() => store.get(key)),
    set: (key, value, options) => call(() => store.set(key, value, options)),
    setIfAbsent: (key, value, options) => call(() => store.setIfAbsent(key, value, options)),
    delete: (key, options) => call(() => store.delete(key, options)),
    list: (prefix, options) => call(() => store.list(prefix, options)),
    batch: (operations) => call(() => store.batch(operations)),
  };
}
