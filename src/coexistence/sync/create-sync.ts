import type { Client } from '../../client/client.js';
import { SyncWindowError } from '../../errors/coexistence-errors.js';
import { requestAppDataSync } from '../../phone-numbers/request-app-data-sync.js';
import { numberKey } from '../../runtime/keys.js';
import { stateOf } from '../../stores/records.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { ModuleContext, ModuleService } from '../module-context.js';
import { createModule, recordsByKey, type Module, type ModuleRecord, type Reduction } from '../module.js';
import { scheduleDelete } from '../schedule.js';
import type { Scope } from '../unit-of-work.js';
import { toSyncResponse } from './sync-response.js';
import { decideSync, settledByTime, settleSync, type SyncResponse, type SyncState, type SyncStatus, type SyncType } from './sync-state.js';
import type { NumberSync, RequestSyncParameters, SyncModule } from './sync-module.js';

/** Time limit of the single attempt. */
const timeoutMs = 30_000;
/** A request without a response after this time has lost its process. */
const staleAfterMs = 60_000;

/** Meta's names of the sync types. */
const wireType: Readonly<Record<SyncType, 'smb_app_state_sync' | 'history'>> = { contacts: 'smb_app_state_sync', history: 'history' };

type RequestState = SyncState & {
  readonly onboardingId: string;
  /** The last emitted status. */
  readonly told?: SyncStatus;
};

type RequestRecord = ModuleRecord<RequestState, EmittedStatus>;

/** A status that is emitted as an event. */
type EmittedStatus = Exclude<SyncStatus, 'requesting'>;

type RequestEvent =
  | { readonly type: 'requested'; readonly parameters: RequestSyncParameters }
  | { readonly type: 'settled'; readonly response: SyncResponse }
  | { readonly type: 'time' };

/** The request of a number: one per type and onboarding. */
type RequestId = readonly [phoneNumberId: string, onboardingId: string, syncType: SyncType];

const subjectOf = (...id: RequestId): string => JSON.stringify(id);
// Only subjectOf creates subjects.
const idOf = (subject: string): RequestId => JSON.parse(subject) as RequestId;
/** A key begins with the number, so that the requests of a number can be listed. */
const keyOf = (subject: string): string => {
  const [phoneNumberId, onboardingId, syncType] = idOf(subject);
  return numberKey(phoneNumberId, 'sync', syncType, onboardingId);
};

/** Dependencies of {@link createSync}. */
type SyncDeps = ModuleContext & { readonly client: Client };

/**
 * Creates the sync module. It records each one-time request before it makes the call.
 *
 * @param deps - What all modules share, and the client.
 */
export function createSync(deps: SyncDeps): ModuleService<SyncModule> {
  return new SyncService(deps);
}

class SyncService implements ModuleService<SyncModule> {
  readonly module: SyncModule;
  readonly schedule: Module<RequestState, RequestEvent, EmittedStatus>;
  readonly #deps: SyncDeps;

  constructor(deps: SyncDeps) {
    this.#deps = deps;
    const { clock, run, events, signals } = deps;
    this.schedule = createModule<RequestState, RequestEvent, EmittedStatus>(
      {
        kind: 'sync',
        records: (scope) => recordsByKey(scope, keyOf),
        reduce: (state, event, nowMs) => this.#reduce(state, event, nowMs),
        timeEvent: { type: 'time' },
        nextCheckAt: ({ status, recordedAtMs }) => (status === 'requesting' ? recordedAtMs + staleAfterMs : undefined),
        hasListeners: (status) => events.hasListeners(`sync.${status}`),
        emit: async (status, subject, state) => {
          // A later fact reports the new status.
          if (state.status === status) await events.emit(`sync.${status}`, viewOf(idOf(subject)[0], state));
        },
      },
      run,
      clock,
    );
    this.module = {
      request: (parameters) => this.#request(parameters),
      get: (phoneNumberId) => run((scope) => this.#read(scope, phoneNumberId)),
    };
    signals.on('number.imported', async ({ phoneNumberId, onboardingId, requests, onboardedAtMs }, { store }) => {
      for (const { syncType, status } of requests) {
        const state: RequestState = { syncType, status, onboardingId, recordedAtMs: onboardedAtMs, told: status };
        await store.setIfAbsent(keyOf(subjectOf(phoneNumberId, onboardingId, syncType)), state);
      }
    });
  }

  async observe(event: WebhookEvent, scope: Scope): Promise<void> {
    // History arrives only after a request, so it proves that a request with an unknown result was accepted. Contacts
    // also arrive when a person edits one.
    const { phoneNumberId } = event;
    if (phoneNumberId === undefined || (event.type !== 'history.chunk' && event.type !== 'history.declined')) return;
    const state = await this.#latest(scope, phoneNumberId, 'history');
    if (state?.status !== 'unknown') return;
    const subject = subjectOf(phoneNumberId, state.onboardingId, 'history');
    await this.schedule.apply(scope, subject, { type: 'time' }, { type: 'settled', response: { type: 'arrived' } });
  }

  #reduce(state: RequestState | undefined, event: RequestEvent, nowMs: number): Reduction<RequestState, EmittedStatus> | undefined {
    if (event.type === 'requested') {
      const { syncType, onboardedAt, onboardingId, force } = event.parameters;
      const { syncWindowHours } = this.#deps.policy.limits;
      const rules = { onboardedAtMs: onboardedAt.getTime(), syncWindowHours, staleAfterMs };
      const decision = decideSync(state, syncType, nowMs, rules, force);
      if (decision.decision === 'too-late') throw new SyncWindowError(syncType, new Date(decision.deadlineAtMs));
      return withFact({ ...decision.state, onboardingId, ...(state?.told && { told: state.told }) });
    }
    if (!state) return undefined;
    const { onboardingId, told } = state;
    const next = event.type === 'settled' ? settleSync(state, event.response, nowMs) : settledByTime(state, nowMs, staleAfterMs);
    return withFact({ ...next, onboardingId, ...(told && { told }) });
  }

