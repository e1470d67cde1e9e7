import { checkFunction } from '../../errors/check-options.js';
import { ServiceWindowClosedError } from '../../errors/coexistence-errors.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Store } from '../../stores/store.js';
import type { Customer } from '../../webhooks/events/base.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import { idsOfRecipient } from '../../identity/recipient.js';
import type { IdentityRegister } from '../../identity/register.js';
import { numberKey } from '../../runtime/keys.js';
import { personRecords, type PersonRecords } from '../person-records.js';
import { readRecord, updateRecord } from '../../stores/records.js';
import {
  mergeServiceWindows,
  readServiceWindow,
  serviceWindowChange,
  serviceWindowEvent,
  type ServiceWindowEvent,
  type ServiceWindowState,
} from './service-window-state.js';
import type { ServiceWindow, ServiceWindowModule, ServiceWindowOptions } from './service-window.js';

/** Dependencies of {@link createServiceWindow}. */
export interface ServiceWindowDeps {
  readonly store: Store;
  readonly register: IdentityRegister;
  readonly clock: Clock;
  readonly policy: CoexistencePolicy;
  readonly options: ServiceWindowOptions;
}

/** The service window module with its event handler. */
export interface ServiceWindowService {
  readonly module: ServiceWindowModule;
  readonly observe: (event: WebhookEvent) => Promise<void>;
  /** Records an onboarding. Windows from before it are closed. */
  readonly onboarded: (phoneNumberId: string, atMs: number) => Promise<void>;
}

/** The time from which a number is watched. */
type Watch = { readonly fromMs: number; readonly sinceOnboarding: boolean };

/** How long a window is stored after the customer's last message. It is longer than any free entry point. */
const keptMs = 30 * 86_400_000;

/**
 * Creates the service window module. It stores one record per customer.
 *
 * @param deps - The store, the identity register, the clock, the policy and the options.
 */
export function createServiceWindow(deps: ServiceWindowDeps): ServiceWindowService {
  const { store, register, clock } = deps;
  const { serviceWindowHours } = deps.policy.limits;
  checkFunction('createCoexistence: serviceWindow', 'opens', deps.options.opens);
  const { opens = () => undefined } = deps.options;
  const recordsOf = (phoneNumberId: string): PersonRecords<ServiceWindowState> =>
    personRecords({ store, register, phoneNumberId, kind: 'window', merge: mergeServiceWindows });
  const watchKey = (phoneNumberId: string): string => numberKey(phoneNumberId, 'watched');
  /** Numbers that this process has already marked as watched. */
  const marked = new Set<string>();

  const read = async (phoneNumberId: string, customer: Customer): Promise<ServiceWindow> => {
    const state = (await recordsOf(phoneNumberId).read(customer)) ?? {};
    const watch = await readRecord<Watch>(store, watchKey(phoneNumberId));
    const { status, untilMs, freeUntilMs } = readServiceWindow(state, clock.now(), {
      serviceWindowHours,
      ...(watch && { watchedFromMs: watch.fromMs, sinceOnboarding: watch.sinceOnboarding }),
    });
    return {
      status,
      ...(untilMs !== undefined && { until: new Date(untilMs) }),
      ...(freeUntilMs !== undefined && { freeUntil: new Date(freeUntilMs) }),
    };
  };
  const apply = async (phoneNumberId: string, customer: Customer, event: ServiceWindowEvent): Promise<void> => {
    await recordsOf(phoneNumberId).update(customer, (state = {}) => {
      const next = serviceWindowChange(state, event);
      const isNew = next.lastInboundAtMs !== state.lastInboundAtMs || next.freeUntilMs !== state.freeUntilMs;
      return { ...(isNew && { state: next, ttlMs: keptMs }), result: undefined };
    });
  };
  const watched = async (phoneNumberId: string): Promise<void> => {
    if (marked.has(phoneNumberId)) return;
    const watch: Watch = { fromMs: clock.now(), sinceOnboarding: false };
    await store.setIfAbsent(watchKey(phoneNumberId), watch);
    marked.add(phoneNumberId);
  };

  const module: ServiceWindowModule = {
    guard: async ({ type, to, recipient, recipient_type }, { phoneNumberId }) => {
      if (type === 'template' || recipient_type === 'group') return { verdict: 'pass' };
      const customer = idsOfRecipient(to ?? recipient ?? '');
      const { status, until } = await read(phoneNumberId, customer);
      return status === 'closed' ? { verdict: 'refuse', error: new ServiceWindowClosedError(until) } : { verdict: 'pass' };
    },
    get: ({ phoneNumberId, customer }) => read(phoneNumberId, customer),
    record: async ({ phoneNumberId, customer, wroteAt }) => {
      await apply(phoneNumberId, customer, { type: 'customer-wrote', atMs: wroteAt.getTime() });
      return read(phoneNumberId, customer);
    },
  };
  return {
    module,
    observe: async (event) => {
      const { phoneNumberId, customer } = event;
      if (phoneNumberId === undefined) return;
      await watched(phoneNumberId);
      if (!customer) return;
      const judgement = event.type === 'message' ? opens(event) : undefined;
      if (judgement === false) return;
      const opened =
        judgement === true && event.occurredAt ? ({ type: 'customer-wrote', atMs: event.occurredAt.getTime() } as const) : undefined;
      const change = opened ?? serviceWindowEvent(event);
      if (change) await apply(phoneNumberId, customer, change);
    },
    onboarded: async (phoneNumberId, atMs) => {
      await updateRecord<Watch, undefined>(store, watchKey(phoneNumberId), (watch) => ({
        ...((!watch?.sinceOnboarding || watch.fromMs < atMs) && { state: { fromMs: atMs, sinceOnboarding: true } }),
        result: undefined,
      }));
    },
  };
}
