import { isRecord, type JsonValue } from '../runtime/json.js';
import { parseJsonBody } from './json-body.js';
import type { QueueKey } from './queue-key.js';

/** A delivery in the inbox. */
export interface InboxDelivery {
  readonly id: string;
  /** Meta's JSON as a string. */
  readonly text: string;
  readonly receivedAtMs: number;
  readonly secretIndex: number;
  /** Keys of the events to handle. @defaultValue all */
  readonly only?: readonly string[];
}

/** A delivery that failed permanently. */
export interface DeadLetter {
  readonly id: string;
  readonly receivedAt: Date;
  readonly failedAt: Date;
  /** Number of attempts to handle its events. */
  readonly attempts: number;
  /** The error of the last attempt. */
  readonly error: string;
  /** Meta's parsed JSON, or its text if it can't be parsed. */
  readonly body: unknown;
}

/**
 * Progress and queue of a delivery. It is stored separately from the body, because it is listed and rewritten often.
 */
export interface Progress {
  readonly attempts: number;
  readonly queueKey: QueueKey;
  readonly only?: readonly string[];
}

/** Key prefix of the bodies. */
export const bodies = 'webhooks/inbox/';
/** Key prefix of the due times. */
export const dues = 'webhooks/due/';
/** Key prefix of the dead letters. */
export const deads = 'webhooks/dead/';

/** Converts progress to its stored form. */
export function valueOf({ attempts, queueKey: { kind, number, customer }, only }: Progress): { readonly [name: string]: JsonValue } {
  return { attempts, group: `${kind} ${number}`, lane: customer, ...(only && { only }) };
}

/** Reads progress from its stored form. */
export function progressOf(value: JsonValue): Progress {
  const { attempts, group, lane, only } = isRecord(value) ? value : {};
  const isSync = typeof group === 'string' && group.startsWith('sync ');
  return {
    attempts: typeof attempts === 'number' ? attempts : 0,
    queueKey: {
      kind: isSync ? 'sync' : 'live',
      number: typeof group === 'string' ? group.replace(/^(?:live|sync) /, '') : '',
      customer: typeof lane === 'string' ? lane : '',
    },
    ...(Array.isArray(only) && { only: only.filter((key) => typeof key === 'string') }),
  };
}

/** Reads a delivery from a stored value. */
export function bodyOf(id: string, value: JsonValue | undefined): InboxDelivery | undefined {
  if (!isRecord(value) || typeof value.text !== 'string') return undefined;
  const { text, receivedAtMs, secretIndex } = value;
  return {
    id,
    text,
    receivedAtMs: typeof receivedAtMs === 'number' ? receivedAtMs : 0,
    secretIndex: typeof secretIndex === 'number' ? secretIndex : 0,
  };
}

/** Returns the dead letter of a delivery from the record of its failure. */
export function deadLetterOf({ id, text, receivedAtMs }: InboxDelivery, value: JsonValue): DeadLetter {
  const record = isRecord(value) ? value : {};
  return {
    id,
    receivedAt: new Date(receivedAtMs),
    failedAt: new Date(typeof record.failedAtMs === 'number' ? record.failedAtMs : 0),
    attempts: typeof record.attempts === 'number' ? record.attempts : 0,
    error: typeof record.error === 'string' ? record.error : '',
    body: bodyOfText(text),
  };
}

/** Parses the body of a delivery. Returns its text if it can't be parsed. */
function bodyOfText(text: string): unknown {
  try {
    return parseJsonBody(text);
  } catch {
    return text;
  }
}
