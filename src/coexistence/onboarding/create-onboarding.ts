import { exchangeCode } from '../../access-tokens/exchange-code.js';
import type { RequestOptions } from '../../client/client.js';
import { checkNumber } from '../../errors/check-options.js';
import { OnboardingError } from '../../errors/coexistence-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { defined } from '../../runtime/json.js';
import { globalKey } from '../../runtime/keys.js';
import { within } from '../../runtime/within.js';
import { acquireLease } from '../../stores/lease.js';
import { readRecord, updateRecord, type RecordChange } from '../../stores/records.js';
import type { ModuleService } from '../module-context.js';
import { createModule, recordsByKey, type ModuleRecord } from '../module.js';
import type { Scope } from '../unit-of-work.js';
import { verifyWaba, type VerifiedWaba } from './find-waba.js';
import { getClientBusinessId } from './get-client-business-id.js';
import type { OnboardingDeps } from './onboarding-deps.js';
import { checkedStart, checkImport, finishOf, hintOf } from './onboarding-parameters.js';
import {
  importedOnboarding,
  missingSyncs,
  nextOnboardingCheck,
  onboardingChange,
  type OnboardingFact,
  type OnboardingState,
  type OnboardingStepEvent,
} from './onboarding-state.js';
import { confirmedNumber, createOnboardingSteps } from './onboarding-steps.js';
import type { ImportParameters, Onboarding, OnboardingModule, SavedToken, StartOnboardingParameters } from './onboarding-module.js';
import { onboardingView } from './onboarding-view.js';
import { createSignupCodes, type CodeAttempt } from './signup-codes.js';

type LeasedOnboarding = OnboardingState & {
  /** The lease of the process that runs the steps. */
  readonly lease?: { readonly holder: string; readonly untilMs: number };
};
type OnboardingRecord = ModuleRecord<LeasedOnboarding, OnboardingFact>;
type OnboardingEvent = OnboardingStepEvent | { readonly type: 'created'; readonly state: OnboardingState };

const kind = 'onboarding';
/** Duration of the lease. After it, another process may continue. */
const leaseMs = 120_000;

/**
 * Creates the onboarding module. One process at a time runs the steps of an onboarding.
 *
 * @param deps - What all modules share, the client, the store, the options and two other modules.
 */
