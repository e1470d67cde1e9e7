import { StoreError } from '../../errors/store-error.js';

/** Whether the store accepts a Redis that evicts keys when its memory is full. */
export type RedisEviction = (typeof redisEvictions)[number];

/** The values of {@link RedisEviction}. */
export const redisEvictions = ['reject', 'allow'] as const;

/**
 * Parses Redis's `INFO memory` and returns an error if Redis evicts keys when its memory is full: `maxmemory` is set,
 * and `maxmemory-policy` isn't `noeviction`. Evicted messages, results and locks are lost without a trace.
 *
 * @param info - The reply to `INFO memory`. Other values count as unknown.
 * @returns `undefined` if Redis doesn't evict keys, or doesn't report its settings
 */
export function evictionError(info: string): StoreError | undefined {
  const maxMemory = /^maxmemory:(\d+)/m.exec(info)?.[1];
  const policy = /^maxmemory_policy:([\w-]+)/m.exec(info)?.[1];
  if (maxMemory === undefined || maxMemory === '0' || policy === undefined || policy === 'noeviction') return undefined;
  return new StoreError(
    `Redis removes keys when its memory is full (maxmemory ${maxMemory}, maxmemory-policy ${policy}), which loses messages and outcomes. ` +
      "Set maxmemory-policy to noeviction. If you accept the loss, pass eviction: 'allow'.",
    'evicting',
  );
}
