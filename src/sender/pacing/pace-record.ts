import { isRecord } from '../../runtime/json.js';

/** A recipient whose pair rate isn't paid off: its queue, for how many more milliseconds, and how often Meta refused in a row. */
export type PairRecord = readonly [recipient: string, paidForMs: number, refusals: number];

/** What Meta's refusals taught about a number. */
export interface FeedbackRecord {
  /** Messages a second that Meta was expected to accept. */
  readonly cap: number;
  /** Messages a second that pass. */
  readonly ceiling: number;
  /** How much the window is widened. */
  readonly marginMs: number;
  /** When a higher ceiling may be tried. */
  readonly raiseInMs: number;
}

/** What the next sender of a number must know so that its pace continues. Times count from the moment of the record. */
export interface PaceRecord extends FeedbackRecord {
  /** When each taken place of Meta's window becomes free. */
  readonly freeInMs: readonly number[];
  /** How long the number may not send at all. */
  readonly heldForMs: number;
  readonly pairs: readonly PairRecord[];
}

/** Moves the times of a record by the time that has passed since it was made. */
export function elapsedRecord(record: PaceRecord, elapsedMs: number): PaceRecord {
  const left = (ms: number): number => Math.max(0, ms - elapsedMs);
  return {
    ...record,
    raiseInMs: left(record.raiseInMs),
    heldForMs: left(record.heldForMs),
    freeInMs: record.freeInMs.map(left).filter((ms) => ms > 0),
    pairs: record.pairs.flatMap(([recipient, paidForMs, refusals]): PairRecord[] =>
      paidForMs > elapsedMs ? [[recipient, paidForMs - elapsedMs, refusals]] : [],
    ),
  };
}

/** How long a record matters. `0` if there is nothing to know. */
export function recordTtlMs({ cap, ceiling, marginMs, raiseInMs, heldForMs, freeInMs, pairs }: PaceRecord): number {
  const learnedForMs = ceiling < cap || marginMs > 0 ? Math.max(learnedTtlMs, raiseInMs) : 0;
  return Math.max(learnedForMs, heldForMs, ...freeInMs, ...pairs.map(([, paidForMs]) => paidForMs));
}

/** How long a number remembers what Meta's refusals taught, while no process sends from it. */
const learnedTtlMs = 60_000;

/** Reads a record that another process wrote, perhaps with another version of this package. */
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
