import { InvalidResponseError, NetworkError } from '../errors/connection-errors.js';
import { graphError } from '../errors/from-graph.js';
import { GraphApiError } from '../errors/graph-api-error.js';
import type { WhatsAppError } from '../errors/whatsapp-error.js';
import type { SentMessage } from '../messages/send-message.js';
import { isRecord, type JsonObject, type JsonValue } from '../runtime/json.js';
import type { Store, StoreOperation } from '../stores/store.js';

/** A send as the ledger knows it. */
export interface LedgerSend {
  /** Id of the send, as its statuses name it. */
  readonly id: string;
  /** Graph id of the number. A key is one of its number. */
  readonly phoneNumberId: string;
  /** The caller's key. */
  readonly key: string | undefined;
}

/** What is on record of an earlier send with the same key. */
export type Recorded =
  | { readonly state: 'accepted'; readonly messageId: string; readonly response: SentMessage | undefined }
  | { readonly state: 'rejected'; readonly error: WhatsAppError }
  | { readonly state: 'unknown'; readonly id: string; readonly error: Error };

/** What a status settled. */
export interface LedgerSettlement {
  readonly key: string | undefined;
  /** Whether the send was on record as unknown; one that is still under way tells its outcome itself. */
  readonly wasUnknown: boolean;
}

/**
 * The record of sends in a store: written before a message leaves, so that a crash leaves a trace and a key is used once, by whichever
 * process comes first.
 */
export interface Ledger {
  /** Records that a send is about to be made. Answers what is on record where its key was used before; then it must not be made. */
  claim(send: LedgerSend, nowMs: number): Promise<Recorded | undefined>;
  /** The send was not made after all: its key is free again. */
  release(send: LedgerSend): Promise<void>;
  accepted(send: LedgerSend, response: SentMessage): Promise<void>;
  rejected(send: LedgerSend, error: WhatsAppError): Promise<void>;
  /** Records that nobody knows. Answers the wamid if a status has told another process meanwhile. */
  unknown(send: LedgerSend, error: Error): Promise<string | undefined>;
  /** A status names a send. Answers what it settled, or `undefined` if nothing open is on record. */
  settle(sendId: string, messageId: string): Promise<LedgerSettlement | undefined>;
}

const dayMs = 86_400_000;

/** How long a key is remembered. */
const keyTtlMs = 30 * dayMs;

/** How long a send without an outcome is: Meta delivers webhooks for up to 7 days. */
const sendTtlMs = 8 * dayMs;

