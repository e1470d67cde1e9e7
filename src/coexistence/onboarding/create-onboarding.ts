import { debugToken } from '../../access-tokens/debug-token.js';
import { exchangeCode } from '../../access-tokens/exchange-code.js';
import type { RequestOptions } from '../../client/client.js';
import { parseSessionEvent } from '../../embedded-signup/session-event.js';
import { OnboardingError } from '../../errors/coexistence-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import { isRecord } from '../../runtime/json.js';
import { awakened, scheduled, type Wake, type Wakeable } from '../agenda.js';
import { globalKey } from '../../runtime/keys.js';
import { readRecord, updateRecord } from '../records.js';
import { onboardingChecklist } from './checklist.js';
import { clientWithToken } from './client-with-token.js';
import { grantedWabaIds } from './find-waba.js';
import type { OnboardingPorts, ToldFact } from './onboarding-ports.js';
import {
  adoptedOnboarding,
  missingSyncs,
  nextOnboardingCheck,
  nextOnboardingStep,
  onboardingChange,
  type OnboardingState,
  type OnboardingStepEvent,
} from './onboarding-state.js';
import { confirmedNumber, createOnboardingSteps } from './onboarding-steps.js';
import type { AdoptParameters, Onboarding, OnboardingModule, ResumeOnboardingParameters, SavedToken } from './onboarding.js';
import { readNumbers } from './read-numbers.js';

type OnboardingRecord = OnboardingState &
  Wakeable & {
    /** Who does the steps at the moment. */
    readonly lease?: { readonly holder: string; readonly untilMs: number };
    /** Facts that listeners were not told yet. */
    readonly untold?: readonly ToldFact[];
  };

/** How long a process that fell silent keeps others from going on. */
const leaseMs = 120_000;
/** After this time a sweep tells what the process that found it out did not get to tell. */
const tellAgainAfterMs = 60_000;
const hourMs = 3_600_000;

/** The agenda's name for this module. */
export const onboardingKind = 'onboarding';

