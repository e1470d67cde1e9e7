import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { dueKey, sweepDue } from '../stores/due-index.js';
import type { Store, StoreOperation } from '../stores/store.js';
import { globalKey, segment } from '../runtime/keys.js';

/**
 * An entry of the schedule. The schedule is a list of due times for all numbers in the store, ordered by time. A sweep
 * in any process reads only due entries. An entry is a reminder and not a fact, so its handler checks the current
 * state.
 */
export type ScheduleItem = {
  /** The module that handles the entry. */
  readonly kind: string;
  /** The ID of the record to check. */
  readonly subject: string;
  readonly dueAtMs: number;
};

/** Handles the due entries of a module. */
export interface DueHandler {
  /** The module. */
  readonly kind: string;
  /** Handles a due entry. The entry stays due if the promise rejects. */
  onDue(item: ScheduleItem, nowMs: number): Promise<void>;
}

/** The result of a sweep. */
export interface SweepResult {
  /** Number of due facts that were handled. */
  readonly handled: number;
  /** Number of due facts with a failed handler. They stay due. */
  readonly failed: number;
}

/** The parameters of one sweep. */
export interface SweepRun {
  readonly store: Store;
  /** The handlers by module. */
  readonly handlers: ReadonlyMap<string, DueHandler>;
  readonly logger: Logger;
  /** Measures the leases. */
  readonly clock: Clock;
  /** Handles entries that are due at this time. */
  readonly nowMs: number;
  /** Maximum number of entries to handle. Failed entries don't count, so that they don't block the others. */
  readonly limit: number;
}

/** Duration of the lease of one entry. After it, another process may handle the entry, for example after a crash. */
const leaseMs = 120_000;

const prefix = `${globalKey('due')}/`;

/**
 * Creates the write that adds an entry. Repeating it has no effect.
 *
 * @param item - The entry.
 */
export function scheduleWrite(item: ScheduleItem): StoreOperation {
  const { kind, subject, dueAtMs } = item;
  return { type: 'set', key: keyOf(item), value: { kind, subject, dueAtMs } };
}

/**
 * Creates the write that removes an entry.
 *
 * @param item - The entry.
 */
export function scheduleDelete(item: ScheduleItem): StoreOperation {
  return { type: 'delete', key: keyOf(item) };
}

function keyOf({ kind, subject, dueAtMs }: ScheduleItem): string {
  return dueKey(prefix, dueAtMs, `${kind}/${segment(subject)}`);
}

/** A state with the time of its scheduled entry. */
export type Scheduled = { readonly wakeAtMs?: number };

/** A state and the writes that update its scheduled entry. */
export interface ScheduleUpdate<State> {
  readonly state: State;
  readonly also: readonly StoreOperation[];
}

/**
 * Schedules a state for a given time. If the schedule already contains an earlier entry, it stays. Its handler then
 * finds that the state isn't due yet. If each event moves a deadline, this avoids a write per event.
 *
 * @param state - The state of a module.
 * @param kind - The module that handles the entry.
 * @param subject - The ID of the record.
 * @param wantedAtMs - The latest time of the entry, or `undefined` if the state needs no entry.
 */
export function scheduled<State extends Scheduled>(
  state: State,
  kind: string,
  subject: string,
  wantedAtMs: number | undefined,
): ScheduleUpdate<State> {
  if (wantedAtMs === undefined || (state.wakeAtMs !== undefined && state.wakeAtMs <= wantedAtMs)) return { state, also: [] };
  return { state: { ...state, wakeAtMs: wantedAtMs }, also: [scheduleWrite({ kind, subject, dueAtMs: wantedAtMs })] };
}

/**
 * Removes the entry of a state.
 *
 * @param state - The state of a module.
 * @param kind - The module that handles the entry.
 * @param subject - The ID of the record.
 */
export function unscheduled<State extends Scheduled>(state: State, kind: string, subject: string): ScheduleUpdate<State> {
  const { wakeAtMs } = state;
  if (wakeAtMs === undefined) return { state, also: [] };
  return { state: clearDue(state), also: [scheduleDelete({ kind, subject, dueAtMs: wakeAtMs })] };
}

/**
 * Returns a state without its scheduled time, after its entry became due.
 *
 * @param state - The state of a module.
 */
export function clearDue<State extends Scheduled>(state: State): State {
  const { wakeAtMs: _past, ...rest } = state;
  // A State without its optional wakeAtMs is still a State.
  return rest as State;
}

/**
 * Acquires the due entries and passes each one to the handler of its module.
 *
 * @param run - The store, the handlers, the time and the limit.
 * @returns the number of handled and failed entries
 */
export function sweepSchedule({ handlers, ...run }: SweepRun): Promise<SweepResult> {
  const { logger, nowMs } = run;
  return sweepDue<ScheduleItem>({
    ...run,
    prefix,
    leaseMs,
    accepts: ({ kind }) => handlers.has(kind),
    handle: async (item) => handlers.get(item.kind)?.onDue(item, nowMs),
    onFailure: ({ kind }, error) => {
      logger.warn('coexistence.due_fact_failed', { kind, error });
    },
  });
}
