/** Who answers in a thread. */
export type Holder = 'bot' | 'person';

/** Why a thread went back to the bot. `own-send`: what had looked like a person was a message of our own. */
export type ReturnReason = 'time' | 'cap' | 'call' | 'own-send';

/** A message and when it was written. */
export type Written = { readonly id: string; readonly atMs: number };

/** The hold of a person over a thread. */
export type Hold = {
  readonly by: 'echo' | 'call';
  readonly sinceMs: number;
  /** Automatic return; absent: until it is given back. */
  readonly untilMs?: number;
  readonly person?: string;
};

/** Everything that is kept of who holds a thread: JSON, of bounded size. */
export type HandoffState = {
  readonly hold?: Hold;
  /** What people last wrote in the app, oldest first. */
  readonly personWrote: readonly Written[];
  /** What the customer last wrote, in the order of arrival. */
  readonly customerWrote: readonly Written[];
  /** When it was last given back by call: echoes from before no longer count. */
  readonly givenAtMs?: number;
};

/** What happened in a thread. */
export type HandoffEvent =
  | { readonly type: 'person-wrote'; readonly messageId: string; readonly atMs: number; readonly person?: string }
  | { readonly type: 'customer-wrote'; readonly messageId: string; readonly atMs: number }
  | { readonly type: 'own-send'; readonly messageId: string }
  | { readonly type: 'taken'; readonly person?: string; readonly untilMs?: number }
  | { readonly type: 'given' }
  | { readonly type: 'time' };

/** What listeners are told of. */
export type HandoffFact =
  | { readonly type: 'taken'; readonly by: 'echo' | 'call'; readonly atMs: number; readonly untilMs?: number; readonly person?: string }
  | { readonly type: 'returned'; readonly reason: ReturnReason; readonly atMs: number };

/** The rules of a hand-off. */
export interface HandoffRules {
  /** Milliseconds that a thread stays with a person after an echo. */
  readonly holdMs: number;
  /** The most milliseconds that echoes hold a thread on end. */
  readonly capMs: number;
}

/** Whether an automated message may go out, and if not, why. */
export type TurnVerdict =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly reason: 'person-holds' | 'person-wrote' | 'customer-wrote' | 'not-a-customer-message' | 'unknown-thread';
    };

/** A thread in which nothing happened yet. */
export const emptyHandoff: HandoffState = { personWrote: [], customerWrote: [] };

/** How many messages of each side are remembered. */
const mostRemembered = 20;

/** Meta's times are whole seconds: an echo of the second in which the thread was given back may be later than that. */
const secondMs = 1_000;

/**
 * The core of the hand-off: who holds a thread. An echo gives it to the person until some time after the last echo, though not longer than
 * the cap; then it returns by itself. Pure; late and repeated echoes do not prolong anything.
 *
 * @example
 * ```ts
 * import { emptyHandoff, handoffChange, holderOf } from 'wa-coexist';
 *
 * const rules = { holdMs: 1_800_000, capMs: 7_200_000 };
 * const { state } = handoffChange(emptyHandoff, { type: 'person-wrote', messageId: 'wamid.1', atMs: 0 }, 0, rules);
 * holderOf(state, 60_000); // 'person'
 * holderOf(state, 1_800_000); // 'bot'
 * ```
 */
export function handoffChange(
  state: HandoffState,
  event: HandoffEvent,
  nowMs: number,
  rules: HandoffRules,
): { readonly state: HandoffState; readonly facts: readonly HandoffFact[] } {
  const timely = returnedByTime(state, nowMs, rules);
  const after = (next: HandoffState, ...facts: HandoffFact[]): ReturnType<typeof handoffChange> => ({
    state: next,
    facts: [...timely.facts, ...facts],
  });
  switch (event.type) {
    case 'person-wrote': {
      if (timely.state.personWrote.some(({ id }) => id === event.messageId)) return after(timely.state);
      const written = remember(timely.state, 'personWrote', event);
      const next = heldByEcho(written, event, nowMs, rules);
      return written.hold === undefined && next.hold ? after(next, takenFact(next.hold)) : after(next);
    }
    case 'customer-wrote':
      return after(remember(timely.state, 'customerWrote', event));
    case 'own-send':
      return after(...withoutOwn(timely.state, event.messageId, nowMs, rules));
    case 'taken': {
      const { person, untilMs } = event;
      const hold: Hold = {
        by: 'call',
        sinceMs: timely.state.hold?.sinceMs ?? nowMs,
        ...(untilMs !== undefined && { untilMs }),
        ...(person !== undefined && { person }),
      };
      return after({ ...timely.state, hold }, takenFact(hold));
    }
    case 'given': {
      const { hold, ...rest } = timely.state;
      return after({ ...rest, givenAtMs: nowMs }, ...(hold ? [{ type: 'returned', reason: 'call', atMs: nowMs } as const] : []));
    }
    case 'time':
      return timely;
  }
}

/** Who holds a thread at a moment. */
export function holderOf(state: HandoffState, nowMs: number): Holder {
  return state.hold && (state.hold.untilMs === undefined || nowMs < state.hold.untilMs) ? 'person' : 'bot';
}

/**
 * Whether an automated answer to a message may go out now: nobody holds the thread, and neither a person nor the customer wrote since.
 */
