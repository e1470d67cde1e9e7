import { debugToken } from '../../access-tokens/debug-token.js';
import { exchangeCode } from '../../access-tokens/exchange-code.js';
import type { RequestOptions } from '../../client/client.js';
import { isMetaId, parseSessionEvent } from '../../embedded-signup/session-event.js';
import { checkNumber, checkObject, describeValue } from '../../errors/check-options.js';
import { OnboardingError } from '../../errors/coexistence-errors.js';
import { GraphApiError } from '../../errors/graph-api-error.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { defined, isRecord } from '../../runtime/json.js';
import { within } from '../../runtime/within.js';
import { clearDue, scheduled, type OnDue, type Scheduled } from '../schedule.js';
import { globalKey } from '../../runtime/keys.js';
import { acquireLease } from '../../stores/lease.js';
import { readRecord, updateRecord } from '../../stores/records.js';
import { onboardingChecklist } from './checklist.js';
import { clientWithToken } from './client-with-token.js';
import { getClientBusinessId } from './get-client-business-id.js';
import { grantedWabaIds } from './find-waba.js';
import type { OnboardingDeps, EmittedFact } from './onboarding-deps.js';
import {
  importedOnboarding,
  missingSyncs,
  nextOnboardingCheck,
  nextOnboardingStep,
  onboardingChange,
  type OnboardingState,
  type OnboardingStepEvent,
} from './onboarding-state.js';
import { confirmedNumber, createOnboardingSteps } from './onboarding-steps.js';
import type {
  ImportParameters,
  Onboarding,
  OnboardingModule,
  ResumeOnboardingParameters,
  SavedToken,
  StartOnboardingParameters,
} from './onboarding.js';
import { readNumbers } from './read-numbers.js';
import { createSignupCodes, type CodeAttempt } from './signup-codes.js';

type OnboardingRecord = OnboardingState &
  Scheduled & {
    /** The lease of the process that runs the steps. */
    readonly lease?: { readonly holder: string; readonly untilMs: number };
    /** Facts to emit, because their listeners haven't succeeded yet. */
    readonly untold?: readonly EmittedFact[];
  };

/** Duration of the lease. After it, another process may continue. */
const leaseMs = 120_000;
/** Delay after which a sweep emits the pending facts again. */
const retryEmitAfterMs = 60_000;
const hourMs = 3_600_000;
/** Maximum length of codes and redirect URIs. Real ones are shorter. */
const maxTextLength = 4_096;

/** The module's name in the schedule. */
export const onboardingKind = 'onboarding';

/**
 * Creates the onboarding module. One process at a time runs the steps of an onboarding.
 *
 * @param deps - The client, the store, the clock, the policy, the options, the other modules and the event callbacks.
 */