export function createOnboarding(deps: OnboardingDeps): ModuleService<OnboardingModule> {
  const { client, store, clock, logger, policy, run, events, signals } = deps;
  const keyOf = (id: string): string => globalKey(kind, id);
  const { syncWindowHours, syncReminderHours } = policy.limits;
  const rules = { syncWindowHours, syncReminderHours };
  const { partner, saveTokenTimeoutMs = 30_000 } = deps.options;
  checkNumber('createCoexistence', 'onboarding.saveTokenTimeoutMs', saveTokenTimeoutMs, { unit: 'ms' });
  const perform = createOnboardingSteps(deps, rules);

  const onboardings = createModule<LeasedOnboarding, OnboardingEvent, OnboardingFact>(
    {
      kind,
      records: (scope) => recordsByKey(scope, keyOf),
      reduce: (state, event, nowMs) => {
        if (event.type === 'created') return { state: state ?? event.state, facts: [] };
        return state && onboardingChange(state, event, nowMs, rules);
      },
      timeEvent: { type: 'time' },
      nextCheckAt: (state) => nextOnboardingCheck(state, rules),
      // Other modules need `done`, too.
      hasListeners: (fact) => fact === 'done' || (fact !== 'number-confirmed' && events.hasListeners(eventName[fact])),
      emit: (fact, _id, state) => emitFact(fact, state),
    },
    run,
    clock,
  );
  const viewOf = (record: OnboardingState): Onboarding => onboardingView(record, { nowMs: clock.now(), policy, partner });
  const emitFact = async (fact: OnboardingFact, state: OnboardingState): Promise<void> => {
    const onboarding = viewOf(state);
    if (fact === 'deadline-near' || fact === 'deadline-passed') {
      return events.emit(eventName[fact], { onboarding, missing: missingSyncs(state), deadlineAt: onboarding.syncDeadlineAt });
    }
    const { wabaId, number, startedAtMs } = state;
    if (fact === 'done' && wabaId !== undefined && number) {
      const { phoneNumberId } = number;
      await run((scope) => signals.send(scope, 'onboarding.completed', { wabaId, phoneNumberId, startedAtMs }), deps.onListenerError);
    }
    if (fact === 'done' && onboarding.state === 'done') await events.emit('onboarding.done', onboarding);
    // A retry may happen after a person chose a number. Then there is nothing left to choose.
    if (fact === 'choose-number' && onboarding.state === 'choose-number') await events.emit('onboarding.choose-number', onboarding);
    if (fact === 'failed' && onboarding.state === 'failed') await events.emit('onboarding.failed', onboarding);
  };
  const read = (id: string): Promise<OnboardingRecord | undefined> => readRecord<OnboardingRecord>(store, keyOf(id));
  const existing = (record: OnboardingRecord | undefined): OnboardingRecord => {
    if (!record) throw new OnboardingError('not-found');
    return record;
  };

  /** Applies an event if this holder still has the lease. Returns `undefined` if it lost the lease. */
  const apply = (id: string, holder: string, ...event: readonly OnboardingStepEvent[]): Promise<OnboardingRecord | undefined> =>
    updateRecord<OnboardingRecord, OnboardingRecord | undefined>(store, keyOf(id), (found) => {
      const record = existing(found);
      if (record.lease?.holder !== holder) return { result: undefined };
      return withLease(onboardings.change(record, id, event), record, holder);
    });
  /** Acquires the lease, unless another process has it or no step is left. */
  const claim = (id: string, holder: string, stepEvents: readonly OnboardingStepEvent[]): Promise<OnboardingRecord | undefined> =>
    updateRecord<OnboardingRecord, OnboardingRecord | undefined>(store, keyOf(id), (found) => {
      const record = existing(found);
      if (record.lease && record.lease.untilMs > clock.now()) return { result: undefined };
      const change = onboardings.change(record, id, stepEvents);
      return (change.state ?? record).status === 'pending' ? withLease(change, record, holder) : { result: undefined };
    });
  const withLease = (
    change: RecordChange<OnboardingRecord, unknown>,
    record: OnboardingRecord,
    holder: string,
  ): RecordChange<OnboardingRecord, OnboardingRecord> => {
    const state: OnboardingRecord = { ...(change.state ?? record), lease: { holder, untilMs: clock.now() + leaseMs } };
    return { ...change, state, result: state };
  };
  const release = (id: string, holder: string): Promise<boolean> =>
    updateRecord<OnboardingRecord, boolean>(store, keyOf(id), (found) => {
      const { lease, ...record } = existing(found);
      return lease?.holder === holder ? { state: record, result: true } : { result: false };
    });
  /** Runs the steps in order while the lease is valid. */
  const runSteps = async (id: string, holder: string, first: OnboardingRecord): Promise<void> => {
    for (let record: OnboardingRecord | undefined = first; record?.status === 'pending';) {
      const event: OnboardingStepEvent | undefined = await perform(record).catch(async (error: unknown) => {
        await apply(id, holder, stopped(error));
        throw error;
      });
      if (!event) return;
      record = await apply(id, holder, event);
    }
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
    const { wabaId } = await verifyWaba(client, token, hint);
    // Save the WABA with the token, so that the client can find the token.
    if (wabaId !== undefined) await saveToken({ onboardingId: known.id, token, wabaId });
    return wabaId;
  };

  /** Stores a new onboarding, unless it exists. */
  const create = async (state: OnboardingState, scope: Scope): Promise<OnboardingState> =>
    (await onboardings.apply(scope, state.id, { type: 'created', state })) ?? state;
  const codes = createSignupCodes(store, clock, async (id) => (await read(id)) !== undefined);

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
    const { wabaId, granted } = await verifyWaba(client, token.access_token, hint.wabaId, options).catch((error: unknown): VerifiedWaba => {
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
    const state: OnboardingState = {
      id,
      status: 'pending',
      startedAtMs,
      ...(expiresAtMs !== undefined && { tokenExpiresAtMs: expiresAtMs }),
      ...defined({ wabaId, businessId, chosenPhoneNumberId: hint.phoneNumberId }),
      ...(wabaId === undefined && granted.length > 0 && { grantedWabaIds: granted }),
    };
    await run((scope) => create(state, scope));
  };

  const importNumber = async (parameters: ImportParameters): Promise<OnboardingState> => {
    const { wabaId, phoneNumberId, onboardedAt, displayPhoneNumber, appOpenedAt, tokenExpiresAt } = parameters;
    const standing = await deps.lifecycle.get(phoneNumberId);
    const known = standing && standing.status !== 'disconnected' ? await read(standing.onboardingId) : undefined;
    if (known) return known;
    // Create one import per connection of the number, for any parameters and in any process.
    const id = ['adopted', phoneNumberId, ...(standing?.status === 'disconnected' ? [String(standing.since.getTime())] : [])].join('-');
    const tokenExpiresAtMs = tokenExpiresAt instanceof Date ? tokenExpiresAt.getTime() : tokenExpiresAt;
    const requested = (sync: ImportParameters['contactsSync']): 'requested' | 'unknown' | undefined =>
      sync === 'not-requested' ? undefined : sync;
    const [contactsSync, historySync] = [requested(parameters.contactsSync), requested(parameters.historySync)];
    const number = { phoneNumberId, ...defined({ displayPhoneNumber }) };
    const facts = { id, wabaId, number, onboardedAtMs: onboardedAt.getTime(), ...defined({ contactsSync, historySync, tokenExpiresAtMs }) };
    return run(async (scope) => {
      const imported = await create(importedOnboarding(facts, clock.now(), rules), scope);
      await signals.send(scope, 'number.imported', {
        ...confirmedNumber(imported, wabaId, number),
        requests: [
          ...(contactsSync ? [{ syncType: 'contacts', status: contactsSync } as const] : []),
          ...(historySync ? [{ syncType: 'history', status: historySync } as const] : []),
        ],
        isDone: imported.status === 'done',
        appOpenedAtMs: appOpenedAt?.getTime(),
      });
      return imported;
    }, deps.onListenerError);
  };

  const module: OnboardingModule = {
    import: async (parameters) => {
      checkImport(parameters);
      return viewOf(await importNumber(parameters));
    },
    start: async (parameters, options) => {
      const checked = checkedStart(parameters);
      const id = await codes.run(checked.code, (attempt) => startWithCode(checked, attempt, options));
      return viewOf(existing(await read(id)));
    },
    resume: async (id, { token, ...parameters } = {}) => {
      const holder = globalThis.crypto.randomUUID();
      const hint = hintOf(parameters);
      const known = existing(await read(id));
      const wabaId = await wabaFor(known, hint.wabaId, token);
      const stepEvents: readonly OnboardingStepEvent[] = [
        ...(wabaId === undefined ? [] : [{ type: 'waba-found', wabaId } as const]),
        ...(hint.phoneNumberId === undefined ? [] : [{ type: 'number-chosen', phoneNumberId: hint.phoneNumberId } as const]),
      ];
      const lease = await acquireLease({
        clock,
        logger,
        durationMs: leaseMs,
        acquire: () => claim(id, holder, stepEvents),
        renew: () => apply(id, holder),
        lost: { event: 'onboarding.taken_over', facts: { onboardingId: id } },
        notRenewed: { event: 'onboarding.lease_not_renewed', facts: { onboardingId: id } },
      });
      try {
        if (lease) await runSteps(id, holder, lease.acquired);
      } finally {
        await lease?.release(() => release(id, holder));
      }
      await onboardings.deliver(id).catch(deps.onListenerError);
      return viewOf(existing(await read(id)));
    },
    get: async (id) => {
      const record = await read(id);
      return record && viewOf(record);
    },
  };
  return { module, schedule: onboardings };
}

/** The events of the facts. */
const eventName = {
  'choose-number': 'onboarding.choose-number',
  done: 'onboarding.done',
  failed: 'onboarding.failed',
  'deadline-near': 'sync.deadline-near',
  'deadline-passed': 'sync.deadline-passed',
} as const;

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
