import { NetworkError } from '../../errors/connection-errors.js';
import { errorFromJson, errorToJson } from '../../errors/error-record.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { SentMessage } from '../../messages/send-message.js';
import { defined, isRecord, type JsonObject, type JsonValue } from '../../runtime/json.js';
import { dueKey, readDue } from '../../stores/due-index.js';
import { conflict, untilWritten, writeOf } from '../../stores/records.js';
import type { Store, StoreEntry, StoreOperation } from '../../stores/store.js';

/*
 * What stands where:
 *
 *   sender/{number}/key/{key}    what a key of the caller's came to: open, accepted, rejected, unknown        30 days
 *   sender/queue/{part}/…        a message without an outcome, or an outcome without an event (outbox.ts)    until its event
 *   sender/send/{id}             a send that has left: sending, unknown, or accepted by a status             8 days
 *   sender/due/{time}/{id}       when an unknown send without a status is to be reported                      8 days
 *
 * `sender/send/{id}` is written before a message leaves, and only if it is absent: the process that writes it may send.
 */

/** A send as the ledger knows it. */
export interface LedgerSend {
  /** Id of the send, as its statuses name it. */
  readonly id: string;
  /** Graph id of the number. A key is one of its number. */
  readonly phoneNumberId: string;
  /** The caller's key. */
  readonly key?: string;
  readonly campaignId?: string;
  /** The message, for the event of an unknown send. It is only recorded while the outcome is unknown. */
  readonly message?: OutgoingMessage;
  /** Where the message waits in the outbox; its key is taken there, then. */
  readonly queueKey?: string;
}

/** What is on record of a send. */
export type Recorded =
  | { readonly state: 'accepted'; readonly id: string; readonly messageId: string; readonly response: SentMessage | undefined }
  | { readonly state: 'rejected'; readonly id: string; readonly error: WhatsAppError }
  | { readonly state: 'unknown'; readonly id: string; readonly error: Error }
  | { readonly state: 'cancelled'; readonly id: string };

/** What became of the wish to record a queued message. */
export type Queued =
  | { readonly type: 'queued'; /** Of the message in the outbox, where it is known. */ readonly version?: string }
  | { readonly type: 'on-record'; readonly recorded: Recorded };

/** Whether a message may leave. */
export type Departure =
  | { readonly type: 'may-leave'; /** Of the message in the outbox, if it is known. */ readonly version: string | undefined }
  | { readonly type: 'on-record'; readonly recorded: Recorded };

/** A message in the outbox. */
export interface QueuedMessage {
  readonly value: JsonObject;
  readonly version: string | undefined;
}

/** What a status settled. */
export interface LedgerSettlement extends Pick<LedgerSend, 'phoneNumberId' | 'key' | 'campaignId' | 'message'> {
  /** Whether the send was recorded as unknown. A send in progress reports its outcome itself. */
  readonly wasUnknown: boolean;
}

/**
 * The records of sends in a store. They are written before the request, so that a crash leaves a trace. Only the first process that
 * uses a key can send the message.
 */
export interface Ledger {
  /** Records a message that is queued, and takes its key. Nothing is written where the key was used before. */
  queue(send: LedgerSend & { readonly queueKey: string; readonly durable: boolean }, value: JsonObject): Promise<Queued>;
  /**
   * Records that a send is about to be made, of a message in the outbox (`queued`) or only in this process. It must not be made if it, or its
   * key, is on record.
   */
  leave(send: LedgerSend, by: string, nowMs: number, queued?: QueuedMessage): Promise<Departure>;
  /** A send that was about to be made, or that Meta certainly refused, waits again. */
  back(send: LedgerSend): Promise<void>;
  /**
   * Removes a send that was not made, and frees its key unless the key belongs to another send. With `version`, does nothing if another process
   * has changed the message in the outbox. With `forClosing`, leaves a message in the outbox whose key another process enqueued meanwhile.
   */
  release(send: LedgerSend, version?: string, forClosing?: boolean): Promise<void>;
  /** Records an outcome. `ended` replaces the message in the outbox, until the event of the outcome was emitted. */
  accepted(send: LedgerSend, response: SentMessage, ended: JsonObject): Promise<void>;
  rejected(send: LedgerSend, error: WhatsAppError, ended: JsonObject): Promise<void>;
  /** Records that the outcome is unknown, and when to report that. Returns the wamid if another process received a status meanwhile. */
  unknown(send: LedgerSend, error: Error, reportAtMs: number, ended: JsonObject): Promise<string | undefined>;
  /** A status names a send. Answers what it settled, or `undefined` if nothing open is on record. */
  settle(sendId: string, messageId: string): Promise<LedgerSettlement | undefined>;
  /** What is on record of a send or its key now; nothing if it is forgotten. */
  read(send: LedgerSend): Promise<Recorded | undefined>;
  /** Whether a message that waits in the outbox has left, and whether a status has reported it. */
  departureOf(sendId: string): Promise<{ readonly messageId?: string } | undefined>;
  /** Takes an unknown send without a status that is due to be reported, once across processes; nothing if none is. */
  takeUnsettled(nowMs: number): Promise<LedgerSend | undefined>;
}