/** The shell of onboarding: runs its core over the store, one process at a time. */
export function createOnboarding(ports: OnboardingPorts): { readonly module: OnboardingModule; readonly wake: Wake } {
  const { client, store, clock, logger, policy } = ports;
  const keyOf = (id: string): string => globalKey(onboardingKind, id);
  const { syncWindowHours, syncReminderHours } = policy.limits;
  const rules = { syncWindowHours, syncReminderHours };
  const { partner } = ports.options;
  const perform = createOnboardingSteps(ports, rules);

  const viewOf = (record: OnboardingRecord): Onboarding => {
    const { id, status, startedAtMs, wabaId, number, numbers, contactsSync, historySync, tokenExpiresAtMs, stoppedBy } = record;
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
      ...(wabaId !== undefined && { wabaId }),
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

  /** Applies an event, if this holder still has the lease; `undefined` if it was lost. */
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
    const facts = change.facts.filter((fact): fact is ToldFact => fact !== 'number-confirmed');
    const { wakeAtMs, lease, untold = [] } = record;
    const next: OnboardingRecord = {
      ...change.state,
      ...(wakeAtMs !== undefined && { wakeAtMs }),
      ...(lease && { lease }),
      ...(untold.length + facts.length > 0 && { untold: [...untold, ...facts] }),
    };
    return planned(next, nowMs);
  };
  /** The record with the time at which a sweep looks at it next: soon, while something is untold, else when the time for a sync runs out. */
  const planned = (record: OnboardingRecord, nowMs: number): ReturnType<typeof scheduled<OnboardingRecord>> => {
    const wantedAtMs = record.untold ? nowMs + tellAgainAfterMs : nextOnboardingCheck(record, rules);
    return scheduled(record, onboardingKind, record.id, wantedAtMs);
  };

  /** Takes the lease, unless somebody has it or nothing is left to do. */
  const claim = (id: string, holder: string, events: readonly OnboardingStepEvent[]): Promise<OnboardingRecord> =>
    updateRecord<OnboardingRecord, OnboardingRecord>(store, keyOf(id), (found) => {
      const record = existing(found);
      const nowMs = clock.now();
      if (record.lease && record.lease.untilMs > nowMs) return { result: record };
      const next = events.reduce((state, event) => changed(state, event).state, record);
      if (next.status !== 'pending') return { result: next };
      const leased = { ...next, lease: { holder, untilMs: nowMs + leaseMs } };
      return { state: leased, result: leased };
    });
  const release = (id: string, holder: string): Promise<OnboardingRecord> =>
    updateRecord<OnboardingRecord, OnboardingRecord>(store, keyOf(id), (found) => {
      const { lease, ...record } = existing(found);
      return lease?.holder === holder ? { state: record, result: record } : { result: lease ? { ...record, lease } : record };
    });

  /** Tells what is untold; what a listener fails at stays untold for the next sweep. */
  const tellUntold = async (id: string): Promise<void> => {
    const record = existing(await readRecord<OnboardingRecord>(store, keyOf(id)));
    for (const fact of record.untold ?? []) {
      const onboarding = viewOf(record);
      if (fact === 'deadline-near' || fact === 'deadline-passed') {
        await ports.tellDeadline(fact, { onboarding, missing: missingSyncs(record), deadlineAt: onboarding.syncDeadlineAt });
      } else await ports.tell(fact, onboarding);
      await updateRecord<OnboardingRecord, undefined>(store, keyOf(id), (found) => {
        const { untold = [], ...rest } = existing(found);
        const left = untold.filter((other, index) => other !== fact || index !== untold.indexOf(fact));
        return { state: { ...rest, ...(left.length > 0 && { untold: left }) }, result: undefined };
      });
    }
  };

  /** Does step after step while the lease holds. */
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

  const findWaba = async (token: string, options: RequestOptions | undefined): Promise<string | undefined> => {
    const granted = grantedWabaIds(await debugToken(client, { token }, options));
    if (granted.length <= 1) return granted[0];
    const withNumbers: string[] = [];
    for (const wabaId of granted) {
      const numbers = await readNumbers(clientWithToken(client, token), wabaId, options);
      if (numbers.some(({ coexistence }) => coexistence)) withNumbers.push(wabaId);
    }
    return withNumbers.length === 1 ? withNumbers[0] : undefined;
  };

  /** Writes down a new onboarding, unless it is there already. */
  const create = (record: OnboardingRecord): Promise<OnboardingRecord> =>
    updateRecord<OnboardingRecord, OnboardingRecord>(store, keyOf(record.id), (found) => {
      if (found) return { result: found };
      const plan = planned(record, clock.now());
      return { ...plan, result: plan.state };
    });

  const module: OnboardingModule = {
    adopt: async (parameters) => {
      const { wabaId, phoneNumberId, onboardedAt, displayPhoneNumber, appOpenedAt, tokenExpiresAt } = parameters;
      const standing = await ports.standingOf(phoneNumberId);
      if (standing && 'onboardingId' in standing) {
        const known = await readRecord<OnboardingRecord>(store, keyOf(standing.onboardingId));
        if (known) return viewOf(known);
      }
      // One adoption for each link of the number, whatever the parameters say and however many processes make it.
      const id = ['adopted', phoneNumberId, ...(standing && 'endedAtMs' in standing ? [String(standing.endedAtMs)] : [])].join('-');
      const tokenExpiresAtMs = tokenExpiresAt instanceof Date ? tokenExpiresAt.getTime() : tokenExpiresAt;
      const asked = (sync: AdoptParameters['contactsSync']): 'requested' | 'unknown' | undefined =>
        sync === 'not-requested' ? undefined : sync;
      const [contactsSync, historySync] = [asked(parameters.contactsSync), asked(parameters.historySync)];
      const number = { phoneNumberId, ...(displayPhoneNumber !== undefined && { displayPhoneNumber }) };
      const adopted = await create(
        adoptedOnboarding(
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
      await ports.numberAdopted({
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
    start: async ({ code, sessionEvent, redirectUri }, options) => {
      const told = finishOf(sessionEvent);
      const token = await exchangeCode(client, { code, ...(redirectUri !== undefined && { redirectUri }) }, options);
      const startedAtMs = clock.now();
      const id = globalThis.crypto.randomUUID();
      const expiresAtMs = token.expires_in === undefined || token.expires_in <= 0 ? undefined : startedAtMs + token.expires_in * 1_000;
      const saved = (wabaId: string | undefined): SavedToken => ({
        onboardingId: id,
        token: token.access_token,
        ...(wabaId !== undefined && { wabaId }),
        ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs) }),
      });
      // The token exists nowhere else, so it is saved before anything that may fail.
      await ports.saveToken(saved(told.wabaId));
      let { wabaId } = told;
      if (wabaId === undefined) {
        wabaId = await findWaba(token.access_token, options).catch((error: unknown) => {
          logger.warn('the WABA of a new token could not be found; resume the onboarding with it', { onboardingId: id, error });
          return undefined;
        });
        if (wabaId !== undefined) await ports.saveToken(saved(wabaId));
      }
      const record: OnboardingRecord = {
        id,
        status: 'pending',
        startedAtMs,
        ...(expiresAtMs !== undefined && { tokenExpiresAtMs: expiresAtMs }),
        ...(wabaId !== undefined && { wabaId }),
        ...(told.phoneNumberId !== undefined && { chosenPhoneNumberId: told.phoneNumberId }),
      };
      return viewOf(await create(record));
    },
    resume: async (id, { token, ...parameters } = {}) => {
      const holder = globalThis.crypto.randomUUID();
      const events = eventsOf(parameters);
      const isKnown = token === undefined || events.some(({ type }) => type === 'waba-found');
      const wabaId = isKnown ? undefined : await findWaba(token, undefined);
      const claimed = await claim(id, holder, wabaId === undefined ? events : [{ type: 'waba-found', wabaId }, ...events]);
      if (claimed.lease?.holder === holder) {
        try {
          await run(id, holder, claimed);
        } finally {
          await release(id, holder);
        }
      }
      await tellUntold(id).catch((error: unknown) => {
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
    wake: async ({ subject, dueAtMs }, nowMs) => {
      await updateRecord<OnboardingRecord, undefined>(store, keyOf(subject), (record) =>
        record?.wakeAtMs === dueAtMs ? { ...changed(record, { type: 'time' }, nowMs), result: undefined } : { result: undefined },
      );
      await tellUntold(subject);
      await updateRecord<OnboardingRecord, undefined>(store, keyOf(subject), (record) =>
        record?.wakeAtMs === dueAtMs ? { ...planned(awakened(record), nowMs), result: undefined } : { result: undefined },
      );
    },
  };
}

/** What stopped a step, for the record: of errors of the library their advice, of others nothing, as they may hold anything. */
function stopped(error: unknown): OnboardingStepEvent {
  const known = error instanceof WhatsAppError;
  return {
    type: 'stopped',
    kind: known ? error.kind : 'other',
    message: known ? error.message : 'The step failed for a reason outside the library.',
    final: error instanceof OnboardingError && error.problem === 'no-coexistence-number',
  };
}

function eventsOf({ phoneNumberId, wabaId, sessionEvent }: ResumeOnboardingParameters): readonly OnboardingStepEvent[] {
  const told = finishOf(sessionEvent);
  const waba = wabaId ?? told.wabaId;
  const number = phoneNumberId ?? told.phoneNumberId;
  return [
    ...(waba === undefined ? [] : [{ type: 'waba-found', wabaId: waba } as const]),
    ...(number === undefined ? [] : [{ type: 'number-chosen', phoneNumberId: number } as const]),
  ];
}

/** The ids that a session event holds, whether raw or read by `parseSessionEvent`. */
function finishOf(sessionEvent: unknown): { readonly wabaId?: string; readonly phoneNumberId?: string } {
  const isRead = isRecord(sessionEvent) && sessionEvent.outcome === 'finished';
  const event = isRead ? sessionEvent : parseSessionEvent(sessionEvent);
  if (event?.outcome !== 'finished') return {};
  const { wabaId, phoneNumberId } = event;
  return {
    ...(typeof wabaId === 'string' && { wabaId }),
    ...(typeof phoneNumberId === 'string' && { phoneNumberId }),
  };
}
