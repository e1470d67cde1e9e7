import { debugToken } from '../../access-tokens/debug-token.js';
import { exchangeCode } from '../../access-tokens/exchange-code.js';
import { listSubscribedApps } from '../../business-accounts/list-subscribed-apps.js';
import { subscribeApp } from '../../business-accounts/subscribe-app.js';
import type { Client, RequestOptions } from '../../client/client.js';
import { parseSessionEvent } from '../../embedded-signup/session-event.js';
import { OnboardingError, SubscriptionMissingError } from '../../errors/coexistence-errors.js';
import { WhatsAppError } from '../../errors/whatsapp-error.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import { isRecord } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import { awakened, scheduled, type Wake, type Wakeable } from '../agenda.js';
import { globalKey } from '../keys.js';
import { readRecord, updateRecord } from '../records.js';
import { clientWithToken } from './client-with-token.js';
import { grantedWabaIds } from './find-waba.js';
import { onboardingChecklist } from './checklist.js';
import {
  adoptedOnboarding,
  missingSyncs,
  nextOnboardingCheck,
  nextOnboardingStep,
  onboardingChange,
  type DeadlineFact,
  type OnboardingFact,
  type OnboardingState,
  type OnboardingStepEvent,
  type SyncOutcome,
} from './onboarding-state.js';
import type {
  AdoptParameters,
  Onboarding,
  OnboardingModule,
  OnboardingOptions,
  ResumeOnboardingParameters,
  SaveToken,
  SavedToken,
  SyncDeadline,
} from './onboarding.js';
import { runPreflight } from './preflight.js';
import { subscriptionProblems } from './preflight-checks.js';
import { confirmNumber, readNumbers } from './read-numbers.js';

/** A number that is confirmed as a coexistence number, before anything is asked for. */
export interface ConfirmedNumber {
  readonly onboardingId: string;
  readonly wabaId: string;
  readonly phoneNumberId: string;
  readonly displayPhoneNumber?: string;
  readonly onboardedAtMs: number;
  readonly tokenExpiresAtMs?: number | 'never';
}

/** A number that was onboarded elsewhere. */
export interface AdoptedNumber extends ConfirmedNumber {
  /** What was, or may have been, asked for. */
  readonly spent: readonly { readonly syncType: 'contacts' | 'history'; readonly status: 'requested' | 'unknown' }[];
  /** Whether nothing is left to ask for. */
  readonly isDone: boolean;
  readonly appOpenedAtMs: number | undefined;
}

/** What an onboarding needs of the rest of the house. */
export interface OnboardingPorts {
  readonly client: Client;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: CoexistencePolicy;
  readonly saveToken: SaveToken;
  readonly appId: string | undefined;
  readonly options: OnboardingOptions;
  /** Told before anything once-only; may be told again. */
  readonly numberConfirmed: (number: ConfirmedNumber) => Promise<void>;
  /** Told what the preflight learned of the token; may be told again. */
  readonly tokenChecked: (number: ConfirmedNumber, expiresAtMs: number | 'never') => Promise<void>;
  /** Told of a number that was onboarded elsewhere; may be told again. */
  readonly numberAdopted: (number: AdoptedNumber) => Promise<void>;
  /** The onboarding under which a number stands, or when its link ended; `undefined` for a number that nothing is known of. */
  readonly standingOf: (phoneNumberId: string) => Promise<{ readonly onboardingId: string } | { readonly endedAtMs: number } | undefined>;
  /** Asks for contacts or history at most once an onboarding. `in-progress`: another process is asking this moment. Rejects if nothing was sent. */
  readonly requestSync: (syncType: 'contacts' | 'history', number: ConfirmedNumber) => Promise<SyncOutcome | 'in-progress'>;
  /** Tells the listeners. */
  readonly tell: (fact: Exclude<ToldFact, DeadlineFact>, onboarding: Onboarding) => Promise<void>;
  readonly tellDeadline: (fact: DeadlineFact, deadline: SyncDeadline) => Promise<void>;
}