export function createOnboarding(deps: OnboardingDeps): { readonly module: OnboardingModule; readonly onDue: OnDue } {
  const { client, store, clock, logger, policy } = deps;
  const keyOf = (id: string): string => globalKey(onboardingKind, id);
  const { syncWindowHours, syncReminderHours } = policy.limits;
  const rules = { syncWindowHours, syncReminderHours };
  const { partner, saveTokenTimeoutMs = 30_000 } = deps.options;
  checkNumber('createCoexistence', 'onboarding.saveTokenTimeoutMs', saveTokenTimeoutMs, { unit: 'ms' });
  const perform = createOnboardingSteps(deps, rules);

  const viewOf = (record: OnboardingRecord): Onboarding => {
    const { id, status, startedAtMs, wabaId, businessId, number, numbers, contactsSync, historySync, tokenExpiresAtMs, stoppedBy } = record;
    const startedAt = new Date(startedAtMs);
    const syncDeadlineAt = new Date(startedAtMs + rules.syncWindowHours * hourMs);
    return {
      id,
      state: status,
      nextStep: nextOnboardingStep(record, clock.now()),
      startedAt,
      syncDeadlineAt,
      checklist: onboardingChecklist({ state: status, startedAt, syncDeadlineAt, policy, ...(partner && { partner }) }),
      ...number,
      ...defined({ wabaId, businessId }),
      ...(numbers && { numbers }),
      ...(contactsSync && { contactsSync }),
      ...(historySync && { historySync }),
      ...(tokenExpiresAtMs !== undefined && {
        tokenExpiresAt: tokenExpiresAtMs === 'never' ? tokenExpiresAtMs : new Date(tokenExpiresAtMs),
      }),
      ...(stoppedBy && { stoppedBy: { kind: stoppedBy.kind, message: stoppedBy.message, at: new Date(stoppedBy.atMs) } }),
    };
  };
  const existing = (record: OnboardingRecord | undefined): OnboardingRecord => {
    if (!record) throw new OnboardingError('not-found');
    return record;
  };

  /** Applies an event if this holder still has the lease. Returns `undefined` if it lost the lease. */
  const apply = (id: string, holder: string, event: OnboardingStepEvent | undefined): Promise<OnboardingRecord | undefined> =>
    updateRecord<OnboardingRecord, OnboardingRecord | undefined>(store, keyOf(id), (found) => {
      const record = existing(found);
      if (record.lease?.holder !== holder) return { result: undefined };
      const next = changed({ ...record, lease: { holder, untilMs: clock.now() + leaseMs } }, event);
      return { state: next.state, also: next.also, result: next.state };
    });
  const changed = (
    record: OnboardingRecord,
    event: OnboardingStepEvent | undefined,
    nowMs: number = clock.now(),
  ): ReturnType<typeof scheduled<OnboardingRecord>> => {
    if (!event) return { state: record, also: [] };
    const change = onboardingChange(record, event, nowMs, rules);
    const facts = change.facts.filter((fact): fact is EmittedFact => fact !== 'number-confirmed');
    const { wakeAtMs, lease, untold = [] } = record;
    const next: OnboardingRecord = {
      ...change.state,
      ...(wakeAtMs !== undefined && { wakeAtMs }),
      ...(lease && { lease }),
      ...(untold.length + facts.length > 0 && { untold: [...untold, ...facts] }),
    };
    return planned(next, nowMs);
  };
  /**
   * Schedules the next check of a record. The check is soon if a fact is pending. Otherwise it is at the sync deadline.
   */
  const planned = (record: OnboardingRecord, nowMs: number): ReturnType<typeof scheduled<OnboardingRecord>> => {
    const wantedAtMs = record.untold ? nowMs + retryEmitAfterMs : nextOnboardingCheck(record, rules);
    return scheduled(record, onboardingKind, record.id, wantedAtMs);
  };

  /** Acquires the lease, unless another process has it or no step is left. */
  const claim = (id: string, holder: string, events: readonly OnboardingStepEvent[]): Promise<OnboardingRecord | undefined> =>
    updateRecord<OnboardingRecord, OnboardingRecord | undefined>(store, keyOf(id), (found) => {
      const record = existing(found);
      const nowMs = clock.now();
      if (record.lease && record.lease.untilMs > nowMs) return { result: undefined };
      const next = events.reduce((state, event) => changed(state, event).state, record);
      if (next.status !== 'pending') return { result: undefined };
      const leased = { ...next, lease: { holder, untilMs: nowMs + leaseMs } };
      return { state: leased, result: leased };
    });
  const release = (id: string, holder: string): Promise<boolean> =>
    updateRecord<OnboardingRecord, boolean>(store, keyOf(id), (found) => {
      const { lease, ...record } = existing(found);
      return lease?.holder === holder ? { state: record, result: true } : { result: false };
    });

  /** Emits the pending facts. A fact stays pending if its listener fails. */
  const emitPending = async (id: string): Promise<void> => {
    const record = existing(await readRecord<OnboardingRecord>(store, keyOf(id)));
    for (const fact of record.untold ?? []) {
      const onboarding = viewOf(record);
      if (fact === 'deadline-near' || fact === 'deadline-passed') {
        await deps.emitDeadline(fact, { onboarding, missing: missingSyncs(record), deadlineAt: onboarding.syncDeadlineAt });
      } else await deps.emit(fact, onboarding);
      await updateRecord<OnboardingRecord, undefined>(store, keyOf(id), (found) => {
        const { untold = [], ...rest } = existing(found);
        const left = untold.filter((other, index) => other !== fact || index !== untold.indexOf(fact));
        return { state: { ...rest, ...(left.length > 0 && { untold: left }) }, result: undefined };
      });
    }
  };

  /** Runs the steps in order while the lease is valid. */
  const run = async (id: string, holder: string, first: OnboardingRecord): Promise<void> => {
    for (let record: OnboardingRecord | undefined = first; record?.status === 'pending';) {
      const event: OnboardingStepEvent | undefined = await perform(record).catch(async (error: unknown) => {
        await apply(id, holder, stopped(error));
        throw error;
      });
      if (!event) return;
      record = await apply(id, holder, event);
    }
  };

  /**
   * Finds the WABA that a token was granted. The `hint` comes from a browser or a caller and must be a granted WABA.
   *
   * @returns no WABA if several were granted and the hint is missing
   * @throws `OnboardingError` if the token wasn't granted the hint
   */
  const verifyWaba = async (token: string, hint: string | undefined, options?: RequestOptions): Promise<VerifiedWaba> => {
    const withToken = clientWithToken(client, token);
    const granted = grantedWabaIds(await debugToken(client, { token }, options));
    if (hint !== undefined) {
      if (granted.includes(hint)) return { wabaId: hint, granted };
      if (granted.length > 0) throw new OnboardingError('waba-not-granted');
      // A token without targets was granted all WABAs of its owner. It can read only those.
      await readNumbers(withToken, hint, options).catch((error: unknown) => {
        throw isRefusal(error) ? new OnboardingError('waba-not-granted') : error;
      });
      return { wabaId: hint, granted };
    }
    const [first, ...others] = granted;
    if (first === undefined || others.length === 0) return { wabaId: first, granted };
    const withNumbers: string[] = [];
    for (const wabaId of granted) {
      const numbers = await readNumbers(withToken, wabaId, options);
      if (numbers.some(({ coexistence }) => coexistence)) withNumbers.push(wabaId);
    }
    return { wabaId: withNumbers.length === 1 ? withNumbers[0] : undefined, granted };
  };
  const saveToken = async (saved: SavedToken): Promise<void> => {
    const result = await within(clock, saveTokenTimeoutMs, () => deps.saveToken(saved));
    if (result.type === 'late') throw new OnboardingError('token-not-saved');
  };

  /** Returns the WABA that a call of `resume` adds to an onboarding. It must be one that the token was granted. */
  const wabaFor = async (known: OnboardingRecord, hint: string | undefined, token: string | undefined): Promise<string | undefined> => {
    if (known.wabaId !== undefined) {
      if (hint !== undefined && hint !== known.wabaId) throw new OnboardingError('waba-not-granted');
      return undefined;
    }
    if (token === undefined) {
      if (hint === undefined) return undefined;
      const { grantedWabaIds } = known;
      if (!grantedWabaIds) throw new OnboardingError('waba-unverified');
      if (!grantedWabaIds.includes(hint)) throw new OnboardingError('waba-not-granted');
      return hint;
    }
    const { wabaId } = await verifyWaba(token, hint);
    // Save the WABA with the token, so that the client can find the token.
    if (wabaId !== undefined) await saveToken({ onboardingId: known.id, token, wabaId });
    return wabaId;
  };

  /** Stores a new onboarding, unless it exists. */
  const create = (record: OnboardingRecord): Promise<OnboardingRecord> =>
    updateRecord<OnboardingRecord, OnboardingRecord>(store, keyOf(record.id), (found) => {
      if (found) return { result: found };
      const plan = planned(record, clock.now());
      return { ...plan, result: plan.state };
    });

  const codes = createSignupCodes(store, clock, async (id) => (await readRecord<OnboardingRecord>(store, keyOf(id))) !== undefined);

  /** Exchanges the code, saves the token, and stores the onboarding. */
  const startWithCode = async (
    { code, sessionEvent, redirectUri }: StartOnboardingParameters,
    { onboardingId: id, exchanged }: CodeAttempt,
    options: RequestOptions | undefined,
  ): Promise<void> => {
    const hint = finishOf(sessionEvent);
    const token = await exchangeCode(client, { code, ...(redirectUri !== undefined && { redirectUri }) }, options);
    await exchanged();
    const startedAtMs = clock.now();
    const expiresAtMs = token.expires_in === undefined || token.expires_in <= 0 ? undefined : startedAtMs + token.expires_in * 1_000;
    const { wabaId, granted } = await verifyWaba(token.access_token, hint.wabaId, options).catch((error: unknown): VerifiedWaba => {
      if (error instanceof OnboardingError) throw error;
      logger.warn('onboarding.waba_unverified', { onboardingId: id, remedy: 'call resume(id, { token }) with the saved token', error });
      return { wabaId: undefined, granted: [] };
    });
    // The token exists only here, so save it even if its WABA is unknown.
    await saveToken({
      onboardingId: id,
      token: token.access_token,
      ...(wabaId !== undefined && { wabaId }),
      ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs) }),
    });
    const businessId = hint.businessId ?? (await getClientBusinessId(client, token.access_token, logger, options));
    await create({
      id,
      status: 'pending',
      startedAtMs,
      ...(expiresAtMs !== undefined && { tokenExpiresAtMs: expiresAtMs }),
      ...defined({ wabaId, businessId, chosenPhoneNumberId: hint.phoneNumberId }),
      ...(wabaId === undefined && granted.length > 0 && { grantedWabaIds: granted }),
    });
  };

  const module: OnboardingModule = {
    import: async (parameters) => {
      checkObject('onboarding.adopt', 'parameters', parameters);
      const { wabaId, phoneNumberId, onboardedAt, displayPhoneNumber, appOpenedAt, tokenExpiresAt } = parameters;
      checkId('onboarding.adopt', 'wabaId', wabaId);
      checkId('onboarding.adopt', 'phoneNumberId', phoneNumberId);
      checkDate('onboarding.adopt', 'onboardedAt', onboardedAt);
      if (appOpenedAt !== undefined) checkDate('onboarding.adopt', 'appOpenedAt', appOpenedAt);
      if (tokenExpiresAt !== undefined && tokenExpiresAt !== 'never') checkDate('onboarding.adopt', 'tokenExpiresAt', tokenExpiresAt);
      const standing = await deps.standingOf(phoneNumberId);
      if (standing && 'onboardingId' in standing) {
        const known = await readRecord<OnboardingRecord>(store, keyOf(standing.onboardingId));
        if (known) return viewOf(known);
      }
      // Create one import per connection of the number, for any parameters and in any process.
      const id = ['adopted', phoneNumberId, ...(standing && 'endedAtMs' in standing ? [String(standing.endedAtMs)] : [])].join('-');
      const tokenExpiresAtMs = tokenExpiresAt instanceof Date ? tokenExpiresAt.getTime() : tokenExpiresAt;
      const asked = (sync: ImportParameters['contactsSync']): 'requested' | 'unknown' | undefined =>
        sync === 'not-requested' ? undefined : sync;
      const [contactsSync, historySync] = [asked(parameters.contactsSync), asked(parameters.historySync)];
      const number = { phoneNumberId, ...(displayPhoneNumber !== undefined && { displayPhoneNumber }) };
      const adopted = await create(
        importedOnboarding(
          {
            id,
            wabaId,
            number,
            onboardedAtMs: onboardedAt.getTime(),
            ...(contactsSync && { contactsSync }),
            ...(historySync && { historySync }),
            ...(tokenExpiresAtMs !== undefined && { tokenExpiresAtMs }),
          },
          clock.now(),
          rules,
        ),
      );
      await deps.numberAdopted({
        ...confirmedNumber(adopted, wabaId, number),
        spent: [
          ...(contactsSync ? [{ syncType: 'contacts', status: contactsSync } as const] : []),
          ...(historySync ? [{ syncType: 'history', status: historySync } as const] : []),
        ],
        isDone: adopted.status === 'done',
        appOpenedAtMs: appOpenedAt?.getTime(),
      });
      return viewOf(adopted);
    },
    start: async (parameters, options) => {
      const checked = checkedStart(parameters);
      const id = await codes.run(checked.code, (attempt) => startWithCode(checked, attempt, options));
      return viewOf(existing(await readRecord<OnboardingRecord>(store, keyOf(id))));
    },
    resume: async (id, { token, ...parameters } = {}) => {
      const holder = globalThis.crypto.randomUUID();
      const hint = hintOf(parameters);
      const known = existing(await readRecord<OnboardingRecord>(store, keyOf(id)));
      const wabaId = await wabaFor(known, hint.wabaId, token);
      const events: readonly OnboardingStepEvent[] = [
        ...(wabaId === undefined ? [] : [{ type: 'waba-found', wabaId } as const]),
        ...(hint.phoneNumberId === undefined ? [] : [{ type: 'number-chosen', phoneNumberId: hint.phoneNumberId } as const]),
      ];
      const lease = await acquireLease({
        clock,
        logger,
        durationMs: leaseMs,
        acquire: () => claim(id, holder, events),
        renew: () => apply(id, holder, undefined),
        lost: { event: 'onboarding.taken_over', facts: { onboardingId: id } },
        notRenewed: { event: 'onboarding.lease_not_renewed', facts: { onboardingId: id } },
      });
      try {
        if (lease) await run(id, holder, lease.acquired);
      } finally {
        await lease?.release(() => release(id, holder));
      }
      await emitPending(id).catch((error: unknown) => {
        logger.warn('a listener of an onboarding failed; a sweep will tell it again', { onboardingId: id, error });
      });
      return viewOf(existing(await readRecord<OnboardingRecord>(store, keyOf(id))));
    },
    get: async (id) => {
      const record = await readRecord<OnboardingRecord>(store, keyOf(id));
      return record && viewOf(record);
    },
  };
  return {
    module,
    onDue: async ({ subject, dueAtMs }, nowMs) => {
      await updateRecord<OnboardingRecord, undefined>(store, keyOf(subject), (record) =>
        record?.wakeAtMs === dueAtMs ? { ...changed(record, { type: 'time' }, nowMs), result: undefined } : { result: undefined },
      );
      await emitPending(subject);
      await updateRecord<OnboardingRecord, undefined>(store, keyOf(subject), (record) =>
        record?.wakeAtMs === dueAtMs ? { ...planned(clearDue(record), nowMs), result: undefined } : { result: undefined },
      );
    },
  };
}

