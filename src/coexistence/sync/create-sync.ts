import type { Client } from '../../client/client.js';
import { SyncWindowError } from '../../errors/coexistence-errors.js';
import { requestAppDataSync } from '../../phone-numbers/request-app-data-sync.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Store, StoreEntry } from '../../stores/store.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { scheduleDelete, scheduleWrite, type ScheduleItem, type OnDue } from '../schedule.js';
import { numberKey } from '../../runtime/keys.js';
import { stateOf, updateRecord } from '../../stores/records.js';
import { toSyncResponse } from './sync-response.js';
import { decideSync, settledByTime, settleSync, type SyncResponse, type SyncState, type SyncStatus, type SyncType } from './sync-state.js';
import type { RequestSyncParameters, NumberSync, SyncModule } from './sync.js';

/** Dependencies of {@link createSync}. */
export interface SyncDeps {
  readonly client: Client;
  readonly store: Store;
  readonly clock: Clock;
  readonly policy: CoexistencePolicy;
  /** Emits the result of a request. */
  readonly emit: (sync: NumberSync) => Promise<void>;
}

/** Time limit of the single attempt. */
const timeoutMs = 30_000;
/** A request without a response after this time has lost its process. */
const staleAfterMs = 60_000;

/** Meta's names of the sync types. */
const wireType: Readonly<Record<SyncType, 'smb_app_state_sync' | 'history'>> = { contacts: 'smb_app_state_sync', history: 'history' };

/** The record of a request. Its key begins with the number, so that the requests of a number can be listed. */
type SyncRecord = SyncState & {
  readonly onboardingId: string;
  /** The last emitted status. */
  readonly told?: SyncStatus;
};

/** A request that was made before the import of the number. */
export interface SpentSync {
  readonly phoneNumberId: string;
  readonly onboardingId: string;
  readonly syncType: SyncType;
  readonly status: 'requested' | 'unknown';
  readonly atMs: number;
}

/** The sync module with its event and schedule handlers. */
export interface SyncService {
  readonly module: SyncModule;
  /** Records a request that was made elsewhere, so that it isn't repeated here. */
  readonly spend: (spent: SpentSync) => Promise<void>;
  readonly observe: (event: WebhookEvent) => Promise<void>;
  readonly onDue: OnDue;
}

/** The module's name in the schedule. */
export const syncKind = 'sync';

/**
 * Creates the sync module. It records each one-time request before it makes the call.
 *
 * @param deps - The client, the store, the clock, the policy and the event callback.
 */