/** Facts that listeners are told. */
export type ToldFact = Exclude<OnboardingFact, 'number-confirmed'>;

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
  const { callbackUrls = [], partner } = ports.options;

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

  /** Makes the checks, and subscribes the app to the WABA where it is not. */
  const preflight = async (number: ConfirmedNumber): Promise<OnboardingStepEvent> => {
    const { wabaId, phoneNumberId } = number;
    const appId = ports.appId ?? client.appId;
    if (appId === undefined) throw new OnboardingError('app-id-unknown');
    const { checks, tokenExpiresAt, ...found } = await runPreflight(client, { wabaId, phoneNumberId, appId, callbackUrls });
    let { problems } = found;
    if (problems.some(({ problem }) => problem === 'app-subscription')) {
      // Only made where it is missing, because making it again clears a callback override of the WABA.
      const waba = client.for({ wabaId });
      await subscribeApp(waba);
      const left = subscriptionProblems((await listSubscribedApps(waba)).data, appId, callbackUrls);
      problems = [...problems.filter(({ problem }) => problem !== 'app-subscription'), ...left];
    }
    if (problems.length > 0) throw new SubscriptionMissingError(problems);
    // A token may lack the right to see the number's own callback; nothing else may stay unknown.
    const unknown = checks.find(({ subject, outcome }) => outcome === 'unknown' && subject !== 'number-callback');
    if (unknown?.error) throw unknown.error;
    if (tokenExpiresAt === undefined) return { type: 'preflight-passed' };
    const tokenExpiresAtMs = tokenExpiresAt === 'never' ? tokenExpiresAt : tokenExpiresAt.getTime();
    await ports.tokenChecked(number, tokenExpiresAtMs);
    return { type: 'preflight-passed', tokenExpiresAtMs };
  };
  const findNumber = async (record: OnboardingRecord, wabaId: string): Promise<OnboardingStepEvent> => {
    const numbers = await readNumbers(client, wabaId);
    const event: OnboardingStepEvent = { type: 'numbers-read', numbers };
    if (!numbers.some(({ coexistence }) => coexistence)) throw new OnboardingError('no-coexistence-number');
    const { number } = onboardingChange(record, event, clock.now(), rules).state;
    if (!number) return event;
    const confirmed = await confirmNumber(client, wabaId, number.phoneNumberId);
    if (!confirmed.coexistence) throw new OnboardingError('no-coexistence-number');
    await ports.numberConfirmed(confirmedNumber(record, wabaId, number));
    return event;
  };
  const perform = async (record: OnboardingRecord): Promise<OnboardingStepEvent | undefined> => {
    const { wabaId, number } = record;
    const step = nextOnboardingStep(record, clock.now());
    if (step === 'none') return undefined;
    if (wabaId === undefined) throw new OnboardingError('waba-unknown');
    if (number === undefined) return findNumber(record, wabaId);
    if (step === 'preflight') return preflight(confirmedNumber(record, wabaId, number));
    const syncType = step === 'request-contacts' ? 'contacts' : 'history';
    const outcome = await ports.requestSync(syncType, confirmedNumber(record, wabaId, number));
    return outcome === 'in-progress' ? undefined : { type: 'sync-settled', syncType, outcome };
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

function confirmedNumber(record: OnboardingState, wabaId: string, number: NonNullable<OnboardingState['number']>): ConfirmedNumber {
  const { phoneNumberId, displayPhoneNumber } = number;
  const { tokenExpiresAtMs } = record;
  return {
    onboardingId: record.id,
    wabaId,
    phoneNumberId,
    onboardedAtMs: record.startedAtMs,
    ...(displayPhoneNumber !== undefined && { displayPhoneNumber }),
    ...(tokenExpiresAtMs !== undefined && { tokenExpiresAtMs }),
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