const dayMs = 86_400_000;

/** How long a key is remembered. */
const keyTtlMs = 30 * dayMs;

/** How long a send without an outcome is: Meta delivers webhooks for up to 7 days. */
const sendTtlMs = 8 * dayMs;

const sendPrefix = 'sender/send/';
const duePrefix = 'sender/due/';

/** Keeps sends in a store. */
export function createLedger(store: Store): Ledger {
  return new StoreLedger(store);
}

class StoreLedger implements Ledger {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async queue(send: LedgerSend & { readonly queueKey: string; readonly durable: boolean }, value: JsonObject): Promise<Queued> {
    if (send.key === undefined) {
      const written = await this.#store.set(send.queueKey, value);
      return { type: 'queued', ...(written.written && { version: written.version }) };
    }
    const taken = await this.#takeKey(send, [{ type: 'set', key: send.queueKey, value }], send.durable);
    if ('state' in taken) return { type: 'on-record', recorded: taken };
    return { type: 'queued', ...defined({ version: taken[0] }) };
  }

  async leave(send: LedgerSend, by: string, nowMs: number, queued?: QueuedMessage): Promise<Departure> {
    const { id, phoneNumberId, key, campaignId, queueKey } = send;
    const sending: JsonObject = { state: 'sending', by, atMs: nowMs, ...defined({ phoneNumberId, key, campaignId }) };
    if (queueKey === undefined || !queued) {
      const record: StoreOperation = { type: 'set', key: sendKey(id), value: sending, ttlMs: sendTtlMs };
      const taken = key === undefined ? await this.#store.batch([record]) : await this.#takeKey(send, [record]);
      return typeof taken === 'object' && 'state' in taken
        ? { type: 'on-record', recorded: taken }
        : { type: 'may-leave', version: undefined };
    }
    // The unchanged version proves that no other process has sent the message meanwhile.
    const ifVersion = queued.version ?? (await this.#versionOfMessage(queueKey));
    const left =
      ifVersion !== undefined &&
      (await this.#store.batch([
        { type: 'setIfAbsent', key: sendKey(id), value: sending, ttlMs: sendTtlMs },
        { type: 'set', key: queueKey, value: queued.value, ifVersion },
      ]));
    if (left) return { type: 'may-leave', version: left[1] };
    const entry = await this.#store.get(sendKey(id));
    // A write whose answer was lost is this process's own.
    if (isRecord(entry?.value) && entry.value.state === 'sending' && entry.value.by === by)
      return { type: 'may-leave', version: undefined };
    const now = (await this.#store.get(queueKey))?.value;
    const isCancelled = isRecord(now) && isRecord(now.outcome) && now.outcome.state === 'cancelled';
    return { type: 'on-record', recorded: isCancelled ? { state: 'cancelled', id } : readRecorded({ state: 'open', id }) };
  }

  async back(send: LedgerSend): Promise<void> {
    await this.#store.delete(sendKey(send.id));
  }

