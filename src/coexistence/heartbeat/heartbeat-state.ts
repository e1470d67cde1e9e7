/**
 * A sign that the app is in use. The first three prove that the phone was used: a person completed the signup on it,
 * confirmed it, or moved the number to it. An echo or a changed contact proves the use of the app or of a companion,
 * such as WhatsApp Web.
 */
export type SignKind = 'onboarding' | 'app-opened' | 'reconnected' | 'echo' | 'contact';

/**
 * The urgency of opening the app on the phone. `ok` means that it isn't due. It doesn't mean that the number is
 * connected.
 */
export type HeartbeatStage = 'ok' | 'due' | 'urgent' | 'overdue';

/** The last time of each kind of sign. */
export type HeartbeatSigns = { readonly [Kind in SignKind]?: number };

/** The state of a heartbeat, as JSON. */
export type HeartbeatState = {
  readonly signs: HeartbeatSigns;
  /** Time of the first event of the number. It counts until there is a proof. */
  readonly sinceMs: number;
  /** The stage that was last emitted, and the proof that it counts from. */
  readonly told?: { readonly stage: HeartbeatStage; readonly countsFromMs: number };
  /** Time of the final disconnection. Absent while the number is connected. */
  readonly endedAtMs?: number;
  /** Meta's last response to the probe for app and API. It doesn't prove that the phone was used. */
  readonly probe?: { readonly atMs: number; readonly linked: boolean };
};

/** An event of a heartbeat. */
export type HeartbeatEvent =
  | { readonly type: 'sign'; readonly kind: SignKind; readonly atMs: number }
  | { readonly type: 'ended'; readonly atMs: number }
  /** The number was onboarded elsewhere. The last opening of its app is unknown. */
  | { readonly type: 'adopted'; readonly onboardedAtMs: number }
  | { readonly type: 'probed'; readonly atMs: number; readonly linked: boolean }
  | { readonly type: 'time' };

/** The signs that prove that the app was opened on the phone. */
export type HeartbeatProof = 'phone' | 'app-or-companion';

/** The rules of a heartbeat. */
export interface HeartbeatRules {
  /** Days without proof after which opening the app is due, urgent and overdue. */
  readonly heartbeatDueDays: number;
  readonly heartbeatUrgentDays: number;
  readonly heartbeatOverdueDays: number;
  readonly proof: HeartbeatProof;
}

/** A heartbeat at a given time. */
export interface HeartbeatReading {
  readonly stage: HeartbeatStage;
  /** Time of the proof that the days are counted from. */
  readonly countsFromMs: number;
  readonly dueAtMs: number;
  readonly urgentAtMs: number;
  readonly overdueAtMs: number;
  /** The last sign of any kind. */
  readonly lastSign?: { readonly kind: SignKind; readonly atMs: number };
}

const dayMs = 86_400_000;
const provesPhone: ReadonlySet<SignKind> = /* @__PURE__ */ new Set<SignKind>(['onboarding', 'app-opened', 'reconnected']);

/**
 * Applies an event to a heartbeat. Each stage is returned once per proof. This function is pure. Read the state with
 * {@link readHeartbeat}.
 *
 * Meta disconnects a number without a warning if the phone was idle for about 14 days. Source: Meta, account_update (3
 * Apr 2026).
 *
 * @param state - The state of the heartbeat, or `undefined` for a new number.
 * @param event - The event.
 * @param nowMs - The current time in milliseconds since 1970.
 * @param rules - The days of each reminder, and the signs that prove that the app was used.
 * @returns the next state, and the stage to emit if it is new
 *
 * @example
 * ```ts
 * import { coexistencePolicy, heartbeatChange } from 'wa-coexist/coexistence';
 *
 * const rules = { ...coexistencePolicy().limits, proof: 'phone' } as const;
 * const { state } = heartbeatChange(undefined, { type: 'sign', kind: 'onboarding', atMs: 0 }, 0, rules);
 * heartbeatChange(state, { type: 'time' }, 11 * 86_400_000, rules).stage; // 'due'
 * ```
 */
export function heartbeatChange(
  state: HeartbeatState | undefined,
  event: HeartbeatEvent,
  nowMs: number,
  rules: HeartbeatRules,
): { readonly state: HeartbeatState; readonly stage: HeartbeatStage | undefined } {
  const known = state ?? { signs: {}, sinceMs: nowMs };
  switch (event.type) {
    case 'sign':
      return { state: withSign(known, event.kind, Math.min(event.atMs, nowMs)), stage: undefined };
    case 'ended': {
      // The end of an earlier connection doesn't affect a number that was onboarded again.
      const isOld = event.atMs < (known.signs.onboarding ?? 0);
      return { state: isOld ? known : { ...known, endedAtMs: event.atMs }, stage: undefined };
    }
    case 'adopted': {
      // Without a recent proof, the reminder is due immediately. It isn't overdue because an imported number is in use.
      const dueSinceMs = nowMs - rules.heartbeatDueDays * dayMs;
      if (event.onboardedAtMs > dueSinceMs)
        return { state: withSign(known, 'onboarding', Math.min(event.onboardedAtMs, nowMs)), stage: undefined };
      return { state: state ?? { ...known, sinceMs: dueSinceMs }, stage: undefined };
    }
    case 'probed': {
      const { atMs, linked } = event;
      const isOld = known.probe !== undefined && known.probe.atMs > atMs;
      return { state: isOld ? known : { ...known, probe: { atMs, linked } }, stage: undefined };
    }
    case 'time': {
      if (known.endedAtMs !== undefined) return { state: known, stage: undefined };
      const { stage, countsFromMs } = readHeartbeat(known, nowMs, rules);
      if (!isPending(known, { stage, countsFromMs })) return { state: known, stage: undefined };
      return { state: { ...known, told: { stage, countsFromMs } }, stage };
    }
  }
}

