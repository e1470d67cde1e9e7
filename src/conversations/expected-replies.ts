import { identityClaims } from '../identity/claim.js';
import type { PersonIds, Person } from '../identity/person.js';
import { createIdentityRegister, type IdentityRegister } from '../identity/register.js';
import type { Clock } from '../runtime/clock.js';
import { defined, type JsonObject, type JsonValue } from '../runtime/json.js';
import { globalKey, numberKey } from '../runtime/keys.js';
import type { Logger } from '../runtime/logger.js';
import { dueKey, sweepDue } from '../stores/due-index.js';
import { conflict, stateOf, untilWritten, writeIfUnchanged, writeOf } from '../stores/records.js';
import type { Store, StoreEntry, StoreOperation } from '../stores/store.js';
import type { MessageEvent } from '../webhooks/fields/messages.js';
import type { AnyMatch } from '../webhooks/filters/message-filter.js';
import type { MissedReply } from './conversations.js';

/** The reply that is expected from a person. */
type ExpectedRecord = {
  readonly id: string;
  readonly name: string;
  readonly askedAtMs: number;
  readonly expiresAtMs: number;
  readonly customer: { readonly [Name in keyof PersonIds]?: string };
  readonly state?: JsonValue;
  /** Key of the event that answers it. Another event can't. */
  readonly answeredBy?: string;
};

/** An entry of the due index. */
type DueItem = { readonly phoneNumberId: string; readonly personId: string; readonly id: string; readonly name: string };

/** The handler of a question. */
export interface QuestionHandler {
  readonly match: (event: MessageEvent) => Promise<AnyMatch | undefined>;
  readonly answer: (event: MessageEvent, match: AnyMatch, state: JsonValue | undefined) => Promise<void>;
  readonly missed: (missed: MissedReply) => Promise<void>;
}

/** Expected replies in a store, by person. */
export interface ExpectedReplies {
  expect(
    phoneNumberId: string,
    customer: PersonIds,
    question: { name: string; timeoutMs: number; state: JsonValue | undefined },
  ): Promise<void>;
  cancel(phoneNumberId: string, customer: PersonIds): Promise<void>;
  /** Calls the handler of the question that an event answers. */
  observe(event: MessageEvent): Promise<void>;
  sweep(): Promise<void>;
}

/** Tolerated difference between Meta's clock and ours. An older message can't answer a question. */
const clockSkewMs = 60_000;

/** How long a record outlives its time limit, if no process handles the timeout. */
const keptMs = 7 * 86_400_000;
const leaseMs = 60_000;
const sweepLimit = 1_000;

/**
 * Creates the expected replies of a store.
 *
 * @param store - The store. Processes that share it share the expected replies.
 * @param handlers - The handlers of this process, by the name of the question.
 */
export function createExpectedReplies(
  store: Store,
  handlers: ReadonlyMap<string, QuestionHandler>,
  options: { readonly clock: Clock; readonly logger: Logger },
): ExpectedReplies {
  return new ReplyRegister(store, handlers, options);
}

class ReplyRegister implements ExpectedReplies {
  readonly #store: Store;
  readonly #handlers: ReadonlyMap<string, QuestionHandler>;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #register: IdentityRegister;
  readonly #duePrefix = `${globalKey('expected-reply', 'due')}/`;