  release(send: LedgerSend, version?: string, forClosing: boolean = false): Promise<void> {
    const { id, key, queueKey } = send;
    const unqueue: StoreOperation[] = queueKey === undefined ? [] : [{ type: 'delete', key: queueKey, ...defined({ ifVersion: version }) }];
    return untilWritten<void>(async () => {
      const named = key === undefined ? undefined : await this.#store.get(nameKey(send));
      const isOwn = isRecord(named?.value) && named.value.id === id;
      if (isOwn && forClosing && named.value.wanted === true) {
        await this.#store.delete(sendKey(id));
        return;
      }
      const unname: StoreOperation[] = named && isOwn ? [{ type: 'delete', key: nameKey(send), ifVersion: named.version }] : [];
      if (await this.#store.batch([{ type: 'delete', key: sendKey(id) }, ...unqueue, ...unname])) return;
      if (queueKey !== undefined && version !== undefined && (await this.#store.get(queueKey))?.version !== version) return;
      return conflict;
    });
  }

  async accepted(send: LedgerSend, response: SentMessage, ended: JsonObject): Promise<void> {
    const messageId = response.messages[0].id;
    const value = { state: 'accepted', id: send.id, messageId, response: { ...response } };
    await this.#store.batch([...named(send, value), { type: 'delete', key: sendKey(send.id) }, ...end(send, ended, value)]);
  }

  async rejected(send: LedgerSend, error: WhatsAppError, ended: JsonObject): Promise<void> {
    const value = { state: 'rejected', id: send.id, error: errorToJson(error) };
    await this.#store.batch([...named(send, value), { type: 'delete', key: sendKey(send.id) }, ...end(send, ended, value)]);
  }

  unknown(send: LedgerSend, error: Error, reportAtMs: number, ended: JsonObject): Promise<string | undefined> {
    const { id, phoneNumberId, key, campaignId, message } = send;
    const outcome = { state: 'unknown', id, error: error.message };
    const unqueue = end(send, ended, outcome);
    return untilWritten(async () => {
      const entry = await this.#store.get(sendKey(id));
      const heard = messageIdOf(entry?.value);
      if (heard !== undefined) {
        if (unqueue.length > 0) await this.#store.batch(unqueue);
        return heard;
      }
      // A message is sent to Meta as JSON.
      const json = message as unknown as JsonObject | undefined;
      const value: JsonObject = { state: 'unknown', ...defined({ phoneNumberId, key, campaignId, message: json }) };
      const written = await this.#store.batch([
        writeOf(sendKey(id), entry, value, sendTtlMs),
        { type: 'set', key: dueKey(duePrefix, reportAtMs, id), value: true, ttlMs: sendTtlMs },
        ...named(send, outcome),
        ...unqueue,
      ]);
      return written ? undefined : conflict;
    });
  }

  settle(sendId: string, messageId: string): Promise<LedgerSettlement | undefined> {
    return untilWritten(async () => {
      const entry = await this.#store.get(sendKey(sendId));
      if (!entry || !isRecord(entry.value) || entry.value.state === 'accepted') return undefined;
      const send = sendOf(sendId, entry.value);
      const accepted = { state: 'accepted', id: sendId, messageId };
      const written = await this.#store.batch([writeOf(sendKey(sendId), entry, accepted, sendTtlMs), ...named(send, accepted)]);
      return written ? { ...send, wasUnknown: entry.value.state === 'unknown' } : conflict;
    });
  }

  async read(send: LedgerSend): Promise<Recorded | undefined> {
    const entry = await this.#store.get(sendKey(send.id));
    if (isRecord(entry?.value) && entry.value.state === 'accepted') return readRecorded({ ...entry.value, id: send.id });
    if (entry || send.key === undefined) return entry && readRecorded({ state: 'open', id: send.id });
    const named = await this.#store.get(nameKey(send));
    return named && readRecorded(named.value);
  }

  async departureOf(sendId: string): Promise<{ readonly messageId?: string } | undefined> {
    const entry = await this.#store.get(sendKey(sendId));
    return entry && defined({ messageId: messageIdOf(entry.value) });
  }

  async takeUnsettled(nowMs: number): Promise<LedgerSend | undefined> {
    for (;;) {
      const [due] = (await readDue(this.#store, duePrefix, { nowMs, limit: 1 })).due;
      if (!due) return undefined;
      // The process that removes the entry reports it.
      if (!(await this.#store.delete(due.key, { ifVersion: due.version }))) continue;
      const { id } = due;
      const entry = await this.#store.get(sendKey(id));
      if (isRecord(entry?.value) && entry.value.state === 'unknown') return sendOf(id, entry.value);
    }
  }

  /** The version of a message in the outbox. Returns `undefined` if it is gone or has its outcome. */
  async #versionOfMessage(queueKey: string): Promise<string | undefined> {
    const entry = await this.#store.get(queueKey);
    return isRecord(entry?.value) && entry.value.outcome === undefined ? entry.version : undefined;
  }

  /** Notes that an open send must outlive the closing of its process. Returns whether the record was still the same. */
  async #want(send: LedgerSend, { value, version }: StoreEntry): Promise<boolean> {
    if (!isRecord(value) || value.state !== 'open' || value.wanted === true) return true;
    const written = await this.#store.set(nameKey(send), { ...value, wanted: true }, { ttlMs: keyTtlMs, ifVersion: version });
    return written.written;
  }

  /** Takes a key together with other writes, and returns the versions that they wrote, or the record that has the key. */
  #takeKey(send: LedgerSend, operations: readonly StoreOperation[], durable = false): Promise<Recorded | readonly (string | undefined)[]> {
    const value = { state: 'open', id: send.id };
    const taking: readonly StoreOperation[] = [...operations, { type: 'setIfAbsent', key: nameKey(send), value, ttlMs: keyTtlMs }];
    return untilWritten(async () => {
      const versions = await this.#store.batch(taking);
      if (versions) return versions;
      const entry = await this.#store.get(nameKey(send));
      // It may have been released in between.
      return !entry || (durable && !(await this.#want(send, entry))) ? conflict : readRecorded(entry.value);
    });
  }
}

function sendKey(id: string): string {
  return sendPrefix + id;
}

function nameKey({ phoneNumberId, key = '' }: LedgerSend): string {
  return keyRecordOf(phoneNumberId, key);
}

function named(send: LedgerSend, value: JsonValue): StoreOperation[] {
  return send.key === undefined ? [] : [{ type: 'set', key: nameKey(send), value, ttlMs: keyTtlMs }];
}

/** Leaves the outcome in the outbox in place of the message. */
function end({ queueKey }: LedgerSend, ended: JsonObject, outcome: JsonObject): StoreOperation[] {
  return queueKey === undefined ? [] : [{ type: 'set', key: queueKey, value: { ...ended, outcome }, ttlMs: sendTtlMs }];
}

function sendOf(id: string, record: Readonly<Record<string, unknown>>): LedgerSend {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    id,
    phoneNumberId: text(record.phoneNumberId) ?? '',
    ...defined({
      key: text(record.key),
      campaignId: text(record.campaignId),
      // The ledger wrote it.
      message: isRecord(record.message) ? (record.message as unknown as OutgoingMessage) : undefined,
    }),
  };
}

function messageIdOf(value: JsonValue | undefined): string | undefined {
  return isRecord(value) && typeof value.messageId === 'string' ? value.messageId : undefined;
}

/** Reads what is on record. A record that cannot be read proves nothing, so nothing is sent. */
export function readRecorded(value: JsonValue | Readonly<Record<string, unknown>>): Recorded {
  const record: Readonly<Record<string, unknown>> = isRecord(value) ? value : {};
  const id = typeof record.id === 'string' ? record.id : '';
  if (record.state === 'accepted' && typeof record.messageId === 'string') {
    // Written by `accepted`, or by `settle` without an answer.
    return { state: 'accepted', id, messageId: record.messageId, response: record.response as SentMessage | undefined };
  }
  if (record.state === 'cancelled') return { state: 'cancelled', id };
  if (record.state === 'rejected') return { state: 'rejected', id, error: errorFromJson(record.error) };
  const text =
    typeof record.error === 'string'
      ? record.error
      : 'Another process is sending the message, or stopped while it did. The message is not sent again, because it could arrive twice.';
  return { state: 'unknown', id, error: new NetworkError(text, 'unknown') };
}

/** Where the store says what a key of a caller's came to. */
export function keyRecordOf(phoneNumberId: string, key: string): string {
  return `sender/${phoneNumberId}/key/${key}`;
}
