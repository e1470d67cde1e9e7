import type { HandoffReason } from '../../errors/coexistence-errors.js';
import { findMessageId } from '../../identity/message-id.js';

/** The assignee of a thread. */
export type HandoffAssignee = 'bot' | 'person';

/**
 * The reason for the release of a thread. `own-send`: the echo was one of our own messages. `automatic`: the echo was
 * the app's greeting or away message.
 */
export type HandoffReleaseReason = 'time' | 'cap' | 'call' | 'own-send' | 'automatic';

/** A message with its time. */
export type WrittenMessage = { readonly id: string; readonly atMs: number };

/** A message that was written, edited or deleted in the app. */
export type WrittenEcho = WrittenMessage & {
  readonly person?: string;
  /** Whether the echo may be the app's automatic message. */
  readonly mayBeAutomatic?: boolean;
  /** Whether the echo is from before the release. It no longer assigns the thread. */
  readonly settled?: boolean;
};

/** The assignment of a thread to a person. */
export type HandoffHold = {
  readonly by: 'echo' | 'call';
  readonly sinceMs: number;
  /** Time of the automatic release. Absent if only a call releases the thread. */
  readonly untilMs?: number;
  readonly person?: string;
};

/** The state of a thread, as JSON of bounded size. */
export type HandoffState = {
  /** The assignment after the last event, as it was emitted to listeners. */
  readonly hold?: HandoffHold;
  /** The last echoes, oldest first. */
  readonly echoes: readonly WrittenEcho[];
  /** The assignment that results from older echoes. */
  readonly earlier?: HandoffHold;
  /** The customer's last messages, oldest first. */
  readonly customerWrote: readonly WrittenMessage[];
  /** Wamids of our own messages. Their echoes don't assign the thread. */
  readonly own: readonly string[];
  /** The assignment by a call, until it is released. */
  readonly taken?: HandoffHold;
  /** Time of the last release by a call. Earlier echoes no longer count. */
  readonly givenAtMs?: number;
};

/** An event of a thread. */
export type HandoffEvent =
  | {
      readonly type: 'person-wrote';
      readonly messageId: string;
      readonly atMs: number;
      readonly person?: string;
      /** Whether the echo may be the app's automatic message. @defaultValue `false` */
      readonly mayBeAutomatic?: boolean;
    }
  | { readonly type: 'customer-wrote'; readonly messageId: string; readonly atMs: number }
  | { readonly type: 'own-send'; readonly messageId: string }
  | { readonly type: 'taken'; readonly person?: string; readonly untilMs?: number }
  | { readonly type: 'given' }
  | { readonly type: 'time' };

/** A change to emit to listeners. */
export type HandoffFact =
  | { readonly type: 'taken'; readonly by: 'echo' | 'call'; readonly atMs: number; readonly untilMs?: number; readonly person?: string }
  | { readonly type: 'returned'; readonly reason: HandoffReleaseReason; readonly atMs: number }
  | { readonly type: 'automatic'; readonly messageId: string; readonly atMs: number };

/** The rules of a hand-off. */
export interface HandoffRules {
  /** Milliseconds for which an echo assigns the thread to a person. */
  readonly holdMs: number;
  /** Maximum milliseconds for which consecutive echoes assign the thread. */
  readonly capMs: number;
  /** Milliseconds after a customer's message in which an echo may be the app's automatic message. 0 turns this off. */
  readonly automaticMs: number;
}

/** Whether an automated message may be sent, and the reason if not. */
export type ReplyVerdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: HandoffReason };

/** The state of a thread without events. Start with it in {@link handoffChange}. */
export const emptyHandoff: HandoffState = { echoes: [], customerWrote: [], own: [] };

/** Number of messages to store per side. */
const maxRemembered = 20;

/** Meta's times are in whole seconds. An echo in the second of the release may be later than the release. */
const secondMs = 1_000;

/**
 * Applies an event to the state of a thread. This function is pure.
 *
 * An echo assigns the thread to a person for `holdMs` after the last echo, up to `capMs` in total. Then the thread
 * returns to the bot automatically. The result doesn't depend on the order or the repetition of events.
 *
 * @param state - The state of the thread, or {@link emptyHandoff}.
 * @param event - The event.
 * @param nowMs - The current time.
 * @param rules - The durations.
 * @returns the next state, and the changes to emit
 *
 * @example
 * ```ts
 * import { emptyHandoff, handoffChange, findAssignee } from 'wa-coexist/coexistence';
 *
 * const rules = { holdMs: 1_800_000, capMs: 7_200_000, automaticMs: 3_000 };
 * const { state } = handoffChange(emptyHandoff, { type: 'person-wrote', messageId: 'wamid.1', atMs: 0 }, 0, rules);
 * findAssignee(state, 60_000, rules); // 'person'
 * findAssignee(state, 1_800_000, rules); // 'bot'
 * ```
 */