/**
 * Reads a heartbeat at a given time.
 *
 * @param state - The state from {@link heartbeatChange}.
 * @param nowMs - The time.
 * @param rules - The days of each reminder, and the signs that prove that the app was used.
 *
 * @example
 * ```ts
 * import { coexistencePolicy, readHeartbeat } from 'wa-coexist/coexistence';
 *
 * const rules = { ...coexistencePolicy().limits, proof: 'phone' } as const;
 * readHeartbeat({ signs: { onboarding: 0 }, sinceMs: 0 }, 11 * 86_400_000, rules).stage; // 'due'
 * ```
 */
export function readHeartbeat(state: HeartbeatState, nowMs: number, rules: HeartbeatRules): HeartbeatReading {
  const signs = signsOf(state);
  const proofs = rules.proof === 'phone' ? signs.filter(({ kind }) => provesPhone.has(kind)) : signs;
  const countsFromMs = proofs.reduce((last, { atMs }) => Math.max(last, atMs), proofs.length > 0 ? 0 : state.sinceMs);
  const after = (days: number): number => countsFromMs + days * dayMs;
  const dueAtMs = after(rules.heartbeatDueDays);
  const urgentAtMs = after(rules.heartbeatUrgentDays);
  const overdueAtMs = after(rules.heartbeatOverdueDays);
  const stage = nowMs >= overdueAtMs ? 'overdue' : nowMs >= urgentAtMs ? 'urgent' : nowMs >= dueAtMs ? 'due' : 'ok';
  const lastSign = signs.reduce<HeartbeatReading['lastSign']>((last, sign) => (last && last.atMs >= sign.atMs ? last : sign), undefined);
  return { stage, countsFromMs, dueAtMs, urgentAtMs, overdueAtMs, ...(lastSign && { lastSign }) };
}

/**
 * Returns the time at which the next reminder is due. If a reminder is overdue, this time is in the past. Returns
 * `undefined` if all reminders were emitted or the number is disconnected.
 *
 * @param state - The state from {@link heartbeatChange}.
 * @param nowMs - The current time in milliseconds since 1970.
 * @param rules - The days of each reminder, and the signs that prove that the app was used.
 *
 * @example
 * ```ts
 * import { coexistencePolicy, nextHeartbeatCheck } from 'wa-coexist/coexistence';
 *
 * const rules = { ...coexistencePolicy().limits, proof: 'phone' } as const;
 * nextHeartbeatCheck({ signs: { onboarding: 0 }, sinceMs: 0 }, 0, rules); // 864_000_000
 * ```
 */
export function nextHeartbeatCheck(state: HeartbeatState, nowMs: number, rules: HeartbeatRules): number | undefined {
  if (state.endedAtMs !== undefined) return undefined;
  const reading = readHeartbeat(state, nowMs, rules);
  const starts = [reading.dueAtMs, reading.urgentAtMs, reading.overdueAtMs];
  return isPending(state, reading) ? starts.findLast((atMs) => atMs <= nowMs) : starts.find((atMs) => atMs > nowMs);
}

function isPending({ told }: HeartbeatState, { stage, countsFromMs }: Pick<HeartbeatReading, 'stage' | 'countsFromMs'>): boolean {
  return stage !== 'ok' && !(told?.stage === stage && told.countsFromMs === countsFromMs);
}

/**
 * Lists the signs with their last time.
 *
 * @param state - The state from {@link heartbeatChange}.
 */
export function signsOf(state: HeartbeatState): readonly { readonly kind: SignKind; readonly atMs: number }[] {
  const kinds: readonly SignKind[] = ['onboarding', 'app-opened', 'reconnected', 'echo', 'contact'];
  return kinds.flatMap((kind) => {
    const atMs = state.signs[kind];
    return atMs === undefined ? [] : [{ kind, atMs }];
  });
}

function withSign(state: HeartbeatState, kind: SignKind, atMs: number): HeartbeatState {
  const last = state.signs[kind];
  if (last !== undefined && last >= atMs) return state;
  const { endedAtMs, ...rest } = state;
  const next = { ...rest, signs: { ...state.signs, [kind]: atMs } };
  // Only a new onboarding reconnects a disconnected number.
  const staysEnded = endedAtMs !== undefined && !(kind === 'onboarding' && atMs >= endedAtMs);
  return staysEnded ? { ...next, endedAtMs } : next;
}