  constructor(
    store: Store,
    handlers: ReadonlyMap<string, QuestionHandler>,
    { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.#store = store;
    this.#handlers = handlers;
    this.#clock = clock;
    this.#logger = logger;
    this.#register = createIdentityRegister(store);
  }

  async expect(
    phoneNumberId: string,
    customer: PersonIds,
    { name, timeoutMs, state }: { name: string; timeoutMs: number; state: JsonValue | undefined },
  ): Promise<void> {
    // A claim of time 0 never moves a number to another person.
    const person = await this.#register.learn(phoneNumberId, { type: 'same', ids: customer, atMs: 0 });
    if (!person) return;
    const now = this.#clock.now();
    const { waId, userId, parentUserId, username } = customer;
    const record: ExpectedRecord = {
      ...{ id: globalThis.crypto.randomUUID(), name, askedAtMs: now, expiresAtMs: now + timeoutMs },
      customer: defined({ waId, userId, parentUserId, username }),
      ...(state !== undefined && { state }),
    };
    const item: DueItem = { phoneNumberId, personId: person.id, id: record.id, name };
    await untilWritten(async () => {
      const earlier = await this.#read(phoneNumberId, person);
      const key = keyOf(phoneNumberId, person.id);
      const isSameKey = earlier?.key === key;
      const written = await this.#store.batch([
        writeOf(key, isSameKey ? earlier.entry : undefined, record, timeoutMs + keptMs),
        { type: 'set', key: this.#dueOf(record), value: item },
        ...(earlier ? (isSameKey ? this.#remove(earlier).slice(1) : this.#remove(earlier)) : []),
      ]);
      return written ? undefined : conflict;
    });
  }

  async cancel(phoneNumberId: string, customer: PersonIds): Promise<void> {
    const person = await this.#register.find(phoneNumberId, customer);
    if (!person) return;
    await untilWritten(async () => {
      const found = await this.#read(phoneNumberId, person);
      return !found || (await this.#store.batch(this.#remove(found))) ? undefined : conflict;
    });
  }

  async observe(event: MessageEvent): Promise<void> {
    const { phoneNumberId } = event;
    if (phoneNumberId === undefined) return;
    const person = await this.#learn(phoneNumberId, event);
    const found = person && (await this.#read(phoneNumberId, person));
    if (!found || !this.#isInTime(found.record, event)) return;
    const handler = this.#handlers.get(found.record.name);
    if (!handler) {
      this.#logger.warn('conversations.handler_missing', {
        name: found.record.name,
        phoneNumberId,
        remedy: 'register it with onReply at the start',
      });
      return;
    }
    const match = await handler.match(event);
    if (match === undefined) return;
    const version = await this.#reserve(phoneNumberId, person, found, event.key);
    if (version === undefined) return;
    await handler.answer(event, match, found.record.state);
    // The handler may have expected the next reply. Then the version differs, and the new record stays.
    await this.#store.batch(this.#remove({ ...found, entry: { ...found.entry, version } }));
  }

  async sweep(): Promise<void> {
    await sweepDue<DueItem & JsonObject>({
      store: this.#store,
      clock: this.#clock,
      logger: this.#logger,
      prefix: this.#duePrefix,
      nowMs: this.#clock.now(),
      limit: sweepLimit,
      leaseMs,
      accepts: ({ name }) => this.#handlers.has(name),
      handle: async ({ phoneNumberId, personId, id, name }) => {
        const person = (await this.#register.person(phoneNumberId, personId)) ?? { id: personId, merged: [] };
        const found = await this.#read(phoneNumberId, person);
        if (found?.record.id !== id || found.record.answeredBy !== undefined) return;
        const { customer, state } = found.record;
        await this.#handlers.get(name)?.missed({ phoneNumberId, customer, state });
        await this.#store.batch(this.#remove(found).slice(0, 1));
      },
      onFailure: ({ name, phoneNumberId }, error) => {
        this.#logger.error('conversations.timeout_failed', { name, phoneNumberId, error });
      },
    });
  }

  #dueOf({ expiresAtMs, id }: ExpectedRecord): string {
    return dueKey(this.#duePrefix, expiresAtMs, id);
  }

  /** Reads the record of a person, also under the IDs of people who were merged into this one. */
  async #read(phoneNumberId: string, person: Person): Promise<Found | undefined> {
    for (const personId of [person.id, ...person.merged]) {
      const key = keyOf(phoneNumberId, personId);
      const entry = await this.#store.get(key);
      const record = stateOf<ExpectedRecord>(entry);
      if (entry && record) return { key, entry, record };
    }
    return undefined;
  }

  #remove({ key, entry, record }: Found): readonly StoreOperation[] {
    return [
      { type: 'delete', key, ifVersion: entry.version },
      { type: 'delete', key: this.#dueOf(record) },
    ];
  }

  /** Learns identities only of people from whom a reply was expected, because each one is a record of the store. */
  async #learn(phoneNumberId: string, event: MessageEvent): Promise<Person | undefined> {
    for (const claim of identityClaims(event, this.#clock.now())) {
      const ids = claim.type === 'same' ? claim.ids : claim.previous;
      if (await this.#register.find(phoneNumberId, ids)) await this.#register.learn(phoneNumberId, claim);
    }
    return event.customer && this.#register.find(phoneNumberId, event.customer);
  }

  #isInTime({ askedAtMs, expiresAtMs }: ExpectedRecord, { occurredAt }: MessageEvent): boolean {
    const atMs = occurredAt?.getTime() ?? this.#clock.now();
    return atMs + clockSkewMs >= askedAtMs && Math.min(atMs, this.#clock.now()) <= expiresAtMs;
  }

  /** Reserves a record for an event. Returns its version, or `undefined` if another event answered it first. */
  #reserve(phoneNumberId: string, person: Person, found: Found, eventKey: string): Promise<string | undefined> {
    return untilWritten(async () => {
      const current = await this.#read(phoneNumberId, person);
      if (current?.record.id !== found.record.id) return undefined;
      const { answeredBy } = current.record;
      if (answeredBy !== undefined) return answeredBy === eventKey ? current.entry.version : undefined;
      const ttlMs = Math.max(1, current.record.expiresAtMs - this.#clock.now()) + keptMs;
      const next = { ...current.record, answeredBy: eventKey };
      return (await writeIfUnchanged(this.#store, current.key, current.entry.version, next, { ttlMs })) ?? conflict;
    });
  }
}

function keyOf(phoneNumberId: string, personId: string): string {
  return numberKey(phoneNumberId, 'expected-reply', personId);
}

/** A record with its entry in the store. */
interface Found {
  readonly key: string;
  readonly entry: StoreEntry;
  readonly record: ExpectedRecord;
}