export function handoffChange(
  state: HandoffState,
  event: HandoffEvent,
  nowMs: number,
  rules: HandoffRules,
): { readonly state: HandoffState; readonly facts: readonly HandoffFact[] } {
  const { hold: before, ...rest } = withEvent(state, event, nowMs, rules);
  const after = holdAt(rest, nowMs, rules);
  const known = new Set(judged(state, rules).automatic.map(({ id }) => id));
  const automatic = judged(rest, rules).automatic.filter(({ id }) => !known.has(id));
  return {
    state: { ...rest, ...(after && { hold: after }) },
    facts: [
      ...automatic.map(({ id, atMs }): HandoffFact => ({ type: 'automatic', messageId: id, atMs })),
      ...factsOf(before, after, event, nowMs, rules),
    ],
  };
}

/**
 * Returns the assignee of a thread at a given time. See {@link holdAt} for the details of the assignment.
 *
 * @param state - The state from {@link handoffChange}.
 * @param nowMs - The time.
 * @param rules - The durations.
 *
 * @example
 * ```ts
 * import { emptyHandoff, findAssignee, handoffChange } from 'wa-coexist/coexistence';
 *
 * const rules = { holdMs: 1_800_000, capMs: 7_200_000, automaticMs: 3_000 };
 * const { state } = handoffChange(emptyHandoff, { type: 'taken', person: 'Mara' }, 0, rules);
 * findAssignee(state, 60_000, rules); // 'person'
 * ```
 */
export function findAssignee(state: HandoffState, nowMs: number, rules: HandoffRules): HandoffAssignee {
  return holdAt(state, nowMs, rules) ? 'person' : 'bot';
}

/**
 * Returns the assignment of a thread to a person at a given time, or `undefined` if the bot has the thread.
 *
 * @param state - The state from {@link handoffChange}.
 * @param nowMs - The time.
 * @param rules - The durations.
 *
 * @example
 * ```ts
 * import { emptyHandoff, handoffChange, holdAt } from 'wa-coexist/coexistence';
 *
 * const rules = { holdMs: 1_800_000, capMs: 7_200_000, automaticMs: 3_000 };
 * const { state } = handoffChange(emptyHandoff, { type: 'taken', person: 'Mara' }, 0, rules);
 * holdAt(state, 60_000, rules)?.person; // 'Mara'
 * ```
 */
export function holdAt(state: HandoffState, nowMs: number, rules: HandoffRules): HandoffHold | undefined {
  const holds = (hold: HandoffHold | undefined): hold is HandoffHold =>
    hold !== undefined && (hold.untilMs === undefined || nowMs < hold.untilMs);
  if (holds(state.taken)) return state.taken;
  const { hold } = judged(state, rules);
  return holds(hold) ? hold : undefined;
}

/**
 * Decides whether an automated reply to a message may be sent now. It may not if a person has the thread, or if a
 * person or the customer has written since.
 *
 * @param state - The state from {@link handoffChange}.
 * @param answered - The customer's message that the bot replies to.
 * @param nowMs - The time.
 * @param rules - The durations.
 * @returns `allowed`, with the reason if it is `false`
 *
 * @example
 * ```ts
 * import { emptyHandoff, handoffChange, judgeReply } from 'wa-coexist/coexistence';
 *
 * const rules = { holdMs: 1_800_000, capMs: 7_200_000, automaticMs: 3_000 };
 * const question = { id: 'wamid.1', atMs: 0 };
 * const echo = { type: 'person-wrote', messageId: 'wamid.2', atMs: 1_000 } as const;
 * const { state } = handoffChange(emptyHandoff, echo, 1_000, rules);
 * judgeReply(state, question, 2_000, rules); // { allowed: false, reason: 'person-holds' }
 * ```
 */
