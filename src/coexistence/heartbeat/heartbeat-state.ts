/**
 * What showed that the app is in use. The first three prove that the phone itself was: somebody went through the signup on it, said so, or
 * moved the number to it. An echo or a changed contact proves the app or one of its companions, such as WhatsApp Web.
 */
export type SignKind = 'onboarding' | 'app-opened' | 'reconnected' | 'echo' | 'contact';

/** How pressing it is to open the app on the phone. `ok` says that it is not; it does not say that the link is alive. */
export type HeartbeatStage = 'ok' | 'due' | 'urgent' | 'overdue';

/** When each kind of sign was last seen. */
export type HeartbeatSigns = { readonly [Kind in SignKind]?: number };

/** Everything that is kept of a heartbeat: JSON. */
export type HeartbeatState = {
  readonly signs: HeartbeatSigns;
  /** When the number was first heard of: counts until a better sign. */
  readonly sinceMs: number;
  /** What listeners were told last, and for which sign. */
  readonly told?: { readonly stage: HeartbeatStage; readonly countsFromMs: number };
  /** When the link went for good; absent while it stands. */
  readonly endedAtMs?: number;
  /** What Meta answered last when asked whether the number is on app and API. It says nothing of the phone's use. */
  readonly probe?: { readonly atMs: number; readonly linked: boolean };
};

/** What happened to a heartbeat. */
export type HeartbeatEvent =
  | { readonly type: 'sign'; readonly kind: SignKind; readonly atMs: number }
  | { readonly type: 'ended'; readonly atMs: number }
  /** The number was onboarded elsewhere: when its app was last opened is not known. */
  | { readonly type: 'adopted'; readonly onboardedAtMs: number }
  | { readonly type: 'probed'; readonly atMs: number; readonly linked: boolean }
  | { readonly type: 'time' };

/** What counts as proof that the app was opened on the phone. */
export type HeartbeatProof = 'phone' | 'app-or-companion';

/** The rules of a heartbeat. */
export interface HeartbeatRules {
  /** Days without proof after which opening the app is due, urgent, overdue. */
  readonly heartbeatDueDays: number;
  readonly heartbeatUrgentDays: number;
  readonly heartbeatOverdueDays: number;
  readonly proof: HeartbeatProof;
}

/** A heartbeat as it stands at a moment. */
export interface HeartbeatReading {
  readonly stage: HeartbeatStage;
  /** The proof that the days are counted from. */
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
 * The core of the heartbeat: the next state, and the stage that listeners are to be told, each once for each proof it counts from.
 * Meta ends the link when the phone was idle for about 14 days, without a warning. Source: Meta, account_update (3 Apr 2026).
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
      // A number that was onboarded again since is not ended by news of its earlier link.
      const isOld = event.atMs < (known.signs.onboarding ?? 0);
      return { state: isOld ? known : { ...known, endedAtMs: event.atMs }, stage: undefined };
    }
    case 'adopted': {
      // Without a recent proof the reminder is due at once; it is not overdue, because a number that is adopted is in use.
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

/** A heartbeat at a moment. */
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

/** When there is next something to tell: at once where a stage was not told; `undefined` once all was told or the link is gone. */
export function nextHeartbeatCheck(state: HeartbeatState, nowMs: number, rules: HeartbeatRules): number | undefined {
  if (state.endedAtMs !== undefined) return undefined;
  const reading = readHeartbeat(state, nowMs, rules);
  const starts = [reading.dueAtMs, reading.urgentAtMs, reading.overdueAtMs];
  return isPending(state, reading) ? starts.findLast((atMs) => atMs <= nowMs) : starts.find((atMs) => atMs > nowMs);
}

function isPending({ told }: HeartbeatState, { stage, countsFromMs }: Pick<HeartbeatReading, 'stage' | 'countsFromMs'>): boolean {
  return stage !== 'ok' && !(told?.stage === stage && told.countsFromMs === countsFromMs);
}

/** The signs that were seen, each kind with its last time. */
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
  // Only a new onboarding brings an ended link back.
  const staysEnded = endedAtMs !== undefined && !(kind === 'onboarding' && atMs >= endedAtMs);
  return staysEnded ? { ...next, endedAtMs } : next;
}
