import { isRecord } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import { elapsedRecord, readPaceRecord, recordTtlMs, type PaceRecord } from '../pacing/pace-record.js';
import type { SharedRedis } from './open-redis.js';

/** The pacing state of one number in Redis: the throughput window and the pair rate at the end of the last session. */
export interface NumberPace {
  /** Reads the state that the last session recorded. @throws the errors of Redis */
  read(): Promise<PaceRecord | undefined>;
  /**
   * Records the state for the next session. `record` must not be older than the call. Resolves with whether Redis has
   * stored it.
   */
  write(record: PaceRecord): Promise<boolean>;
}

/**
 * Opens the pacing state of a number. Times are from the clock of Redis, because the clocks of machines differ. A round
 * trip makes them later, never earlier.
 */
export function createNumberPace({
  redis,
  phoneNumberId,
  logger,
}: {
  readonly redis: SharedRedis;
  readonly phoneNumberId: string;
  readonly logger: Logger;
}): NumberPace {
  const { connection } = redis;
  const key = redis.messages(phoneNumberId).toKey('pace');
  const redisNowMs = async (): Promise<number> => {
    const [seconds, microseconds] = await connection.time();
    return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
  };
  return {
    async read() {
      const text = await connection.get(key);
      if (text === null) return undefined;
      const { atMs, record } = parsed(text);
      const known = readPaceRecord(record);
      return known && typeof atMs === 'number' ? elapsedRecord(known, Math.max(0, (await redisNowMs()) - atMs)) : undefined;
    },
    async write(record) {
      const ttlMs = Math.ceil(recordTtlMs(record));
      if (ttlMs === 0) return true;
      try {
        await connection.set(key, JSON.stringify({ atMs: await redisNowMs(), record }), 'PX', ttlMs);
        return true;
      } catch (error) {
        logger.warn('sender.pace_not_recorded', { phoneNumberId, error });
        return false;
      }
    },
  };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