  async #request(parameters: RequestSyncParameters): Promise<NumberSync> {
    const { phoneNumberId, onboardingId, syncType } = parameters;
    const subject = subjectOf(phoneNumberId, onboardingId, syncType);
    const { isNew, state } = await this.#record(parameters);
    // The first event of a request always creates its record.
    if (!state) throw new SyncWindowError(syncType, parameters.onboardedAt);
    if (!isNew) return viewOf(phoneNumberId, state);
    const response = await this.#ask(parameters).catch(async (error: unknown): Promise<SyncResponse> => {
      const failed = toSyncResponse(error);
      if (failed.type !== 'not-taken') return failed;
      await this.#withdraw(subject, state);
      throw error;
    });
    return viewOf(phoneNumberId, (await this.#settle(subject, response)) ?? state);
  }

  async #read(scope: Scope, phoneNumberId: string): Promise<Awaited<ReturnType<SyncModule['get']>>> {
    const [contacts, history] = await Promise.all([
      this.#latest(scope, phoneNumberId, 'contacts'),
      this.#latest(scope, phoneNumberId, 'history'),
    ]);
    return {
      ...(contacts && { contacts: viewOf(phoneNumberId, contacts) }),
      ...(history && { history: viewOf(phoneNumberId, history) }),
    };
  }

  async #latest({ store }: Scope, phoneNumberId: string, syncType: SyncType): Promise<RequestState | undefined> {
    const entries = await store.list(`${numberKey(phoneNumberId, 'sync', syncType)}/`, { limit: 100 });
    const states = entries.flatMap((entry) => stateOf<RequestState>(entry) ?? []);
    const last = states.reduce<RequestState | undefined>(
      (one, next) => (one && one.recordedAtMs > next.recordedAtMs ? one : next),
      undefined,
    );
    return last && { ...settledByTime(last, this.#deps.clock.now(), staleAfterMs), onboardingId: last.onboardingId };
  }

  /** Records a request before the call. `isNew` is `false` if it was requested before, in any process. */
  #record(parameters: RequestSyncParameters): Promise<{ readonly isNew: boolean; readonly state: RequestState | undefined }> {
    const { phoneNumberId, onboardingId, syncType } = parameters;
    const subject = subjectOf(phoneNumberId, onboardingId, syncType);
    return this.#deps.run(async (scope) => {
      const before = await this.schedule.read(scope, subject);
      const state = await this.schedule.apply(scope, subject, { type: 'requested', parameters });
      const isNew = state?.status === 'requesting' && (before?.status !== 'requesting' || before.recordedAtMs !== state.recordedAtMs);
      // Webhooks may arrive before the response.
      if (isNew) await this.#deps.signals.send(scope, 'sync.starting', { phoneNumberId, syncType });
      return { isNew, state };
    });
  }

  #settle(subject: string, response: SyncResponse): Promise<RequestState | undefined> {
    return this.#deps.run(async (scope) => {
      const state = await this.schedule.apply(scope, subject, { type: 'settled', response });
      const [phoneNumberId, , syncType] = idOf(subject);
      if (state?.status === 'rejected') await this.#deps.signals.send(scope, 'sync.rejected', { phoneNumberId, syncType });
      return state;
    });
  }

  /** Deletes the record of a request that Meta certainly didn't receive. */
  #withdraw(subject: string, withdrawn: RequestState): Promise<void> {
    return this.#deps.run(async (scope) => {
      const [phoneNumberId, , syncType] = idOf(subject);
      await this.#deps.signals.send(scope, 'sync.rejected', { phoneNumberId, syncType });
      const entry = await scope.store.get(keyOf(subject));
      const state = stateOf<RequestRecord>(entry);
      if (!entry || state?.status !== 'requesting' || state.recordedAtMs !== withdrawn.recordedAtMs) return;
      const { wakeAtMs: dueAtMs } = state;
      await scope.store.batch([
        { type: 'delete', key: keyOf(subject), ifVersion: entry.version },
        ...(dueAtMs === undefined ? [] : [scheduleDelete({ kind: this.schedule.kind, subject, dueAtMs })]),
      ]);
    });
  }

  async #ask({ phoneNumberId, wabaId, syncType }: RequestSyncParameters): Promise<SyncResponse> {
    const target = this.#deps.client.for({ wabaId, phoneNumberId, coexistence: true });
    const { request_id: requestId } = await requestAppDataSync(target, { syncType: wireType[syncType] }, { timeoutMs });
    return { type: 'accepted', ...(typeof requestId === 'string' && { requestId }) };
  }
}

/** Adds the fact of a status that wasn't emitted yet. */
function withFact(state: RequestState): Reduction<RequestState, EmittedStatus> {
  const { status } = state;
  if (status === 'requesting' || state.told === status) return { state, facts: [] };
  return { state: { ...state, told: status }, facts: [status] };
}

function viewOf(phoneNumberId: string, state: RequestState): NumberSync {
  const { syncType, status, onboardingId, recordedAtMs, settledAtMs, requestId, failure } = state;
  return {
    syncType,
    phoneNumberId,
    onboardingId,
    status,
    recordedAt: new Date(recordedAtMs),
    ...(settledAtMs !== undefined && { settledAt: new Date(settledAtMs) }),
    ...(requestId !== undefined && { requestId }),
    ...(failure && { failure }),
  };
}