export function turnVerdict(state: HandoffState, answered: Written, nowMs: number): TurnVerdict {
  if (holderOf(state, nowMs) === 'person') return { allowed: false, reason: 'person-holds' };
  if (state.personWrote.some(({ atMs }) => atMs >= answered.atMs)) return { allowed: false, reason: 'person-wrote' };
  const place = state.customerWrote.findIndex(({ id }) => id === answered.id);
  const wroteSince = state.customerWrote.some(
    ({ atMs }, index) => atMs > answered.atMs || (place !== -1 && atMs === answered.atMs && index > place),
  );
  return wroteSince ? { allowed: false, reason: 'customer-wrote' } : { allowed: true };
}

/** Joins what is known of one thread under two ids of the customer. */
export function mergeHandoffs(left: HandoffState, right: HandoffState): HandoffState {
  const hold = laterHold(left.hold, right.hold);
  const givenAtMs = Math.max(left.givenAtMs ?? -1, right.givenAtMs ?? -1);
  return {
    ...(hold && { hold }),
    personWrote: joined(left.personWrote, right.personWrote),
    customerWrote: joined(left.customerWrote, right.customerWrote),
    ...(givenAtMs >= 0 && { givenAtMs }),
  };
}

function returnedByTime(state: HandoffState, nowMs: number, rules: HandoffRules): ReturnType<typeof handoffChange> {
  const { hold, ...rest } = state;
  if (hold?.untilMs === undefined || nowMs < hold.untilMs) return { state, facts: [] };
  const reason = hold.by === 'echo' && hold.untilMs >= hold.sinceMs + rules.capMs ? 'cap' : 'time';
  return { state: rest, facts: [{ type: 'returned', reason, atMs: hold.untilMs }] };
}

/** The state after an echo: held longer, newly held, or as it was, if the echo is from before somebody gave the thread back or long past. */
function heldByEcho(
  state: HandoffState,
  echo: Extract<HandoffEvent, { type: 'person-wrote' }>,
  nowMs: number,
  rules: HandoffRules,
): HandoffState {
  const { hold } = state;
  if (hold?.by === 'call') return state;
  if (state.givenAtMs !== undefined && echo.atMs + secondMs <= state.givenAtMs) return state;
  const atMs = Math.min(echo.atMs, nowMs);
  // An echo from before the hold that belongs to it, as it would have been held from there on, is where it began.
  const belongs = hold !== undefined && atMs + rules.holdMs >= hold.sinceMs;
  const sinceMs = hold === undefined ? atMs : belongs ? Math.min(hold.sinceMs, atMs) : hold.sinceMs;
  const untilMs = Math.min(Math.max(hold?.untilMs ?? 0, atMs + rules.holdMs), sinceMs + rules.capMs);
  if (untilMs <= nowMs) return state;
  const person = echo.person ?? hold?.person;
  return { ...state, hold: { by: 'echo', sinceMs, untilMs, ...(person !== undefined && { person }) } };
}

/** The state without an echo that was our own message: if nothing else holds the thread, the bot does again. */
function withoutOwn(state: HandoffState, messageId: string, nowMs: number, rules: HandoffRules): readonly [HandoffState, ...HandoffFact[]] {
  const personWrote = state.personWrote.filter(({ id }) => id !== messageId);
  if (personWrote.length === state.personWrote.length) return [state];
  const { hold, ...rest } = state;
  if (hold?.by !== 'echo') return [{ ...state, personWrote }];
  const others = personWrote.filter(({ atMs }) => atMs >= hold.sinceMs);
  const [first] = others;
  if (first === undefined)
    return [
      { ...rest, personWrote },
      { type: 'returned', reason: 'own-send', atMs: nowMs },
    ];
  const { untilMs: _until, ...start } = { ...hold, sinceMs: Math.min(...others.map(({ atMs }) => atMs)) };
  const lastAtMs = Math.max(...others.map(({ atMs }) => atMs));
  return [{ ...rest, personWrote, hold: { ...start, untilMs: Math.min(lastAtMs + rules.holdMs, start.sinceMs + rules.capMs) } }];
}

function remember(
  state: HandoffState,
  side: 'personWrote' | 'customerWrote',
  { messageId, atMs }: { readonly messageId: string; readonly atMs: number },
): HandoffState {
  if (state[side].some(({ id }) => id === messageId)) return state;
  return { ...state, [side]: [...state[side], { id: messageId, atMs }].slice(-mostRemembered) };
}

function takenFact({ by, sinceMs, untilMs, person }: Hold): HandoffFact {
  return { type: 'taken', by, atMs: sinceMs, ...(untilMs !== undefined && { untilMs }), ...(person !== undefined && { person }) };
}

function laterHold(left: Hold | undefined, right: Hold | undefined): Hold | undefined {
  if (!left || !right) return left ?? right;
  return (left.untilMs ?? Infinity) >= (right.untilMs ?? Infinity) ? left : right;
}

function joined(left: readonly Written[], right: readonly Written[]): readonly Written[] {
  const byId = new Map([...left, ...right].map((written) => [written.id, written]));
  return [...byId.values()].sort((one, other) => one.atMs - other.atMs).slice(-mostRemembered);
}
