import type { Redis } from 'ioredis';
import type { SetOptions, Store, StoreOperation } from '../../../src/stores/store.js';

/** Brings the expiry of every key under a prefix, and the store's records of it, closer by some milliseconds. */
const nearer = `
local all = redis.call('KEYS', ARGV[1] .. '*')
for _, name in ipairs(all) do
  if redis.call('TYPE', name).ok == 'string' then
    local left = redis.call('PTTL', name)
    if left >= 0 then redis.call('PEXPIRE', name, left - ARGV[2]) end
  elseif string.sub(name, -9) == ':expiring' then
    for _, key in ipairs(redis.call('ZRANGE', name, 0, -1)) do redis.call('ZINCRBY', name, -ARGV[2], key) end
  end
end`;

/** The real milliseconds per virtual one, so that the duration of a test doesn't matter. */
const scale = 20_000;

/** Virtual time for stores that use the clock of Redis. */
export interface VirtualTime {
  /** The same store, with times to live in virtual time. */
  of(store: Store): Store;
  advance(durationMs: number): Promise<void>;
}

/** Creates virtual time for all keys in Redis that start with `prefix`. */
export function virtualTime(redis: Redis, prefix: string): VirtualTime {
  const slow = <Options extends SetOptions>(options: Options): Options =>
    options.ttlMs === undefined ? options : { ...options, ttlMs: options.ttlMs * scale };
  return {
    of: (store) => ({
      ...store,
      set: (key, value, options = {}) => store.set(key, value, slow(options)),
      setIfAbsent: (key, value, options = {}) => store.setIfAbsent(key, value, slow(options)),
      batch: (operations) =>
        store.batch(operations.map((operation): StoreOperation => (operation.type === 'delete' ? operation : slow(operation)))),
    }),
    async advance(durationMs) {
      await redis.eval(nearer, 0, prefix, durationMs * scale);
    },
  };
}