/**
 * Returns the `stopped` event for an error. It contains the advice of the library's own errors. It contains no text of
 * other errors because they may contain secrets.
 */
function stopped(error: unknown): OnboardingStepEvent {
  const known = error instanceof WhatsAppError;
  return {
    type: 'stopped',
    kind: known ? error.kind : 'other',
    message: known ? error.message : 'The step failed for a reason outside the library.',
    final: error instanceof OnboardingError && error.problem === 'no-coexistence-number',
  };
}

/** Returns the IDs that a caller passes to `resume`. */
function hintOf({ phoneNumberId, wabaId, sessionEvent }: ResumeOnboardingParameters): Hint {
  if (wabaId !== undefined) checkId('onboarding.resume', 'wabaId', wabaId);
  if (phoneNumberId !== undefined) checkId('onboarding.resume', 'phoneNumberId', phoneNumberId);
  return { ...finishOf(sessionEvent), ...defined({ wabaId, phoneNumberId }) };
}

/**
 * Checks the parameters of `start`. Servers often pass them from a browser unchecked.
 * @throws `InvalidArgumentError` before the code is used
 */
function checkedStart(parameters: StartOnboardingParameters): StartOnboardingParameters {
  const action = 'onboarding.start';
  checkObject(action, 'parameters', parameters);
  const { code, redirectUri, sessionEvent } = parameters;
  checkText(action, 'code', code);
  if (redirectUri !== undefined && redirectUri !== '') checkText(action, 'redirectUri', redirectUri);
  return { code, ...defined({ redirectUri, sessionEvent }) };
}