/** Keeps sends in a store. */
export function createLedger(store: Store): Ledger {
  const sendKey = (id: string): string => `sender/send/${id}`;
  const nameKey = (phoneNumberId: string, key: string): string => `sender/${phoneNumberId}/key/${key}`;
  const setName = (phoneNumberId: string, key: string, value: JsonValue): StoreOperation => ({
    type: 'set',
    key: nameKey(phoneNumberId, key),
    value,
    ttlMs: keyTtlMs,
  });

  /** Ends a send: what its key remembers, if it has one, and nothing under its id. */
  const end = async ({ id, phoneNumberId, key }: LedgerSend, remembered: JsonValue): Promise<void> => {
    const forget: StoreOperation = { type: 'delete', key: sendKey(id) };
    await store.batch(key === undefined ? [forget] : [setName(phoneNumberId, key, remembered), forget]);
  };
  return {
    async claim({ id, phoneNumberId, key }, nowMs) {
      const open = { state: 'sending', id, phoneNumberId, atMs: nowMs };
      if (key === undefined) {
        await store.set(sendKey(id), open, { ttlMs: sendTtlMs });
        return undefined;
      }
      const operations: readonly StoreOperation[] = [
        { type: 'setIfAbsent', key: nameKey(phoneNumberId, key), value: open, ttlMs: keyTtlMs },
        { type: 'set', key: sendKey(id), value: { ...open, key }, ttlMs: sendTtlMs },
      ];
      for (;;) {
        if (await store.batch(operations)) return undefined;
        const entry = await store.get(nameKey(phoneNumberId, key));
        // It may have been released in between.
        if (entry) return recordedOf(entry.value);
      }
    },
    async release({ id, phoneNumberId, key }) {
      const operations: StoreOperation[] = [{ type: 'delete', key: sendKey(id) }];
      if (key !== undefined) operations.push({ type: 'delete', key: nameKey(phoneNumberId, key) });
      await store.batch(operations);
    },
    accepted(send, response) {
      const messageId = response.messages[0].id;
      // Meta's answer came as JSON.
      return end(send, { state: 'accepted', messageId, response: response as unknown as JsonObject });
    },
    rejected: (send, error) => end(send, { state: 'rejected', error: jsonOf(error) }),
    async unknown({ id, phoneNumberId, key }, error) {
      for (;;) {
        const entry = await store.get(sendKey(id));
        if (isRecord(entry?.value) && typeof entry.value.messageId === 'string') return entry.value.messageId;
        const value = { state: 'unknown', id, phoneNumberId, ...(key !== undefined && { key }) };
        const operations: StoreOperation[] = [
          entry
            ? { type: 'set', key: sendKey(id), value, ttlMs: sendTtlMs, ifVersion: entry.version }
            : { type: 'setIfAbsent', key: sendKey(id), value, ttlMs: sendTtlMs },
        ];
        if (key !== undefined) operations.push(setName(phoneNumberId, key, { state: 'unknown', id, error: error.message }));
        if (await store.batch(operations)) return undefined;
      }
    },
    async settle(sendId, messageId) {
      for (;;) {
        const entry = await store.get(sendKey(sendId));
        if (!entry || !isRecord(entry.value) || entry.value.state === 'accepted') return undefined;
        const key = typeof entry.value.key === 'string' ? entry.value.key : undefined;
        const phoneNumberId = typeof entry.value.phoneNumberId === 'string' ? entry.value.phoneNumberId : '';
        const told = { state: 'accepted', messageId };
        const operations: StoreOperation[] = [
          { type: 'set', key: sendKey(sendId), value: told, ttlMs: sendTtlMs, ifVersion: entry.version },
        ];
        if (key !== undefined) operations.push(setName(phoneNumberId, key, told));
        if (await store.batch(operations)) return { key, wasUnknown: entry.value.state === 'unknown' };
      }
    },
  };
}

/** Reads what a key remembers. A record that cannot be read proves nothing, so nothing is sent. */
function recordedOf(value: JsonValue): Recorded {
  const record = isRecord(value) ? value : {};
  if (record.state === 'accepted' && typeof record.messageId === 'string') {
    // Written by `accepted`, or by `settle` without an answer.
    return { state: 'accepted', messageId: record.messageId, response: record.response as SentMessage | undefined };
  }
  if (record.state === 'rejected') return { state: 'rejected', error: errorOf(record.error) };
  const text =
    typeof record.error === 'string'
      ? record.error
      : 'A send with the same key is under way in another process, or was cut off; it is not made again, as the message might arrive twice.';
  return { state: 'unknown', id: typeof record.id === 'string' ? record.id : '', error: new NetworkError(text, 'unknown') };
}

function jsonOf(error: WhatsAppError): JsonObject {
  const { message } = error;
  if (error instanceof GraphApiError) {
    const { code, subcode, fbtraceId, httpStatus } = error;
    return { message, code, error_subcode: subcode, fbtrace_id: fbtraceId, httpStatus };
  }
  return error instanceof InvalidResponseError ? { message, httpStatus: error.httpStatus } : { message };
}

function errorOf(value: unknown): WhatsAppError {
  const facts = isRecord(value) ? value : {};
  const httpStatus = typeof facts.httpStatus === 'number' ? facts.httpStatus : undefined;
  if (facts.code !== undefined) return graphError(facts, httpStatus === undefined ? {} : { httpStatus });
  return new InvalidResponseError(typeof facts.message === 'string' ? facts.message : 'Meta refused the message.', httpStatus ?? 400, '');
}
