import { GraphApiError } from '../../errors/graph-api-error.js';
import type { SendResult } from '../send-result.js';

/** Numbers of rejected messages by Meta's error code. */
export type RejectionsByCode = Record<string, number>;

/** Equal rejections in a row, after which a campaign stops. */
export interface EqualRejections {
  /** Meta's error code. */
  readonly code: number;
  /** Number of messages in a row that Meta rejected with this code. */
  readonly rejections: number;
}

/** Counts equal rejections in a row. */
export interface RejectionStreak {
  /** Counts an outcome. Returns the streak once, when it reaches the limit. */
  count(result: SendResult): EqualRejections | undefined;
}

/** Default limit of equal rejections. */
const defaultLimit = 20;

/** Returns the limit of the option `maxEqualRejections`. `false` and 0 turn it off. */
export function rejectionLimit(option: number | false | undefined): number {
  return option === undefined ? defaultLimit : option === false || option === 0 ? Infinity : option;
}

/** Returns Meta's error code of a message that Meta rejected. */
export function rejectionCode(result: SendResult): number | undefined {
  return result.outcome === 'rejected' && result.by === 'meta' && result.error instanceof GraphApiError ? result.error.code : undefined;
}

/** Counts a rejection by its code. */
export function countRejection(byCode: RejectionsByCode, result: SendResult): void {
  const code = rejectionCode(result);
  if (code !== undefined) byCode[String(code)] = (byCode[String(code)] ?? 0) + 1;
}

/** Counts the outcomes that Meta decided. Messages that the sender didn't send neither continue nor end a streak. */
export function createRejectionStreak(limit: number): RejectionStreak {
  let current: { code: number; rejections: number } | undefined;
  return {
    count(result) {
      if (result.outcome === 'rejected' && result.by !== 'meta') return undefined;
      const code = rejectionCode(result);
      if (code === undefined) {
        current = undefined;
        return undefined;
      }
      current = { code, rejections: current?.code === code ? current.rejections + 1 : 1 };
      return current.rejections === limit ? current : undefined;
    },
  };
}