export function judgeReply(state: HandoffState, answered: WrittenMessage, nowMs: number, rules: HandoffRules): ReplyVerdict {
  if (holdAt(state, nowMs, rules)) return { allowed: false, reason: 'person-holds' };
  const { automatic } = judged(state, rules);
  if (state.echoes.some((echo) => echo.atMs >= answered.atMs && !automatic.includes(echo)))
    return { allowed: false, reason: 'person-wrote' };
  const answeredId = findMessageId(answered.id, idsOf(state.customerWrote));
  const place = state.customerWrote.findIndex(({ id }) => id === answeredId);
  const wroteSince = state.customerWrote.some(
    ({ atMs }, index) => atMs > answered.atMs || (place !== -1 && atMs === answered.atMs && index > place),
  );
  return wroteSince ? { allowed: false, reason: 'customer-wrote' } : { allowed: true };
}

/**
 * Merges two states of one thread that were stored under different IDs of the customer. See {@link handoffChange}.
 *
 * @param left - One state.
 * @param right - The other state.
 *
 * @example
 * ```ts
 * import { emptyHandoff, findAssignee, handoffChange, mergeHandoffs } from 'wa-coexist/coexistence';
 *
 * const rules = { holdMs: 1_800_000, capMs: 7_200_000, automaticMs: 3_000 };
 * const { state } = handoffChange(emptyHandoff, { type: 'taken' }, 0, rules);
 * findAssignee(mergeHandoffs(emptyHandoff, state), 60_000, rules); // 'person'
 * ```
 */
export function mergeHandoffs(left: HandoffState, right: HandoffState): HandoffState {
  const hold = later(left.hold, right.hold);
  const earlier = later(left.earlier, right.earlier);
  const taken = later(left.taken, right.taken);
  const own = [...new Set([...left.own, ...right.own])].slice(-maxRemembered);
  const givenAtMs = Math.max(left.givenAtMs ?? -1, right.givenAtMs ?? -1);
  return {
    ...(hold && { hold }),
    echoes: echoesByTime(joined(left.echoes, right.echoes)).filter(({ id }) => !isKnown(id, own)),
    ...(earlier && { earlier }),
    customerWrote: joined(left.customerWrote, right.customerWrote),
    own,
    ...(taken && { taken }),
    ...(givenAtMs >= 0 && { givenAtMs }),
  };
}

function withEvent(state: HandoffState, event: HandoffEvent, nowMs: number, rules: HandoffRules): HandoffState {
  switch (event.type) {
    case 'person-wrote': {
      const { messageId: id, person, mayBeAutomatic } = event;
      if (isKnown(id, state.own) || isKnown(id, idsOf(state.echoes))) return state;
      const echo: WrittenEcho = {
        id,
        atMs: Math.min(event.atMs, nowMs),
        ...(person !== undefined && { person }),
        ...(mayBeAutomatic && { mayBeAutomatic }),
      };
      return withoutOldest({ ...state, echoes: echoesByTime([...state.echoes, echo]) }, rules);
    }
    case 'customer-wrote': {
      const { messageId: id, atMs } = event;
      if (isKnown(id, idsOf(state.customerWrote))) return state;
      return { ...state, customerWrote: byTime([...state.customerWrote, { id, atMs }]).slice(-maxRemembered) };
    }
    case 'own-send': {
      const { messageId } = event;
      if (isKnown(messageId, state.own)) return state;
      const echoedId = findMessageId(messageId, idsOf(state.echoes));
      return {
        ...state,
        own: [...state.own, messageId].slice(-maxRemembered),
        echoes: state.echoes.filter(({ id }) => id !== echoedId),
      };
    }
    case 'taken': {
      const { person, untilMs } = event;
      const taken: HandoffHold = {
        by: 'call',
        sinceMs: nowMs,
        ...(untilMs !== undefined && { untilMs }),
        ...(person !== undefined && { person }),
      };
      return { ...state, taken };
    }
    case 'given': {
      const { taken: _taken, earlier: _earlier, ...rest } = state;
      return { ...rest, givenAtMs: nowMs, echoes: state.echoes.map((echo) => ({ ...echo, settled: true })) };
    }
    case 'time':
      return state;
  }
}

/** Evaluates the echoes in order of time: the last assignment, and the automatic echoes. */
function judged(state: HandoffState, rules: HandoffRules): { readonly hold?: HandoffHold; readonly automatic: readonly WrittenEcho[] } {
  const { givenAtMs = -Infinity } = state;
  const automatic: WrittenEcho[] = [];
  let hold = state.earlier;
  for (const echo of state.echoes) {
    const isHeld = hold?.untilMs !== undefined && echo.atMs < hold.untilMs;
    if (!isHeld && isAutomatic(echo, state.customerWrote, rules)) automatic.push(echo);
    else if (!echo.settled && echo.atMs + secondMs > givenAtMs) hold = heldLonger(isHeld ? hold : undefined, echo, rules);
  }
  return { ...(hold && { hold }), automatic };
}

