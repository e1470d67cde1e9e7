import type { HandoffReason } from '../../errors/coexistence-errors.js';
import { findMessageId } from '../../identity/message-id.js';

/** Who answers in a thread. */
export type HandoffAssignee = 'bot' | 'person';

/**
 * Why a thread went back to the bot. `own-send`: what had looked like a person was a message of our own; `automatic`: it was the app's
 * greeting or away message.
 */
export type HandoffReleaseReason = 'time' | 'cap' | 'call' | 'own-send' | 'automatic';

/** A message and when it was written. */
export type WrittenMessage = { readonly id: string; readonly atMs: number };

/** Something that was written, edited or deleted in the app. */
export type WrittenEcho = WrittenMessage & {
  readonly person?: string;
  /** It may be the app's automatic answer: nobody knows that a person is behind it. */
  readonly mayBeAutomatic?: boolean;
  /** It was known when the thread was given back: it holds nothing any more. */
  readonly settled?: boolean;
};

/** The hold of a person over a thread. */
export type HandoffHold = {
  readonly by: 'echo' | 'call';
  readonly sinceMs: number;
  /** Automatic return; absent: until it is given back. */
  readonly untilMs?: number;
  readonly person?: string;
};

/** Everything that is kept of who holds a thread: JSON, of bounded size. */
export type HandoffState = {
  /** As it was when the last event was taken in: what listeners were told of. */
  readonly hold?: HandoffHold;
  /** What was last written in the app, oldest first. */
  readonly echoes: readonly WrittenEcho[];
  /** What echoes from before those came to. */
  readonly earlier?: HandoffHold;
  /** What the customer last wrote, oldest first. */
  readonly customerWrote: readonly WrittenMessage[];
  /** Messages of our own: an echo of one is no person. */
  readonly own: readonly string[];
  /** By call, until it is given back. */
  readonly taken?: HandoffHold;
  /** When it was last given back by call: echoes from before no longer count. */
  readonly givenAtMs?: number;
};

/** What happened in a thread. */
export type HandoffEvent =
  | {
      readonly type: 'person-wrote';
      readonly messageId: string;
      readonly atMs: number;
      readonly person?: string;
      /** @defaultValue `false` */
      readonly mayBeAutomatic?: boolean;
    }
  | { readonly type: 'customer-wrote'; readonly messageId: string; readonly atMs: number }
  | { readonly type: 'own-send'; readonly messageId: string }
  | { readonly type: 'taken'; readonly person?: string; readonly untilMs?: number }
  | { readonly type: 'given' }
  | { readonly type: 'time' };

/** What listeners are told of. */
export type HandoffFact =
  | { readonly type: 'taken'; readonly by: 'echo' | 'call'; readonly atMs: number; readonly untilMs?: number; readonly person?: string }
  | { readonly type: 'returned'; readonly reason: HandoffReleaseReason; readonly atMs: number }
  | { readonly type: 'automatic'; readonly messageId: string; readonly atMs: number };

/** The rules of a hand-off. */
export interface HandoffRules {
  /** Milliseconds that a thread stays with a person after an echo. */
  readonly holdMs: number;
  /** The most milliseconds that echoes hold a thread on end. */
  readonly capMs: number;
  /** Milliseconds after a customer's message in which an echo may be the app's automatic answer. 0: none is. */
  readonly automaticMs: number;
}

/** Whether an automated message may go out, and if not, why. */
export type ReplyVerdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: HandoffReason };

/** A thread in which nothing happened yet. */
export const emptyHandoff: HandoffState = { echoes: [], customerWrote: [], own: [] };

/** How many messages of each side are remembered. */
const maxRemembered = 20;

/** Meta's times are whole seconds: an echo of the second in which the thread was given back may be later than that. */
const secondMs = 1_000;

/**
 * The core of the hand-off: who holds a thread. An echo gives it to the person until some time after the last echo, though not longer than
 * the cap; then it returns by itself. Pure. What came of the same messages is the same in whichever order, and however often, they come in.
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

/** Who holds a thread at a moment. */
export function findAssignee(state: HandoffState, nowMs: number, rules: HandoffRules): HandoffAssignee {
  return holdAt(state, nowMs, rules) ? 'person' : 'bot';
}

/** The hold over a thread at a moment, if a person has it. */
export function holdAt(state: HandoffState, nowMs: number, rules: HandoffRules): HandoffHold | undefined {
  const holds = (hold: HandoffHold | undefined): hold is HandoffHold =>
    hold !== undefined && (hold.untilMs === undefined || nowMs < hold.untilMs);
  if (holds(state.taken)) return state.taken;
  const { hold } = judged(state, rules);
  return holds(hold) ? hold : undefined;
}

/**
 * Whether an automated answer to a message may go out now: nobody holds the thread, and neither a person nor the customer wrote since.
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

/** Joins what is known of one thread under two ids of the customer. */
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

/** What the echoes come to, in the order of time: the last hold, and those that no person wrote. */
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

/** Keeps the list of echoes short: what the oldest came to is kept in their place. */
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

/** Whether a conversation contains a message, under whichever spelling of its wamid. */
function isKnown(messageId: string, ids: readonly string[]): boolean {
  return findMessageId(messageId, ids) !== undefined;
}

function idsOf(list: readonly WrittenMessage[]): readonly string[] {
  return list.map(({ id }) => id);
}

/** Those that a person certainly wrote come before others of the same second, so that the order of arrival does not matter. */
function echoesByTime(list: readonly WrittenEcho[]): readonly WrittenEcho[] {
  return list.toSorted(
    (one, other) =>
      one.atMs - other.atMs || Number(one.mayBeAutomatic ?? false) - Number(other.mayBeAutomatic ?? false) || (one.id < other.id ? -1 : 1),
  );
}

/** Messages of the same second keep the order in which they came. */
function byTime<Item extends WrittenMessage>(list: readonly Item[]): readonly Item[] {
  return list.toSorted((one, other) => one.atMs - other.atMs);
}
