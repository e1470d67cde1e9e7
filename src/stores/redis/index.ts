/**
 * A store in Redis for any number of processes and machines. It uses your client.
 *
 * @module wa-coexist/redis
 */

export { redisStore, type RedisStoreOptions } from './redis-store.js';
export type { RedisEviction } from './eviction.js';
export type { IoredisClient, NodeRedisClient } from './redis-client.js';