function isAutomatic(
  { atMs, mayBeAutomatic }: WrittenEcho,
  customerWrote: readonly WrittenMessage[],
  { automaticMs }: HandoffRules,
): boolean {
  if (!mayBeAutomatic || automaticMs === 0) return false;
  return customerWrote.some((written) => written.atMs <= atMs && atMs - written.atMs <= automaticMs);
}

function heldLonger(hold: HandoffHold | undefined, echo: WrittenEcho, { holdMs, capMs }: HandoffRules): HandoffHold {
  const sinceMs = hold?.sinceMs ?? echo.atMs;
  const person = echo.person ?? hold?.person;
  const untilMs = Math.min(Math.max(hold?.untilMs ?? 0, echo.atMs + holdMs), sinceMs + capMs);
  return { by: 'echo', sinceMs, untilMs, ...(person !== undefined && { person }) };
}

/** Removes the oldest echoes and stores their result instead. */
function withoutOldest(state: HandoffState, rules: HandoffRules): HandoffState {
  if (state.echoes.length <= maxRemembered) return state;
  const cut = state.echoes.length - maxRemembered;
  const { hold: earlier } = judged({ ...state, echoes: state.echoes.slice(0, cut) }, rules);
  return { ...state, echoes: state.echoes.slice(cut), ...(earlier && { earlier }) };
}

function factsOf(
  before: HandoffHold | undefined,
  after: HandoffHold | undefined,
  event: HandoffEvent,
  nowMs: number,
  rules: HandoffRules,
): readonly HandoffFact[] {
  const ended = before?.untilMs !== undefined && before.untilMs <= nowMs ? before.untilMs : undefined;
  const isNew = after !== undefined && (before === undefined || event.type === 'taken' || (ended !== undefined && after.sinceMs >= ended));
  const returned: HandoffFact[] = [];
  if (before && ended !== undefined && (isNew || !after)) {
    const isCapped = before.by === 'echo' && ended >= before.sinceMs + rules.capMs;
    returned.push({ type: 'returned', reason: isCapped ? 'cap' : 'time', atMs: ended });
  } else if (before && !after) {
    const reason = event.type === 'given' ? 'call' : event.type === 'own-send' ? 'own-send' : 'automatic';
    returned.push({ type: 'returned', reason, atMs: nowMs });
  }
  return isNew ? [...returned, takenFact(after)] : returned;
}

function takenFact({ by, sinceMs, untilMs, person }: HandoffHold): HandoffFact {
  return { type: 'taken', by, atMs: sinceMs, ...(untilMs !== undefined && { untilMs }), ...(person !== undefined && { person }) };
}

function later(left: HandoffHold | undefined, right: HandoffHold | undefined): HandoffHold | undefined {
  if (!left || !right) return left ?? right;
  return (left.untilMs ?? Infinity) >= (right.untilMs ?? Infinity) ? left : right;
}

function joined<Item extends WrittenMessage>(left: readonly Item[], right: readonly Item[]): readonly Item[] {
  const byId = new Map<string, Item>();
  for (const written of [...left, ...right]) byId.set(findMessageId(written.id, byId.keys()) ?? written.id, written);
  return byTime([...byId.values()]).slice(-maxRemembered);
}

/** Whether a list contains a message under any spelling of its wamid. */
function isKnown(messageId: string, ids: readonly string[]): boolean {
  return findMessageId(messageId, ids) !== undefined;
}

function idsOf(list: readonly WrittenMessage[]): readonly string[] {
  return list.map(({ id }) => id);
}

/**
 * Sorts echoes of a person before possibly automatic echoes of the same second, so that the order of arrival doesn't
 * matter.
 */
function echoesByTime(list: readonly WrittenEcho[]): readonly WrittenEcho[] {
  return list.toSorted(
    (one, other) =>
      one.atMs - other.atMs || Number(one.mayBeAutomatic ?? false) - Number(other.mayBeAutomatic ?? false) || (one.id < other.id ? -1 : 1),
  );
}

/** Sorts by time. Messages of the same second stay in order of arrival. */
function byTime<Item extends WrittenMessage>(list: readonly Item[]): readonly Item[] {
  return list.toSorted((one, other) => one.atMs - other.atMs);
}
