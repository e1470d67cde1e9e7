import { checkFunction } from '../../errors/check-options.js';
import { ServiceWindowClosedError } from '../../errors/coexistence-errors.js';
import { idsOfRecipient } from '../../identity/recipient.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { numberKey } from '../../runtime/keys.js';
import type { GuardVerdict } from '../../sender/guard.js';
import { readRecord, updateRecord } from '../../stores/records.js';
import type { Customer } from '../../webhooks/events/base.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { ModuleContext, ModuleService } from '../module-context.js';
import { createModule, type Module, personSubject, recordsPerPerson } from '../module.js';
import { personRecords } from '../person-records.js';
import type { Scope } from '../unit-of-work.js';
import {
  mergeServiceWindows,
  readServiceWindow,
  serviceWindowChange,
  serviceWindowEvent,
  type ServiceWindowEvent,
  type ServiceWindowState,
} from './service-window-state.js';
import type { ServiceWindow, ServiceWindowModule, ServiceWindowOptions } from './service-window-module.js';

/** The time from which a number is watched. */
type Watch = { readonly fromMs: number; readonly sinceOnboarding: boolean };

const kind = 'window';
/** How long a window is stored after the customer's last message. It is longer than any free entry point. */
const keptMs = 30 * 86_400_000;

/** Dependencies of {@link createServiceWindow}. */
type ServiceWindowDeps = ModuleContext & { readonly options: ServiceWindowOptions };

/**
 * Creates the service window module. It stores one record per customer.
 *
 * @param deps - What all modules share, and the options.
 */
export function createServiceWindow(deps: ServiceWindowDeps): ModuleService<ServiceWindowModule> {
  return new ServiceWindowService(deps);
}

class ServiceWindowService implements ModuleService<ServiceWindowModule> {
  readonly module: ServiceWindowModule;
  readonly #deps: ServiceWindowDeps;
  readonly #opens: NonNullable<ServiceWindowOptions['opens']>;
  readonly #windows: Module<ServiceWindowState, ServiceWindowEvent, never>;
  /** Numbers that this process has already marked as watched. */
  readonly #marked = new Set<string>();

  constructor(deps: ServiceWindowDeps) {
    this.#deps = deps;
    const { clock, run, signals } = deps;
    checkFunction('createCoexistence: serviceWindow', 'opens', deps.options.opens);
    this.#opens = deps.options.opens ?? (() => undefined);
    this.#windows = createModule<ServiceWindowState, ServiceWindowEvent, never>(
      {
        kind,
        records: (scope) => recordsPerPerson(scope, kind, mergeServiceWindows),
        reduce: (state = {}, event) => ({ state: serviceWindowChange(state, event), facts: [] }),
        ttlMs: () => keptMs,
        hasListeners: () => false,
        emit: () => Promise.resolve(),
      },
      run,
      clock,
    );
    this.module = {
      guard: (message, { phoneNumberId }) => this.#guard(message, phoneNumberId),
      get: ({ phoneNumberId, customer }) => this.#read(phoneNumberId, customer),
      record: async ({ phoneNumberId, customer, wroteAt }) => {
        await run((scope) => this.#apply(scope, phoneNumberId, customer, { type: 'customer-wrote', atMs: wroteAt.getTime() }));
        return this.#read(phoneNumberId, customer);
      },
    };
    // Windows from before an onboarding are closed.
    signals.on('number.confirmed', ({ phoneNumberId, onboardedAtMs: fromMs }, scope) =>
      updateRecord<Watch, void>(scope.store, watchKey(phoneNumberId), (watch) => ({
        ...((!watch?.sinceOnboarding || watch.fromMs < fromMs) && { state: { fromMs, sinceOnboarding: true } }),
        result: undefined,
      })),
    );
  }

  async observe(event: WebhookEvent, scope: Scope): Promise<void> {
    const { phoneNumberId, customer } = event;
    if (phoneNumberId === undefined) return;
    await this.#watched(scope, phoneNumberId);
    if (!customer) return;
    const judgement = event.type === 'message' ? this.#opens(event) : undefined;
    if (judgement === false) return;
    const opened =
      judgement === true && event.occurredAt ? ({ type: 'customer-wrote', atMs: event.occurredAt.getTime() } as const) : undefined;
    const change = opened ?? serviceWindowEvent(event);
    if (change) await this.#apply(scope, phoneNumberId, customer, change);
  }

  async #guard({ type, to, recipient, recipient_type }: OutgoingMessage, phoneNumberId: string): Promise<GuardVerdict> {
    if (type === 'template' || recipient_type === 'group') return { verdict: 'pass' };
    const customer = idsOfRecipient(to ?? recipient ?? '');
    const { status, until } = await this.#read(phoneNumberId, customer);
    return status === 'closed' ? { verdict: 'reject', error: new ServiceWindowClosedError(until) } : { verdict: 'pass' };
  }

  #read(phoneNumberId: string, customer: Customer): Promise<ServiceWindow> {
    const { clock, policy, run } = this.#deps;
    return run(async ({ store, register }) => {
      const records = personRecords<ServiceWindowState>({ store, register, phoneNumberId, kind, merge: mergeServiceWindows });
      const state = (await records.read(customer)) ?? {};
      const watch = await readRecord<Watch>(store, watchKey(phoneNumberId));
      const { status, untilMs, freeUntilMs } = readServiceWindow(state, clock.now(), {
        serviceWindowHours: policy.limits.serviceWindowHours,
        ...(watch && { watchedFromMs: watch.fromMs, sinceOnboarding: watch.sinceOnboarding }),
      });
      return {
        status,
        ...(untilMs !== undefined && { until: new Date(untilMs) }),
        ...(freeUntilMs !== undefined && { freeUntil: new Date(freeUntilMs) }),
      };
    });
  }

  async #apply(scope: Scope, phoneNumberId: string, customer: Customer, event: ServiceWindowEvent): Promise<void> {
    const subject = await personSubject(scope, phoneNumberId, customer);
    if (subject !== undefined) await this.#windows.apply(scope, subject, event);
  }

  async #watched(scope: Scope, phoneNumberId: string): Promise<void> {
    if (this.#marked.has(phoneNumberId)) return;
    const watch: Watch = { fromMs: this.#deps.clock.now(), sinceOnboarding: false };
    await scope.store.setIfAbsent(watchKey(phoneNumberId), watch);
    scope.afterCommit(() => {
      this.#marked.add(phoneNumberId);
      return Promise.resolve();
    });
  }
}

const watchKey = (phoneNumberId: string): string => numberKey(phoneNumberId, 'watched');
