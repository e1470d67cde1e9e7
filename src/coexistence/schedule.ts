import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { dueKey, sweepDue } from '../stores/due-index.js';
import type { Store, StoreOperation } from '../stores/store.js';
import { globalKey, segment } from '../runtime/keys.js';

/**
 * The agenda: what is to be looked at and when, for all numbers and in the order of time, in the store. So a sweep reads what is due and
 * nothing else, in whichever process it runs. An entry is a reminder, not a fact: whoever is woken looks at the state itself, because that
 * may have moved on.
 */
export type ScheduleItem = {
  /** The module that is woken. */
  readonly kind: string;
  /** What it is woken for: an id of its own. */
  readonly subject: string;
  readonly dueAtMs: number;
};

/** Called for an item that is due. A rejection leaves the item due. */
export type OnDue = (item: ScheduleItem, nowMs: number) => Promise<void>;

/** What a sweep did. */
export interface SweepResult {
  /** Due facts that were looked at. */
  readonly handled: number;
  /** Due facts whose handlers failed; they stay due. */
  readonly failed: number;
}

/** Where one sweep begins and ends. */
export interface SweepRun {
  readonly store: Store;
  readonly handlers: ReadonlyMap<string, OnDue>;
  readonly logger: Logger;
  /** Leases are counted by it, however long the sweep takes. */
  readonly clock: Clock;
  /** What is due by then is handled. */
  readonly nowMs: number;
  /** The most items to handle. Those whose handlers fail do not count, so that they hold up nobody. */
  readonly limit: number;
}

/** How long a process may take over one item before another may take it, as it does when the first has died. */
const leaseMs = 120_000;

const prefix = `${globalKey('due')}/`;

/** The write that puts an item on the agenda; twice is as good as once. */
export function scheduleWrite(item: ScheduleItem): StoreOperation {
  const { kind, subject, dueAtMs } = item;
  return { type: 'set', key: keyOf(item), value: { kind, subject, dueAtMs } };
}

/** The write that takes an item off the agenda. */
export function scheduleDelete(item: ScheduleItem): StoreOperation {
  return { type: 'delete', key: keyOf(item) };
}

function keyOf({ kind, subject, dueAtMs }: ScheduleItem): string {
  return dueKey(prefix, dueAtMs, `${kind}/${segment(subject)}`);
}

/** A state that knows when it will be woken next. */
export type Scheduled = { readonly wakeAtMs?: number };

/** A state with the agenda's write that goes with it, if any. */
export interface ScheduleUpdate<State> {
  readonly state: State;
  readonly also: readonly StoreOperation[];
}

/**
 * Makes sure that a state is woken at `wantedAtMs` at the latest. An item that stands for later is left alone: woken for it, the module finds
 * that nothing is to be done. So a state that moves its deadline with every event does not write an item each time.
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

/** A state that need not be woken any more, with the write that takes its item off the agenda. */
export function unscheduled<State extends Scheduled>(state: State, kind: string, subject: string): ScheduleUpdate<State> {
  const { wakeAtMs } = state;
  if (wakeAtMs === undefined) return { state, also: [] };
  return { state: clearDue(state), also: [scheduleDelete({ kind, subject, dueAtMs: wakeAtMs })] };
}

/** The state as it is once the item that it waited for has come up. */
export function clearDue<State extends Scheduled>(state: State): State {
  const { wakeAtMs: _past, ...rest } = state;
  // A State without its optional wakeAtMs is a State.
  return rest as State;
}

/** Acquires what is due, and hands it to its module. */
export function sweepSchedule({ handlers, ...run }: SweepRun): Promise<SweepResult> {
  const { logger, nowMs } = run;
  return sweepDue<ScheduleItem>({
    ...run,
    prefix,
    leaseMs,
    accepts: ({ kind }) => handlers.has(kind),
    handle: async (item) => handlers.get(item.kind)?.(item, nowMs),
    onFailure: ({ kind }, error) => {
      logger.warn('coexistence.due_fact_failed', { kind, error });
    },
  });
}