function checkText(action: string, name: string, value: unknown): void {
  if (typeof value === 'string' && value !== '' && value.length <= maxTextLength) return;
  throw new InvalidArgumentError(
    action,
    name,
    `must be a string of 1 to ${String(maxTextLength)} characters, but is ${describeValue(value)}`,
  );
}

function checkId(action: string, name: string, value: unknown): void {
  if (!isMetaId(value))
    throw new InvalidArgumentError(action, name, `must be an ID of Meta's (1 to 32 digits), but is ${describeValue(value)}`);
}

function checkDate(action: string, name: string, value: unknown): void {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return;
  throw new InvalidArgumentError(action, name, `must be a valid Date, but is ${describeValue(value)}`);
}

/** Whether Meta denied the owner of a token access. */
function isRefusal(error: unknown): boolean {
  return error instanceof GraphApiError && error.httpStatus !== undefined && error.httpStatus >= 400 && error.httpStatus < 500;
}

/** The WABAs that a token was granted, according to Meta. */
interface VerifiedWaba {
  readonly wabaId: string | undefined;
  /** Empty for a token without targets. */
  readonly granted: readonly string[];
}

interface Hint {
  readonly businessId?: string;
  readonly wabaId?: string;
  readonly phoneNumberId?: string;
}

/**
 * Returns the IDs of a session event, raw or parsed by `parseSessionEvent`. It omits values that aren't IDs of Meta.
 */
function finishOf(sessionEvent: unknown): Hint {
  const isRead = isRecord(sessionEvent) && sessionEvent.outcome === 'finished';
  const event = isRead ? sessionEvent : parseSessionEvent(sessionEvent);
  if (event?.outcome !== 'finished') return {};
  const { wabaId, phoneNumberId, businessId } = event;
  return {
    ...(isMetaId(businessId) && { businessId }),
    ...(isMetaId(wabaId) && { wabaId }),
    ...(isMetaId(phoneNumberId) && { phoneNumberId }),
  };
}
