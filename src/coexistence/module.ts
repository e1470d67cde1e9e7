import type { PersonIds } from '../identity/person.js';
import type { Clock } from '../runtime/clock.js';
import type { JsonObject } from '../runtime/json.js';
import { numberKey } from '../runtime/keys.js';
import { readRecord, updateRecord, type RecordChange } from '../stores/records.js';
import { personRecords, type PersonRecords } from './person-records.js';
import { clearDue, scheduled, unscheduled, type Scheduled, type ScheduleItem } from './schedule.js';
import type { RunWork, Scope } from './unit-of-work.js';

/** The record of a module: its state, its entry in the schedule, and its pending facts. */
export type ModuleRecord<State, Fact> = State & Scheduled & Outbox<Fact>;

/** Facts whose listeners haven't succeeded yet, oldest first. */
export type Outbox<Fact> = { readonly untold?: readonly Fact[] };

/** The next state and the facts to emit. The same state means that the event changes nothing. */
export interface Reduction<State, Fact> {
  readonly state: State;
  readonly facts: readonly Fact[];
}

/** The parts of a scope that store records. */
export type RecordScope = Pick<Scope, 'store' | 'register'>;

/** Where a module stores its records, by subject. */
export interface ModuleRecords<Record extends JsonObject> {
  read(subject: string): Promise<Record | undefined>;
  update<Result>(subject: string, change: (record: Record | undefined) => RecordChange<Record, Result>): Promise<Result>;
}

/** All that is specific to a module. */
export interface ModuleDefinition<State extends JsonObject, Event, Fact extends JsonObject | string> {
  /** The module's name in the schedule. */
  readonly kind: string;
  /** The records. @defaultValue one per number, whose subject is the phone number ID */
  readonly records?: (scope: RecordScope) => ModuleRecords<ModuleRecord<State, Fact>>;
  /** Applies an event. This function is pure. `undefined` for events about an unknown subject that create no record. */
  readonly reduce: (state: State | undefined, event: Event, nowMs: number) => Reduction<State, Fact> | undefined;
  /** The event that a due schedule entry causes. Without it, the schedule only retries pending facts. */
  readonly timeEvent?: Event;
  /** The time at which the state may change without an event. */
  readonly nextCheckAt?: (state: State, nowMs: number) => number | undefined;
  /** Time to live of the record. @defaultValue unlimited */
  readonly ttlMs?: (state: State) => number | undefined;
  /** Whether a fact has listeners. Other facts are dropped. */
  readonly hasListeners: (fact: Fact) => boolean;
  /** Emits a fact. It stays pending if the promise rejects. */
  readonly emit: (fact: Fact, subject: string, state: State) => Promise<void>;
  /**
   * What emits pending facts again: a sweep after a minute, or the redelivery of the webhook event.
   * @defaultValue `'sweep'`
   */
  readonly retry?: 'sweep' | 'redelivery';
}

/** A module: a state per subject, changed by events, with facts that are emitted at least once. */
export interface Module<State extends JsonObject, Event, Fact extends JsonObject | string> {
  /** The module's name in the schedule, and the handler of its entries. */
  readonly kind: string;
  onDue(item: ScheduleItem, nowMs: number): Promise<void>;
  /** Reads the state of a subject. */
  read(scope: RecordScope, subject: string): Promise<ModuleRecord<State, Fact> | undefined>;
  /** Applies events in the transaction of a scope, and emits the facts after its commit. */
  apply(scope: Scope, subject: string, ...events: readonly Event[]): Promise<ModuleRecord<State, Fact> | undefined>;
  /** Computes the change of a record by events, for modules with their own conditions. */
  change(
    record: ModuleRecord<State, Fact> | undefined,
    subject: string,
    events: readonly Event[],
  ): RecordChange<ModuleRecord<State, Fact>, ModuleRecord<State, Fact> | undefined>;
  /** Emits the pending facts of a subject in order. @throws the error of a listener, whose fact then stays pending */
  deliver(subject: string): Promise<void>;
}

/** Delay after which a sweep emits the pending facts again. */
const retryEmitAfterMs = 60_000;

/**
 * Creates a module.
 *
 * The record of a subject contains the state, the time of its schedule entry, and the pending facts. One write changes
 * all of them together with the schedule entry. So a process can stop at any time: each fact is emitted at least once,
 * by this process, by a sweep of any process, or after the redelivery of the webhook event.
 *
 * @param definition - All that is specific to the module.
 * @param run - Runs a piece of work on the store.
 * @param clock - The clock.
 */
