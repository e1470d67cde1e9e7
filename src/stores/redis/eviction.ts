import { StoreError } from '../../errors/store-error.js';

/** Whether a Redis that removes keys under memory pressure is accepted. */
export type RedisEviction = (typeof redisEvictions)[number];

/** The values of {@link RedisEviction}. */
export const redisEvictions = ['reject', 'allow'] as const;

/**
 * Reads Redis's `INFO memory` and returns an error if Redis removes keys when its memory is full: `maxmemory` is set, and `maxmemory-policy` isn't
 * `noeviction`. What Redis removes is lost without a trace: messages, outcomes and locks.
 *
 * @param info - The reply to `INFO memory`. Anything else counts as unknown.
 * @returns `undefined` if Redis keeps all keys, or doesn't report its settings.
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
