import { identityClaims } from '../identity/claim.js';
import type { PersonIds } from '../identity/person.js';
import { createIdentityRegister, type Person } from '../identity/register.js';
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
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): ExpectedReplies {
  const register = createIdentityRegister(store);
  const duePrefix = `${globalKey('expected-reply', 'due')}/`;
  const keyOf = (phoneNumberId: string, personId: string): string => numberKey(phoneNumberId, 'expected-reply', personId);
  const dueOf = ({ expiresAtMs, id }: ExpectedRecord): string => dueKey(duePrefix, expiresAtMs, id);

  /** Reads the record of a person, also under the IDs of people who were merged into this one. */
  const read = async (phoneNumberId: string, person: Person): Promise<Found | undefined> => {
    for (const personId of [person.id, ...person.merged]) {
      const key = keyOf(phoneNumberId, personId);
      const entry = await store.get(key);
      const record = stateOf<ExpectedRecord>(entry);
      if (entry && record) return { key, entry, record };
    }
    return undefined;
  };
  const remove = ({ key, entry, record }: Found): readonly StoreOperation[] => [
    { type: 'delete', key, ifVersion: entry.version },
    { type: 'delete', key: dueOf(record) },
  ];
  /** Learns identities only of people from whom a reply was expected, because each one is a record of the store. */
  const learn = async (phoneNumberId: string, event: MessageEvent): Promise<Person | undefined> => {
    for (const claim of identityClaims(event, clock.now())) {
      const ids = claim.type === 'same' ? claim.ids : claim.previous;
      if (await register.find(phoneNumberId, ids)) await register.learn(phoneNumberId, claim);
    }
    return event.customer && register.find(phoneNumberId, event.customer);
  };
  const isInTime = ({ askedAtMs, expiresAtMs }: ExpectedRecord, { occurredAt }: MessageEvent): boolean => {
    const atMs = occurredAt?.getTime() ?? clock.now();
    return atMs + clockSkewMs >= askedAtMs && Math.min(atMs, clock.now()) <= expiresAtMs;
  };
  /** Reserves a record for an event. Returns its version, or `undefined` if another event answered it first. */
  const reserve = (phoneNumberId: string, person: Person, found: Found, eventKey: string): Promise<string | undefined> =>
    untilWritten(async () => {
      const current = await read(phoneNumberId, person);
      if (current?.record.id !== found.record.id) return undefined;
      const { answeredBy } = current.record;
      if (answeredBy !== undefined) return answeredBy === eventKey ? current.entry.version : undefined;
      const ttlMs = Math.max(1, current.record.expiresAtMs - clock.now()) + keptMs;
      const next = { ...current.record, answeredBy: eventKey };
      return (await writeIfUnchanged(store, current.key, current.entry.version, next, { ttlMs })) ?? conflict;
    });

  return {
    expect: async (phoneNumberId, customer, { name, timeoutMs, state }) => {
      // A claim of time 0 never moves a number to another person.
      const person = await register.learn(phoneNumberId, { type: 'same', ids: customer, atMs: 0 });
      if (!person) return;
      const now = clock.now();
      const { waId, userId, parentUserId, username } = customer;
      const record: ExpectedRecord = {
        ...{ id: globalThis.crypto.randomUUID(), name, askedAtMs: now, expiresAtMs: now + timeoutMs },
        customer: defined({ waId, userId, parentUserId, username }),
        ...(state !== undefined && { state }),
      };
      const item: DueItem = { phoneNumberId, personId: person.id, id: record.id, name };
      await untilWritten(async () => {
        const earlier = await read(phoneNumberId, person);
        const key = keyOf(phoneNumberId, person.id);
        const isSameKey = earlier?.key === key;
        const written = await store.batch([
          writeOf(key, isSameKey ? earlier.entry : undefined, record, timeoutMs + keptMs),
          { type: 'set', key: dueOf(record), value: item },
          ...(earlier ? (isSameKey ? remove(earlier).slice(1) : remove(earlier)) : []),
        ]);
        return written ? undefined : conflict;
      });
    },
    cancel: async (phoneNumberId, customer) => {
      const person = await register.find(phoneNumberId, customer);
      if (!person) return;
      await untilWritten(async () => {
        const found = await read(phoneNumberId, person);
        return !found || (await store.batch(remove(found))) ? undefined : conflict;
      });
    },
    observe: async (event) => {
      const { phoneNumberId } = event;
      if (phoneNumberId === undefined) return;
      const person = await learn(phoneNumberId, event);
      const found = person && (await read(phoneNumberId, person));
      if (!found || !isInTime(found.record, event)) return;
      const handler = handlers.get(found.record.name);
      if (!handler) {
        logger.warn('conversations.handler_missing', {
          name: found.record.name,
          phoneNumberId,
          remedy: 'register it with onReply at the start',
        });
        return;
      }
      const match = await handler.match(event);
      if (match === undefined) return;
      const version = await reserve(phoneNumberId, person, found, event.key);
      if (version === undefined) return;
      await handler.answer(event, match, found.record.state);
      // The handler may have expected the next reply. Then the version differs, and the new record stays.
      await store.batch(remove({ ...found, entry: { ...found.entry, version } }));
    },
    sweep: async () => {
      await sweepDue<DueItem & JsonObject>({
        ...{ store, clock, logger, prefix: duePrefix, nowMs: clock.now(), limit: sweepLimit, leaseMs },
        accepts: ({ name }) => handlers.has(name),
        handle: async ({ phoneNumberId, personId, id, name }) => {
          const person = (await register.person(phoneNumberId, personId)) ?? { id: personId, merged: [] };
          const found = await read(phoneNumberId, person);
          if (found?.record.id !== id || found.record.answeredBy !== undefined) return;
          const { customer, state } = found.record;
          await handlers.get(name)?.missed({ phoneNumberId, customer, state });
          await store.batch(remove(found).slice(0, 1));
        },
        onFailure: ({ name, phoneNumberId }, error) => {
          logger.error('conversations.timeout_failed', { name, phoneNumberId, error });
        },
      });
    },
  };
}

/** A record with its entry in the store. */
interface Found {
  readonly key: string;
  readonly entry: StoreEntry;
  readonly record: ExpectedRecord;
}
