import { isRecord } from '../../runtime/json.js';

/**
 * A recipient with an open pair rate debt: its queue, the milliseconds until the debt is paid, and the number of
 * rejections in a row.
 */
export type PairRecord = readonly [recipient: string, paidForMs: number, rejections: number];

/** The limits that Meta's rejections revealed for a number. */
export interface FeedbackRecord {
  /** The assumed limit in messages per second. */
  readonly cap: number;
  /** Messages per second that Meta accepts in practice. */
  readonly ceiling: number;
  /** Milliseconds by which the window is widened. */
  readonly marginMs: number;
  /** Milliseconds until a higher ceiling may be tried. */
  readonly raiseInMs: number;
}

/**
 * The state that the next sender of a number needs to continue its pacing. Times are relative to the time of the
 * record.
 */
export interface PaceRecord extends FeedbackRecord {
  /** When each used slot of Meta's window becomes free. */
  readonly freeInMs: readonly number[];
  /** How long the number must not send. */
  readonly heldForMs: number;
  readonly pairs: readonly PairRecord[];
}

/** Adjusts the times of a record to the time that has passed since it was made. */
export function elapsedRecord(record: PaceRecord, elapsedMs: number): PaceRecord {
  const left = (ms: number): number => Math.max(0, ms - elapsedMs);
  return {
    ...record,
    raiseInMs: left(record.raiseInMs),
    heldForMs: left(record.heldForMs),
    freeInMs: record.freeInMs.map(left).filter((ms) => ms > 0),
    pairs: record.pairs.flatMap(([recipient, paidForMs, rejections]): PairRecord[] =>
      paidForMs > elapsedMs ? [[recipient, paidForMs - elapsedMs, rejections]] : [],
    ),
  };
}

/** Returns how long a record is useful. `0` if it contains no information. */
export function recordTtlMs({ cap, ceiling, marginMs, raiseInMs, heldForMs, freeInMs, pairs }: PaceRecord): number {
  const learnedForMs = ceiling < cap || marginMs > 0 ? Math.max(learnedTtlMs, raiseInMs) : 0;
  return Math.max(learnedForMs, heldForMs, ...freeInMs, ...pairs.map(([, paidForMs]) => paidForMs));
}

/** How long limits learned from Meta's rejections are stored while no process sends from the number. */
const learnedTtlMs = 60_000;

/** Reads a record of another process, possibly from another version of this package. */
export function readPaceRecord(value: unknown): PaceRecord | undefined {
  if (!isRecord(value)) return undefined;
  const { cap, ceiling, marginMs, raiseInMs, heldForMs, freeInMs, pairs } = value;
  if (!isNumber(cap) || !isNumber(ceiling) || !isNumber(marginMs) || !isNumber(raiseInMs) || !isNumber(heldForMs)) return undefined;
  if (!Array.isArray(freeInMs) || !Array.isArray(pairs)) return undefined;
  return { cap, ceiling, marginMs, raiseInMs, heldForMs, freeInMs: freeInMs.filter(isNumber), pairs: pairs.filter(isPair) };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isPair(value: unknown): value is PairRecord {
  return Array.isArray(value) && typeof value[0] === 'string' && isNumber(value[1]) && isNumber(value[2]);
}
