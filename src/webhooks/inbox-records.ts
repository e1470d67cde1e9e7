import { isRecord, type JsonValue } from '../runtime/json.js';
import { parseJsonBody } from './json-body.js';
import type { QueueKey } from './queue-key.js';

/** A delivery in the inbox. */
export interface InboxDelivery {
  readonly id: string;
  /** Meta's JSON, as text. */
  readonly text: string;
  readonly receivedAtMs: number;
  readonly secretIndex: number;
  /** Keys of the events to handle. @defaultValue all */
  readonly only?: readonly string[];
}

/** A delivery that was given up on. */
export interface DeadLetter {
  readonly id: string;
  readonly receivedAt: Date;
  readonly failedAt: Date;
  /** How often its events were tried. */
  readonly attempts: number;
  /** What the last try failed with. */
  readonly error: string;
  /** Meta's JSON, parsed; its text if it cannot be parsed. */
  readonly body: unknown;
}

/** Progress and queue of a delivery. It is separate from the body and small, because it is listed and rewritten. */
export interface Progress {
  readonly attempts: number;
  readonly queueKey: QueueKey;
  readonly only?: readonly string[];
}

/** What begins the keys of bodies, of due times, and of what was given up on. */
export const bodies = 'webhooks/inbox/';
/** See {@link bodies}. */
export const dues = 'webhooks/due/';
/** See {@link bodies}. */
export const deads = 'webhooks/dead/';

/** Progress as the store keeps it. */
export function valueOf({ attempts, queueKey: { kind, number, customer }, only }: Progress): { readonly [name: string]: JsonValue } {
  return { attempts, group: `${kind} ${number}`, lane: customer, ...(only && { only }) };
}

/** What {@link valueOf} was made from. */
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

/** The delivery in a stored value. */
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

/** The dead letter of a delivery and of what was written when it was given up on. */
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

/** The body of a delivery, or its text if it cannot be parsed. */
function bodyOfText(text: string): unknown {
  try {
    return parseJsonBody(text);
  } catch {
    return text;
  }
}