export function createModule<State extends JsonObject, Event, Fact extends JsonObject | string>(
  definition: ModuleDefinition<State, Event, Fact>,
  run: RunWork,
  clock: Clock,
): Module<State, Event, Fact> {
  return new StoredModule(definition, run, clock);
}

class StoredModule<State extends JsonObject, Event, Fact extends JsonObject | string> implements Module<State, Event, Fact> {
  readonly kind: string;
  readonly #definition: ModuleDefinition<State, Event, Fact>;
  readonly #run: RunWork;
  readonly #clock: Clock;

  constructor(definition: ModuleDefinition<State, Event, Fact>, run: RunWork, clock: Clock) {
    this.kind = definition.kind;
    this.#definition = definition;
    this.#run = run;
    this.#clock = clock;
  }

  read(scope: RecordScope, subject: string): Promise<ModuleRecord<State, Fact> | undefined> {
    return this.#records(scope).read(subject);
  }

  async apply(scope: Scope, subject: string, ...events: readonly Event[]): Promise<ModuleRecord<State, Fact> | undefined> {
    const record = await this.#records(scope).update(subject, (found) => this.change(found, subject, events));
    if (record?.untold) scope.afterCommit(() => this.deliver(subject));
    return record;
  }

  change(
    record: ModuleRecord<State, Fact> | undefined,
    subject: string,
    events: readonly Event[],
  ): RecordChange<ModuleRecord<State, Fact>, ModuleRecord<State, Fact> | undefined> {
    const plan = this.#reduced(record, subject, events, this.#clock.now());
    const isNew = plan && (!record || plan.also?.length !== 0 || JSON.stringify(plan.state) !== JSON.stringify(record));
    return isNew ? plan : { result: record };
  }

  deliver(subject: string): Promise<void> {
    return this.#deliverAt(subject, this.#clock.now());
  }

  async onDue({ subject, dueAtMs }: ScheduleItem, nowMs: number): Promise<void> {
    const { timeEvent } = this.#definition;
    const events = timeEvent === undefined ? [] : [timeEvent];
    await this.#updateDue(subject, dueAtMs, (record) => this.#reduced(record, subject, events, nowMs, 'keep'));
    // The entry stays due until its facts are emitted. Then the next one replaces it.
    await this.#deliverAt(subject, nowMs, 'keep');
    await this.#updateDue(subject, dueAtMs, (record) => this.#reduced(clearDue(record), subject, [], nowMs));
  }

  #records(scope: RecordScope): ModuleRecords<ModuleRecord<State, Fact>> {
    const { records } = this.#definition;
    return records ? records(scope) : recordsByKey(scope, (phoneNumberId) => numberKey(phoneNumberId, this.kind));
  }

  /** Changes a record whose schedule entry is still the one that is due. */
  #updateDue(
    subject: string,
    dueAtMs: number,
    change: (record: ModuleRecord<State, Fact>) => RecordChange<ModuleRecord<State, Fact>, unknown> | undefined,
  ): Promise<void> {
    return this.#run((scope) =>
      this.#records(scope).update<void>(subject, (found) => {
        // Records of earlier versions don't contain the time of each entry.
        const isDue = found !== undefined && (found.wakeAtMs ?? dueAtMs) === dueAtMs;
        return { ...(isDue && change(found)), result: undefined };
      }),
    );
  }

  /** Emits the pending facts in order, and removes each one after its listeners succeeded. */
  async #deliverAt(subject: string, nowMs: number, entry?: 'keep'): Promise<void> {
    for (;;) {
      const record = await this.#run((scope) => this.#records(scope).read(subject));
      const fact = record?.untold?.[0];
      if (!record || fact === undefined) return;
      await this.#definition.emit(fact, subject, withOutbox<State, Fact>(record, undefined, []));
      const text = JSON.stringify(fact);
      await this.#run((scope) =>
        this.#records(scope).update(subject, (standing) => {
          if (!standing || JSON.stringify(standing.untold?.[0]) !== text) return { result: undefined };
          const left = standing.untold?.slice(1) ?? [];
          return { ...this.#planned(withOutbox(standing, standing.wakeAtMs, left), subject, nowMs, entry), result: undefined };
        }),
      );
    }
  }

  /** Applies events. The record is written even if they change nothing. */
  #reduced(
    record: ModuleRecord<State, Fact> | undefined,
    subject: string,
    events: readonly Event[],
    nowMs: number,
    entry?: 'keep',
  ): RecordChange<ModuleRecord<State, Fact>, ModuleRecord<State, Fact>> | undefined {
    const { reduce, hasListeners } = this.#definition;
    const untold = [...(record?.untold ?? [])];
    let state: State | undefined = record;
    for (const event of events) {
      const reduction = reduce(state, event, nowMs);
      if (!reduction) continue;
      ({ state } = reduction);
      untold.push(...reduction.facts.filter(hasListeners));
    }
    return state && this.#planned(withOutbox<State, Fact>(state, record?.wakeAtMs, untold), subject, nowMs, entry);
  }

  /** Adds the schedule entry and the time to live to the next record. */
  #planned(
    record: ModuleRecord<State, Fact>,
    subject: string,
    nowMs: number,
    entry: 'keep' | 'remove' = 'remove',
  ): RecordChange<ModuleRecord<State, Fact>, ModuleRecord<State, Fact>> {
    const { nextCheckAt, retry = 'sweep', ttlMs } = this.#definition;
    const checkAtMs = nextCheckAt?.(record, nowMs);
    const retryAtMs = record.untold && retry === 'sweep' ? nowMs + retryEmitAfterMs : undefined;
    const times = [checkAtMs, retryAtMs].filter((atMs) => atMs !== undefined);
    const { state, also } =
      times.length === 0 && entry === 'remove'
        ? unscheduled(record, this.kind, subject)
        : scheduled(record, this.kind, subject, times.length === 0 ? undefined : Math.min(...times));
    const lifeMs = ttlMs?.(state);
    return { state, also, result: state, ...(lifeMs !== undefined && { ttlMs: lifeMs }) };
  }
}

