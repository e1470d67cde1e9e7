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
import { createModule, recordsByKey, type Module, type ModuleRecord } from '../module.js';
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
  type OnboardingRules,
  type OnboardingState,
  type OnboardingStepEvent,
} from './onboarding-state.js';
import { confirmedNumber, createOnboardingSteps, type PerformStep } from './onboarding-steps.js';
import type {
  ImportParameters,
  Onboarding,
  OnboardingModule,
  OnboardingOptions,
  ResumeOnboardingParameters,
  SavedToken,
  StartOnboardingParameters,
} from './onboarding-module.js';
import { onboardingView } from './onboarding-view.js';
import { createSignupCodes, type CodeAttempt, type SignupCodes } from './signup-codes.js';

type LeasedOnboarding = OnboardingState & {
  /** The lease of the process that runs the steps. */
  readonly lease?: { readonly holder: string; readonly untilMs: number };
};
type OnboardingRecord = ModuleRecord<LeasedOnboarding, OnboardingFact>;
type OnboardingEvent = OnboardingStepEvent | { readonly type: 'created'; readonly state: OnboardingState };

const kind = 'onboarding';
/** Duration of the lease. After it, another process may continue. */
const leaseMs = 120_000;

const keyOf = (id: string): string => globalKey(kind, id);

/**
 * Creates the onboarding module. One process at a time runs the steps of an onboarding.
 *
 * @param deps - What all modules share, the client, the store, the options and two other modules.
 */
export function createOnboarding(deps: OnboardingDeps): ModuleService<OnboardingModule> {
  return new OnboardingService(deps);
}

class OnboardingService implements ModuleService<OnboardingModule> {
  readonly module: OnboardingModule;
  readonly schedule: Module<LeasedOnboarding, OnboardingEvent, OnboardingFact>;
  readonly #deps: OnboardingDeps;
  readonly #rules: OnboardingRules;
  readonly #partner: OnboardingOptions['partner'];
  readonly #saveTokenTimeoutMs: number;
  readonly #perform: PerformStep;
  readonly #codes: SignupCodes;