export function createSync(deps: SyncDeps): SyncService {
  const { client, store, clock, policy } = deps;
  const keyOf = (phoneNumberId: string, onboardingId: string, syncType: SyncType): string =>
    numberKey(phoneNumberId, 'sync', syncType, onboardingId);
  const viewOf = (phoneNumberId: string, record: SyncRecord): NumberSync => {
    const { syncType, status, onboardingId, recordedAtMs, settledAtMs, requestId, failure } = record;
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
  };
  /** A schedule entry for a request that may have lost its process. It exists until the result is emitted. */
  const reminderOf = (phoneNumberId: string, { syncType, onboardingId, recordedAtMs }: SyncRecord): ScheduleItem => ({
    kind: syncKind,
    subject: JSON.stringify([phoneNumberId, onboardingId, syncType]),
    dueAtMs: recordedAtMs + staleAfterMs,
  });
  const asOfNow = (state: SyncRecord): SyncRecord => {
    const { onboardingId, told } = state;
    return { ...settledByTime(state, clock.now(), staleAfterMs), onboardingId, ...(told && { told }) };
  };
  const latest = async (phoneNumberId: string, syncType: SyncType): Promise<SyncRecord | undefined> => {
    const entries = await store.list(`${numberKey(phoneNumberId, 'sync', syncType)}/`, { limit: 100 });
    const records = entries.flatMap((entry: StoreEntry) => stateOf<SyncRecord>(entry) ?? []).map(asOfNow);
    return records.reduce<SyncRecord | undefined>((last, next) => (last && last.recordedAtMs > next.recordedAtMs ? last : next), undefined);
  };

  /** Records a request before the call. `mayAsk` is `false` if it was requested before, in any process. */
  const record = (parameters: RequestSyncParameters): Promise<{ readonly mayAsk: boolean; readonly record: SyncRecord }> => {
    const { phoneNumberId, onboardingId, syncType, onboardedAt, force } = parameters;
    return updateRecord<SyncRecord, { readonly mayAsk: boolean; readonly record: SyncRecord }>(
      store,
      keyOf(phoneNumberId, onboardingId, syncType),
      (state) => {
        const rules = { onboardedAtMs: onboardedAt.getTime(), syncWindowHours: policy.limits.syncWindowHours, staleAfterMs };
        const decision = decideSync(state, syncType, clock.now(), rules, force);
        if (decision.decision === 'too-late') throw new SyncWindowError(syncType, new Date(decision.deadlineAtMs));
        const next: SyncRecord = { ...decision.state, onboardingId, ...(state?.told && { told: state.told }) };
        const isNew = decision.decision === 'ask' || decision.state.status !== state?.status;
        const mayAsk = decision.decision === 'ask';
        return {
          ...(isNew && { state: next }),
          ...(mayAsk && { also: [scheduleWrite(reminderOf(phoneNumberId, next))] }),
          result: { mayAsk, record: next },
        };
      },
    );
  };
  const settle = async (phoneNumberId: string, asked: SyncRecord, answer: SyncResponse): Promise<SyncRecord> =>
    updateRecord<SyncRecord, SyncRecord>(store, keyOf(phoneNumberId, asked.onboardingId, asked.syncType), (state = asked) => {
      const { onboardingId, told } = state;
      const next: SyncRecord = { ...settleSync(state, answer, clock.now()), onboardingId, ...(told && { told }) };
      return { state: next, result: next };
    });
  /** Deletes the record of a request that Meta certainly didn't receive. */
  const withdraw = async (phoneNumberId: string, asked: SyncRecord): Promise<void> => {
    const key = keyOf(phoneNumberId, asked.onboardingId, asked.syncType);
    const entry = await store.get(key);
    const state = stateOf<SyncRecord>(entry);
    if (!entry || state?.status !== 'requesting' || state.recordedAtMs !== asked.recordedAtMs) return;
    await store.batch([{ type: 'delete', key, ifVersion: entry.version }, scheduleDelete(reminderOf(phoneNumberId, asked))]);
  };
  /** Emits a new status. If a listener fails, a sweep emits it again. */
  const emitStatus = async (phoneNumberId: string, record: SyncRecord): Promise<NumberSync> => {
    const sync = viewOf(phoneNumberId, record);
    if (record.status === 'requesting' || record.told === record.status) return sync;
    await deps.emit(sync);
    await updateRecord<SyncRecord, undefined>(store, keyOf(phoneNumberId, record.onboardingId, record.syncType), (state) =>
      state?.status === record.status
        ? { state: { ...state, told: record.status }, also: [scheduleDelete(reminderOf(phoneNumberId, state))], result: undefined }
        : { result: undefined },
    );
    return sync;
  };
  const ask = async ({ phoneNumberId, wabaId, syncType }: RequestSyncParameters): Promise<SyncResponse> => {
    const target = client.for({ wabaId, phoneNumberId, coexistence: true });
    const { request_id: requestId } = await requestAppDataSync(target, { syncType: wireType[syncType] }, { timeoutMs });
    return { type: 'accepted', ...(typeof requestId === 'string' && { requestId }) };
  };

  const module: SyncModule = {
    request: async (parameters) => {
      const { phoneNumberId } = parameters;
      const recorded = await record(parameters);
      if (!recorded.mayAsk) return emitStatus(phoneNumberId, recorded.record);
      const answer = await ask(parameters).catch(async (error: unknown): Promise<SyncResponse> => {
        const failed = toSyncResponse(error);
        if (failed.type !== 'not-taken') return failed;
        await withdraw(phoneNumberId, recorded.record);
        throw error;
      });
      return emitStatus(phoneNumberId, await settle(phoneNumberId, recorded.record, answer));
    },
    get: async (phoneNumberId) => {
      const [contacts, history] = await Promise.all([latest(phoneNumberId, 'contacts'), latest(phoneNumberId, 'history')]);
      return {
        ...(contacts && { contacts: viewOf(phoneNumberId, contacts) }),
        ...(history && { history: viewOf(phoneNumberId, history) }),
      };
    },
  };
  return {
    module,
    spend: async ({ phoneNumberId, onboardingId, syncType, status, atMs }) => {
      const record: SyncRecord = { syncType, status, onboardingId, recordedAtMs: atMs, told: status };
      await store.setIfAbsent(keyOf(phoneNumberId, onboardingId, syncType), record);
    },
    onDue: async ({ subject }) => {
      // Only reminderOf writes these subjects.
      const [phoneNumberId, onboardingId, syncType] = JSON.parse(subject) as [string, string, SyncType];
      const standing = await updateRecord<SyncRecord, SyncRecord | undefined>(
        store,
        keyOf(phoneNumberId, onboardingId, syncType),
        (state) => {
          const next = state && asOfNow(state);
          return { ...(next && next.status !== state.status && { state: next }), result: next };
        },
      );
      if (standing) await emitStatus(phoneNumberId, standing);
    },
    observe: async (event) => {
      // History arrives only after a request, so it proves that a request with an unknown result was accepted. Contacts
      // also arrive when a person edits one.
      if (event.phoneNumberId === undefined || (event.type !== 'history.chunk' && event.type !== 'history.declined')) return;
      const record = await latest(event.phoneNumberId, 'history');
      if (record?.status !== 'unknown') return;
      await emitStatus(event.phoneNumberId, await settle(event.phoneNumberId, record, { type: 'arrived' }));
    },
  };
}