/**
 * The records of a module with one key per subject.
 *
 * @param scope - The store.
 * @param keyOf - Returns the key of a subject.
 */
export function recordsByKey<Record extends JsonObject>(
  { store }: Pick<Scope, 'store'>,
  keyOf: (subject: string) => string,
): ModuleRecords<Record> {
  return {
    read: (subject) => readRecord<Record>(store, keyOf(subject)),
    update: (subject, change) => updateRecord(store, keyOf(subject), change),
  };
}

/**
 * The records of a module with one record per person. Its subjects are created by {@link personSubject}.
 *
 * @param scope - The store and the identity register.
 * @param kind - The last part of the keys.
 * @param merge - Merges the states of one person that were stored under different IDs.
 */
export function recordsPerPerson<State extends JsonObject, Fact>(
  { store, register }: RecordScope,
  kind: string,
  merge: (present: State, earlier: State) => State,
): ModuleRecords<ModuleRecord<State, Fact>> {
  type Record = ModuleRecord<State, Fact>;
  const mergeRecords = (present: Record, earlier: Record): Record =>
    withOutbox<State, Fact>(merge(present, earlier), present.wakeAtMs, [...(present.untold ?? []), ...(earlier.untold ?? [])]);
  const locate = (subject: string): { readonly records: PersonRecords<Record>; readonly personId: string } => {
    const { phoneNumberId, personId } = partsOfSubject(subject);
    return { records: personRecords({ store, register, phoneNumberId, kind, merge: mergeRecords }), personId };
  };
  return {
    read: (subject) => {
      const { records, personId } = locate(subject);
      return records.readPerson(personId);
    },
    update: (subject, change) => {
      const { records, personId } = locate(subject);
      return records.updatePerson(personId, change);
    },
  };
}

/**
 * Returns the subject of a person, and learns the person if it is unknown. Returns `undefined` if no ID is usable.
 *
 * @param scope - The identity register.
 * @param phoneNumberId - The business number.
 * @param ids - The IDs of the person.
 */
export async function personSubject(
  { register }: Pick<Scope, 'register'>,
  phoneNumberId: string,
  ids: PersonIds,
): Promise<string | undefined> {
  // Events are learned with their own time before they reach a module. These IDs may be outdated. A claim of time 0
  // never moves a number to another person.
  const person = await register.learn(phoneNumberId, { type: 'same', ids, atMs: 0 });
  return person && `${phoneNumberId}/${person.id}`;
}

/**
 * Returns the number and the person of a subject.
 *
 * @param subject - The result of {@link personSubject}.
 */
export function partsOfSubject(subject: string): { readonly phoneNumberId: string; readonly personId: string } {
  const slash = subject.indexOf('/');
  return { phoneNumberId: subject.slice(0, slash), personId: subject.slice(slash + 1) };
}

function withOutbox<State extends JsonObject, Fact>(
  state: State,
  wakeAtMs: number | undefined,
  untold: readonly Fact[],
): ModuleRecord<State, Fact> {
  const rest: State & { untold?: readonly Fact[]; wakeAtMs?: number } = { ...state };
  delete rest.untold;
  delete rest.wakeAtMs;
  return { ...rest, ...(wakeAtMs !== undefined && { wakeAtMs }), ...(untold.length > 0 && { untold }) };
}
