/**
 * One sender in many processes, on BullMQ and Redis. Needs the optional peers `bullmq` and `ioredis`.
 *
 * @module wa-coexist/bullmq
 */

export { createBullSender } from './create-bull-sender.js';
export type { RedisEviction } from '../../stores/redis/eviction.js';
export type { BullSender, BullSenderOptions, BullSendOptions } from './bull-sender.js';