  constructor(deps: OnboardingDeps) {
    this.#deps = deps;
    const { store, clock, policy, run, events } = deps;
    const { syncWindowHours, syncReminderHours } = policy.limits;
    const rules = { syncWindowHours, syncReminderHours };
    const { partner, saveTokenTimeoutMs = 30_000 } = deps.options;
    checkNumber('createCoexistence', 'onboarding.saveTokenTimeoutMs', saveTokenTimeoutMs, { unit: 'ms' });
    this.#rules = rules;
    this.#partner = partner;
    this.#saveTokenTimeoutMs = saveTokenTimeoutMs;
    this.#perform = createOnboardingSteps(deps, rules);
    this.#codes = createSignupCodes(store, clock, async (id) => (await this.#read(id)) !== undefined);
    this.schedule = createModule<LeasedOnboarding, OnboardingEvent, OnboardingFact>(
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
        emit: (fact, _id, state) => this.#emitFact(fact, state),
      },
      run,
      clock,
    );
    this.module = {
      import: async (parameters) => {
        checkImport(parameters);
        return this.#viewOf(await this.#import(parameters));
      },
      start: async (parameters, options) => {
        const checked = checkedStart(parameters);
        const id = await this.#codes.run(checked.code, (attempt) => this.#startWithCode(checked, attempt, options));
        return this.#viewOf(existing(await this.#read(id)));
      },
      resume: (id, parameters = {}) => this.#resume(id, parameters),
      get: async (id) => {
        const record = await this.#read(id);
        return record && this.#viewOf(record);
      },
    };
  }

  async #resume(id: string, { token, ...parameters }: ResumeOnboardingParameters): Promise<Onboarding> {
    const holder = globalThis.crypto.randomUUID();
    const hint = hintOf(parameters);
    const known = existing(await this.#read(id));
    const wabaId = await this.#wabaFor(known, hint.wabaId, token);
    const stepEvents: readonly OnboardingStepEvent[] = [
      ...(wabaId === undefined ? [] : [{ type: 'waba-found', wabaId } as const]),
      ...(hint.phoneNumberId === undefined ? [] : [{ type: 'number-chosen', phoneNumberId: hint.phoneNumberId } as const]),
    ];
    const { clock, logger } = this.#deps;
    const lease = await acquireLease({
      clock,
      logger,
      durationMs: leaseMs,
      acquire: () => this.#claim(id, holder, stepEvents),
      renew: () => this.#apply(id, holder),
      lost: { event: 'onboarding.taken_over', facts: { onboardingId: id } },
      notRenewed: { event: 'onboarding.lease_not_renewed', facts: { onboardingId: id } },
    });
    try {
      if (lease) await this.#runSteps(id, holder, lease.acquired);
    } finally {
      await lease?.release(() => this.#release(id, holder));
    }
    await this.schedule.deliver(id).catch(this.#deps.onListenerError);
    return this.#viewOf(existing(await this.#read(id)));
  }

  #viewOf(record: OnboardingState): Onboarding {
    const { clock, policy } = this.#deps;
    return onboardingView(record, { nowMs: clock.now(), policy, partner: this.#partner });
  }

  async #emitFact(fact: OnboardingFact, state: OnboardingState): Promise<void> {
    const onboarding = this.#viewOf(state);
    if (fact === 'deadline-near' || fact === 'deadline-passed') {
      return this.#deps.events.emit(eventName[fact], { onboarding, missing: missingSyncs(state), deadlineAt: onboarding.syncDeadlineAt });
    }
    const { wabaId, number, startedAtMs } = state;
    if (fact === 'done' && wabaId !== undefined && number) {
      const { phoneNumberId } = number;
      await this.#deps.run(
        (scope) => this.#deps.signals.send(scope, 'onboarding.completed', { wabaId, phoneNumberId, startedAtMs }),
        this.#deps.onListenerError,
      );
    }
    if (fact === 'done' && onboarding.state === 'done') await this.#deps.events.emit('onboarding.done', onboarding);
    // A retry may happen after a person chose a number. Then there is nothing left to choose.
    if (fact === 'choose-number' && onboarding.state === 'choose-number')
      await this.#deps.events.emit('onboarding.choose-number', onboarding);
    if (fact === 'failed' && onboarding.state === 'failed') await this.#deps.events.emit('onboarding.failed', onboarding);
  }

  #read(id: string): Promise<OnboardingRecord | undefined> {
    return readRecord<OnboardingRecord>(this.#deps.store, keyOf(id));
  }

  /** Applies an event if this holder still has the lease. Returns `undefined` if it lost the lease. */
  #apply(id: string, holder: string, ...event: readonly OnboardingStepEvent[]): Promise<OnboardingRecord | undefined> {
    return updateRecord<OnboardingRecord, OnboardingRecord | undefined>(this.#deps.store, keyOf(id), (found) => {
      const record = existing(found);
      if (record.lease?.holder !== holder) return { result: undefined };
      return this.#withLease(this.schedule.change(record, id, event), record, holder);
    });
  }

  /** Acquires the lease, unless another process has it or no step is left. */
  #claim(id: string, holder: string, stepEvents: readonly OnboardingStepEvent[]): Promise<OnboardingRecord | undefined> {
    return updateRecord<OnboardingRecord, OnboardingRecord | undefined>(this.#deps.store, keyOf(id), (found) => {
      const record = existing(found);
      if (record.lease && record.lease.untilMs > this.#deps.clock.now()) return { result: undefined };
      const change = this.schedule.change(record, id, stepEvents);
      return (change.state ?? record).status === 'pending' ? this.#withLease(change, record, holder) : { result: undefined };
    });
  }

  #withLease(
    change: RecordChange<OnboardingRecord, unknown>,
    record: OnboardingRecord,
    holder: string,
  ): RecordChange<OnboardingRecord, OnboardingRecord> {
    const state: OnboardingRecord = { ...(change.state ?? record), lease: { holder, untilMs: this.#deps.clock.now() + leaseMs } };
    return { ...change, state, result: state };
  }

  #release(id: string, holder: string): Promise<boolean> {
    return updateRecord<OnboardingRecord, boolean>(this.#deps.store, keyOf(id), (found) => {
      const { lease, ...record } = existing(found);
      return lease?.holder === holder ? { state: record, result: true } : { result: false };
    });
  }

  /** Runs the steps in order while the lease is valid. */
  async #runSteps(id: string, holder: string, first: OnboardingRecord): Promise<void> {
    for (let record: OnboardingRecord | undefined = first; record?.status === 'pending';) {
      const event: OnboardingStepEvent | undefined = await this.#perform(record).catch(async (error: unknown) => {
        await this.#apply(id, holder, stopped(error));
        throw error;
      });
      if (!event) return;
      record = await this.#apply(id, holder, event);
    }
  }

  async #saveToken(saved: SavedToken): Promise<void> {
    const result = await within(this.#deps.clock, this.#saveTokenTimeoutMs, () => this.#deps.saveToken(saved));
    if (result.type === 'late') throw new OnboardingError('token-not-saved');
  }

  /** Returns the WABA that a call of `resume` adds to an onboarding. It must be one that the token was granted. */
  async #wabaFor(known: OnboardingRecord, hint: string | undefined, token: string | undefined): Promise<string | undefined> {
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
    const { wabaId } = await verifyWaba(this.#deps.client, token, hint);
    // Save the WABA with the token, so that the client can find the token.
    if (wabaId !== undefined) await this.#saveToken({ onboardingId: known.id, token, wabaId });
    return wabaId;
  }

  /** Stores a new onboarding, unless it exists. */
  async #create(state: OnboardingState, scope: Scope): Promise<OnboardingState> {
    return (await this.schedule.apply(scope, state.id, { type: 'created', state })) ?? state;
  }

  /** Exchanges the code, saves the token, and stores the onboarding. */
  async #startWithCode(
    { code, sessionEvent, redirectUri }: StartOnboardingParameters,
    { onboardingId: id, exchanged }: CodeAttempt,
    options: RequestOptions | undefined,
  ): Promise<void> {
    const hint = finishOf(sessionEvent);
    const token = await exchangeCode(this.#deps.client, { code, ...(redirectUri !== undefined && { redirectUri }) }, options);
    await exchanged();
    const startedAtMs = this.#deps.clock.now();
    const expiresAtMs = token.expires_in === undefined || token.expires_in <= 0 ? undefined : startedAtMs + token.expires_in * 1_000;
    const { wabaId, granted } = await verifyWaba(this.#deps.client, token.access_token, hint.wabaId, options).catch(
      (error: unknown): VerifiedWaba => {
        if (error instanceof OnboardingError) throw error;
        this.#deps.logger.warn('onboarding.waba_unverified', {
          onboardingId: id,
          remedy: 'call resume(id, { token }) with the saved token',
          error,
        });
        return { wabaId: undefined, granted: [] };
      },
    );
    // The token exists only here, so save it even if its WABA is unknown.
    await this.#saveToken({
      onboardingId: id,
      token: token.access_token,
      ...(wabaId !== undefined && { wabaId }),
      ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs) }),
    });
    const businessId = hint.businessId ?? (await getClientBusinessId(this.#deps.client, token.access_token, this.#deps.logger, options));
    const state: OnboardingState = {
      id,
      status: 'pending',
      startedAtMs,
      ...(expiresAtMs !== undefined && { tokenExpiresAtMs: expiresAtMs }),
      ...defined({ wabaId, businessId, chosenPhoneNumberId: hint.phoneNumberId }),
      ...(wabaId === undefined && granted.length > 0 && { grantedWabaIds: granted }),
    };
    await this.#deps.run((scope) => this.#create(state, scope));
  }

  async #import(parameters: ImportParameters): Promise<OnboardingState> {
    const { wabaId, phoneNumberId, onboardedAt, displayPhoneNumber, appOpenedAt, tokenExpiresAt } = parameters;
    const standing = await this.#deps.lifecycle.get(phoneNumberId);
    const known = standing && standing.status !== 'disconnected' ? await this.#read(standing.onboardingId) : undefined;
    if (known) return known;
    // Create one import per connection of the number, for any parameters and in any process.
    const id = ['adopted', phoneNumberId, ...(standing?.status === 'disconnected' ? [String(standing.since.getTime())] : [])].join('-');
    const tokenExpiresAtMs = tokenExpiresAt instanceof Date ? tokenExpiresAt.getTime() : tokenExpiresAt;
    const requested = (sync: ImportParameters['contactsSync']): 'requested' | 'unknown' | undefined =>
      sync === 'not-requested' ? undefined : sync;
    const [contactsSync, historySync] = [requested(parameters.contactsSync), requested(parameters.historySync)];
    const number = { phoneNumberId, ...defined({ displayPhoneNumber }) };
    const facts = { id, wabaId, number, onboardedAtMs: onboardedAt.getTime(), ...defined({ contactsSync, historySync, tokenExpiresAtMs }) };
    return this.#deps.run(async (scope) => {
      const imported = await this.#create(importedOnboarding(facts, this.#deps.clock.now(), this.#rules), scope);
      await this.#deps.signals.send(scope, 'number.imported', {
        ...confirmedNumber(imported, wabaId, number),
        requests: [
          ...(contactsSync ? [{ syncType: 'contacts', status: contactsSync } as const] : []),
          ...(historySync ? [{ syncType: 'history', status: historySync } as const] : []),
        ],
        isDone: imported.status === 'done',
        appOpenedAtMs: appOpenedAt?.getTime(),
      });
      return imported;
    }, this.#deps.onListenerError);
  }
}

function existing(record: OnboardingRecord | undefined): OnboardingRecord {
  if (!record) throw new OnboardingError('not-found');
  return record;
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
