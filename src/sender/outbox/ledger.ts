import { NetworkError } from '../../errors/connection-errors.js';
import { errorFromJson, errorToJson } from '../../errors/error-record.js';
import type { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { SentMessage } from '../../messages/send-message.js';
import { defined, isRecord, type JsonObject, type JsonValue } from '../../runtime/json.js';
import { dueKey, readDue } from '../../stores/due-index.js';
import { conflict, untilWritten, writeOf } from '../../stores/records.js';
import type { Store, StoreEntry, StoreOperation } from '../../stores/store.js';

/*
 * Keys in the store:
 *
 *   sender/{number}/key/{key}    the state of a caller's key: open, accepted, rejected, unknown              30 days
 *   sender/queue/{part}/…        a message without an outcome, or an outcome without an event (outbox.ts)    until its event
 *   sender/send/{id}             a send after its request: sending, unknown, or accepted by a status         8 days
 *   sender/due/{time}/{id}       the time to report an unknown send without a status                         8 days
 *
 * `sender/send/{id}` is written before the request, and only if it is absent. The process that writes it may send.
 */

/** A send in the ledger. */
export interface LedgerSend {
  /** ID of the send, as in its statuses. */
  readonly id: string;
  /** ID of the phone number. Keys are unique per number. */
  readonly phoneNumberId: string;
  /** The caller's key. */
  readonly key?: string;
  readonly campaignId?: string;
  /** Key of the message in the outbox. If present, the message takes its key there. */
  readonly queueKey?: string;
}

/** The record of a send. */
export type Recorded =
  | { readonly state: 'accepted'; readonly id: string; readonly messageId: string; readonly response: SentMessage | undefined }
  | { readonly state: 'rejected'; readonly id: string; readonly error: WhatsAppError }
  | { readonly state: 'unknown'; readonly id: string; readonly error: Error }
  | { readonly state: 'cancelled'; readonly id: string };

/** The result of recording a queued message. */
export type Queued =
  | { readonly type: 'queued'; /** Present if the message is in the outbox and the version is known. */ readonly version?: string }
  | { readonly type: 'on-record'; readonly recorded: Recorded };

/** Whether a message may be sent. */
export type Departure =
  | {
      readonly type: 'may-send';
      /** Present if the message is in the outbox and the version is known. */ readonly version: string | undefined;
    }
  | { readonly type: 'on-record'; readonly recorded: Recorded };

/** A message in the outbox. */
export interface QueuedMessage {
  readonly value: JsonObject;
  readonly version: string | undefined;
}

/** The result of settling a send with a status. */
export interface LedgerSettlement extends Pick<LedgerSend, 'phoneNumberId' | 'key' | 'campaignId'> {
  /** Whether the send was recorded as unknown. If not, the send is in progress and reports its outcome itself. */
  readonly wasUnknown: boolean;
}

/**
 * The records of sends in a store. They are written before the request, so that a crash leaves a trace. Only the first process that
 * uses a key can send the message.
 */
export interface Ledger {
  /** Records a queued message and takes its key. Writes nothing if the key was used before. */
  queue(send: LedgerSend & { readonly queueKey: string; readonly durable: boolean }, value: JsonObject): Promise<Queued>;
  /**
   * Records that a message of the outbox (`queued`), or only of this process, is about to be sent. It must not be sent
   * if the send or its key is already recorded.
   */
  leave(send: LedgerSend, by: string, nowMs: number, queued?: QueuedMessage): Promise<Departure>;
  /** Records that a send waits again: it wasn't made, or Meta certainly rejected it. */
  back(send: LedgerSend): Promise<void>;
  /**
   * Removes a send that wasn't made, and releases its key unless the key belongs to another send. With `version`, does
   * nothing if another process has changed the message in the outbox. With `forClosing`, leaves a message in the outbox
   * whose key another process enqueued meanwhile.
   */
  release(send: LedgerSend, version?: string, forClosing?: boolean): Promise<void>;
  /** Records an outcome. `ended` replaces the message in the outbox until the event of the outcome was emitted. */
  accepted(send: LedgerSend, response: SentMessage, ended: JsonObject): Promise<void>;
  rejected(send: LedgerSend, error: WhatsAppError, ended: JsonObject): Promise<void>;
  /** Records that the outcome is unknown, and when to report that. Returns the wamid if another process received a status meanwhile. */
  unknown(send: LedgerSend, error: Error, reportAtMs: number, ended: JsonObject): Promise<string | undefined>;
  /** Settles the send of a status. Returns what was settled, or `undefined` if no open send is recorded. */
  settle(sendId: string, messageId: string): Promise<LedgerSettlement | undefined>;
  /** Returns the record of a send or of its key, or `undefined` if there is none. */
  read(send: LedgerSend): Promise<Recorded | undefined>;
  /** Whether a message of the outbox was sent, and whether a status has reported it. */
  departureOf(sendId: string): Promise<{ readonly messageId?: string } | undefined>;
  /** Takes an unknown send that is due to be reported. Only one process gets it. Returns `undefined` if none is due. */
  takeUnsettled(nowMs: number): Promise<LedgerSend | undefined>;
}

const dayMs = 86_400_000;

/** How long a key is stored. */
const keyTtlMs = 30 * dayMs;

/** How long a send without an outcome is stored. Meta delivers webhooks for up to 7 days. */
const sendTtlMs = 8 * dayMs;

const sendPrefix = 'sender/send/';
const duePrefix = 'sender/due/';

/** Creates a ledger in a store. */
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
        : { type: 'may-send', version: undefined };
    }
    // The unchanged version proves that no other process has sent the message in the meantime.
    const ifVersion = queued.version ?? (await this.#versionOfMessage(queueKey));
    const left =
      ifVersion !== undefined &&
      (await this.#store.batch([
        { type: 'setIfAbsent', key: sendKey(id), value: sending, ttlMs: sendTtlMs },
        { type: 'set', key: queueKey, value: queued.value, ifVersion },
      ]));
    if (left) return { type: 'may-send', version: left[1] };
    const entry = await this.#store.get(sendKey(id));
    // The record is from this process: an earlier write succeeded, but its response was lost.
    if (isRecord(entry?.value) && entry.value.state === 'sending' && entry.value.by === by) return { type: 'may-send', version: undefined };
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
    const { id, phoneNumberId, key, campaignId } = send;
    const outcome = { state: 'unknown', id, error: error.message };
    const unqueue = end(send, ended, outcome);
    return untilWritten(async () => {
      const entry = await this.#store.get(sendKey(id));
      const heard = messageIdOf(entry?.value);
      if (heard !== undefined) {
        if (unqueue.length > 0) await this.#store.batch(unqueue);
        return heard;
      }
      const value: JsonObject = { state: 'unknown', ...defined({ phoneNumberId, key, campaignId }) };
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
      // The process that deletes the entry reports it.
      if (!(await this.#store.delete(due.key, { ifVersion: due.version }))) continue;
      const { id } = due;
      const entry = await this.#store.get(sendKey(id));
      if (isRecord(entry?.value) && entry.value.state === 'unknown') return sendOf(id, entry.value);
    }
  }

  /** Returns the version of a message in the outbox, or `undefined` if it is gone or has its outcome. */
  async #versionOfMessage(queueKey: string): Promise<string | undefined> {
    const entry = await this.#store.get(queueKey);
    return isRecord(entry?.value) && entry.value.outcome === undefined ? entry.version : undefined;
  }

  /** Marks an open send as durable, so that it outlives its process. Returns whether the record was still the same. */
  async #want(send: LedgerSend, { value, version }: StoreEntry): Promise<boolean> {
    if (!isRecord(value) || value.state !== 'open' || value.wanted === true) return true;
    const written = await this.#store.set(nameKey(send), { ...value, wanted: true }, { ttlMs: keyTtlMs, ifVersion: version });
    return written.written;
  }

  /** Takes a key together with other writes. Returns the written versions, or the record that already has the key. */
  #takeKey(send: LedgerSend, operations: readonly StoreOperation[], durable = false): Promise<Recorded | readonly (string | undefined)[]> {
    const value = { state: 'open', id: send.id };
    const taking: readonly StoreOperation[] = [...operations, { type: 'setIfAbsent', key: nameKey(send), value, ttlMs: keyTtlMs }];
    return untilWritten(async () => {
      const versions = await this.#store.batch(taking);
      if (versions) return versions;
      const entry = await this.#store.get(nameKey(send));
      // The key may have been released in the meantime.
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

/** Replaces the message in the outbox with its outcome. */
function end({ queueKey }: LedgerSend, ended: JsonObject, outcome: JsonObject): StoreOperation[] {
  return queueKey === undefined ? [] : [{ type: 'set', key: queueKey, value: { ...ended, outcome }, ttlMs: sendTtlMs }];
}

function sendOf(id: string, record: Readonly<Record<string, unknown>>): LedgerSend {
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return {
    id,
    phoneNumberId: text(record.phoneNumberId) ?? '',
    ...defined({ key: text(record.key), campaignId: text(record.campaignId) }),
  };
}

function messageIdOf(value: JsonValue | undefined): string | undefined {
  return isRecord(value) && typeof value.messageId === 'string' ? value.messageId : undefined;
}

/** Reads a record. An unreadable record proves nothing, so its message isn't sent. */
export function readRecorded(value: JsonValue | Readonly<Record<string, unknown>>): Recorded {
  const record: Readonly<Record<string, unknown>> = isRecord(value) ? value : {};
  const id = typeof record.id === 'string' ? record.id : '';
  if (record.state === 'accepted' && typeof record.messageId === 'string') {
    // `accepted` wrote it, or `settle`, which has no response.
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

/** Returns the store key of a caller's key. */
export function keyRecordOf(phoneNumberId: string, key: string): string {
  return `sender/${phoneNumberId}/key/${key}`;
}
