import { identityClaims } from '../identity/claim.js';
import { coexistencePolicy } from '../policy/policy.js';
import { checkFunction, checkMethods, checkNumbers, checkPolicy, describeValue, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { resolveClock } from '../runtime/clock-guard.js';
import { resolveInstrument } from '../runtime/instrument-guard.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { guardStore } from '../stores/guard-store.js';
import { memoryStore } from '../stores/memory.js';
import { storeMethods, type Store } from '../stores/store.js';
import type { WebhookEvent } from '../webhooks/fields/registry.js';
import type { Emitter } from '../runtime/emitter.js';
import { createEvents } from './create-events.js';
import { sweepSchedule, type DueHandler, type SweepResult } from './schedule.js';
import { startSweeps } from './sweep-timer.js';
import type { Coexistence, CoexistenceOptions, SweepOptions } from './coexistence.js';
import { createContacts } from './contacts/create-contacts.js';
import { createCosts } from './costs/create-costs.js';
import type { CoexistenceEvents } from './events.js';
import { createHandoff } from './handoff/create-handoff.js';
import { createHeartbeat } from './heartbeat/create-heartbeat.js';
import { createHistory } from './history/create-history.js';
import { createLifecycle } from './lifecycle/create-lifecycle.js';
import type { LifecycleModule } from './lifecycle/lifecycle-module.js';
import type { ModuleContext, ModuleService } from './module-context.js';
import { knownNumbers } from './known-numbers.js';
import { createRestrictions } from './restrictions/create-restrictions.js';
import { createServiceWindow } from './service-window/create-service-window.js';
import { createOnboarding } from './onboarding/create-onboarding.js';
import { createSignals } from './signals.js';
import { createSync } from './sync/create-sync.js';
import { createWork } from './unit-of-work.js';
import { getPhoneNumber } from '../phone-numbers/get-phone-number.js';
import { isCoexistenceNumber } from '../phone-numbers/phone-number.js';

const defaultListenerTimeoutMs = 30_000;
const defaultStoreTimeoutMs = 10_000;
const defaultSweepIntervalMs = 60_000;
/** A reminder waits for the probe, so the probe has a short time limit. */
const probeTimeoutMs = 10_000;

/**
 * Creates the coexistence modules for numbers on both the WhatsApp Business app and the Cloud API.
 *
 * The modules onboard numbers, import contacts and chats, track messages from the app, and silence bots while a person
 * answers. They also remind you to open the app in time.
 *
 * One instance serves all numbers of a platform. Several processes can share one store. The state is stored under the
 * prefix `wa/`. It contains no tokens and no message texts. The only exception is the caption of a history file that
 * arrives before its placeholder.
 *
 * A timer runs {@link Coexistence.sweep}. Call {@link Coexistence.close} at the end.
 *
 * @param options - The client, the webhook source, the store, and the options of each module.
 * @returns the modules, and the methods to process events and due facts
 * @throws `InvalidArgumentError` with the name of an invalid option
 *
 * @example
 * ```ts
 * import { createClient, createCoexistence } from 'wa-coexist';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const tokens = new Map<string, string>();
 * const client = createClient({
 *   appId: '123',
 *   appSecret: 'secret',
 *   accessToken: ({ wabaId }) => tokens.get(wabaId ?? ''),
 * });
 * const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'verify' });
 * const coexistence = createCoexistence({
 *   client,
 *   webhooks,
 *   saveToken: ({ wabaId, token }) => {
 *     if (wabaId !== undefined) tokens.set(wabaId, token);
 *   },
 * });
 * coexistence.on('history.progress', ({ progress, messages }) => console.log(progress, messages));
 * const { id } = await coexistence.onboarding.start({ code: 'AQB…', sessionEvent: '{"type":"WA_EMBEDDED_SIGNUP"}' });
 * const { state } = await coexistence.onboarding.resume(id);
 * console.log(state);
 * await coexistence.close();
 * ```
 */
export function createCoexistence(options: CoexistenceOptions): Coexistence {
  return readOptions('createCoexistence', options, buildCoexistence);
}

function buildCoexistence(options: CoexistenceOptions): Coexistence {
  checkCoexistenceOptions(options);
  const { client, webhooks, listenerTimeoutMs = defaultListenerTimeoutMs, storeTimeoutMs = defaultStoreTimeoutMs } = options;
  const logger = resolveLogger(options.logger ?? client.logger);
  const clock = resolveClock(options.clock ?? client.clock, logger);
  const policy = options.policy ?? client.policy ?? coexistencePolicy({ asOf: new Date(clock.now()) });
  const store = options.store ? guardStore(options.store, clock, storeTimeoutMs) : memoryStore({ clock });
  const instrument = resolveInstrument(options.instrument, clock, logger);
  const { emitter, port: events } = createEvents({ clock, logger, listenerTimeoutMs });
  const context: ModuleContext = {
    ...{ clock, logger, policy, events },
    run: createWork(store),
    signals: createSignals(),
    numbers: knownNumbers(store),
  };
  const services = createServices(context, options, store);
  const schedules = services.all.flatMap(({ schedule }) => (schedule ? [[schedule.kind, schedule] as const] : []));
  const handlers: ReadonlyMap<string, DueHandler> = new Map(schedules);

  const handle = (event: WebhookEvent): Promise<void> => instrument('coexistence.handle', () => observeAll(services.all, event, context));
  const sweep = async ({ now, limit = 1_000 }: SweepOptions = {}): Promise<SweepResult> => {
    checkNumbers('coexistence.sweep', { limit }, { limit: { min: 0 } });
    return instrument('coexistence.sweep', () =>
      sweepSchedule({ store, handlers, logger, clock, limit, nowMs: now?.getTime() ?? clock.now() }),
    );
  };
  webhooks?.on('*', handle);
  const forgetNumbers = client.coexistenceNumbers.register((phoneNumberId) => isOnApp(phoneNumberId, context, services.lifecycle.module));
  const timer = startSweeps({ clock, logger, sweep, intervalMs: options.sweepIntervalMs ?? defaultSweepIntervalMs });
  const close = async (): Promise<void> => {
    forgetNumbers();
    webhooks?.off('*', handle);
    await timer.close();
  };

  const { onboarding, sync, history, contacts, heartbeat, lifecycle, handoff, serviceWindow, costs } = services;
  return {
    ...subscriptions(emitter),
    onboarding: {
      ...onboarding.module,
      resume: (id, parameters) => instrument('coexistence.resume', () => onboarding.module.resume(id, parameters)),
    },
    sync: sync.module,
    history: history.module,
    contacts: contacts.module,
    heartbeat: heartbeat.module,
    lifecycle: lifecycle.module,
    handoff: handoff.module,
    serviceWindow: serviceWindow.module,
    restrictions: createRestrictions(policy),
    costs: costs.module,
    handle,
    sweep,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Creates the modules. `all` contains them in the order in which they process an event. */
function createServices(context: ModuleContext, options: CoexistenceOptions, store: Store) {
  const { client, saveToken, appId } = options;
  const { logger, numbers, signals } = context;
  /** Asks Meta whether a number is on the app and the API. It makes one attempt with a short time limit. */
  const isLinked = async (phoneNumberId: string): Promise<boolean> => {
    const wabaId = (await numbers.get(phoneNumberId))?.wabaId;
    const target = client.for({ phoneNumberId, coexistence: true, ...(wabaId !== undefined && { wabaId }) });
    const fields = ['id', 'is_on_biz_app', 'platform_type'];
    return isCoexistenceNumber(await getPhoneNumber(target, { fields }, { maxRetries: 0, timeoutMs: probeTimeoutMs }));
  };
  signals.on('number.confirmed', numbers.record);
  signals.on('number.imported', numbers.record);

  const history = createHistory({ ...context, options: options.history ?? {} });
  const lifecycle = createLifecycle({ ...context, isLinked });
  const serviceWindow = createServiceWindow({ ...context, options: options.serviceWindow ?? {} });
  const heartbeat = createHeartbeat({ ...context, options: options.heartbeat ?? {}, isLinked });
  const handoff = createHandoff({ ...context, options: options.handoff ?? {} });
  const contacts = createContacts(context);
  const costs = createCosts({ ...context, client, store, options: options.costs ?? {} });
  const sync = createSync({ ...context, client });
  const onboarding = createOnboarding({
    ...context,
    ...{ client, store, saveToken, appId },
    options: options.onboarding ?? {},
    sync: sync.module,
    lifecycle: lifecycle.module,
    onListenerError: (error) => {
      logger.warn('onboarding.listener_failed', { consequence: 'a sweep emits the event again', error });
    },
  });
  // The hand-off module runs first, so that the bot is silenced as early as possible.
  const all: readonly ModuleService<unknown>[] = [handoff, serviceWindow, contacts, history, sync, heartbeat, costs, lifecycle, onboarding];
  return { all, onboarding, sync, history, contacts, heartbeat, lifecycle, handoff, serviceWindow, costs };
}

/** Passes an event to all modules in one transaction. A module that fails doesn't affect the others. */
async function observeAll(services: readonly ModuleService<unknown>[], event: WebhookEvent, { clock, run }: ModuleContext): Promise<void> {
  const errors: unknown[] = [];
  const failed = (error: unknown): void => {
    errors.push(...(error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error]));
  };
  await run(async (scope) => {
    // The work may start again.
    errors.length = 0;
    const { phoneNumberId } = event;
    // Learn identities first, so that each module finds the state of a person whose IDs changed.
    if (phoneNumberId !== undefined) {
      for (const claim of identityClaims(event, clock.now())) await scope.register.learn(phoneNumberId, claim);
    }
    for (const service of services) {
      if (service.observe) await scope.part(async () => service.observe?.(event, scope)).catch(failed);
    }
  }, failed);
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, `${String(errors.length)} handlers of ${event.type} failed.`);
}

/** Whether a number was onboarded and is still connected. The client applies Meta's rules for coexistence numbers to it. */
async function isOnApp(phoneNumberId: string, { numbers }: ModuleContext, lifecycle: LifecycleModule): Promise<boolean> {
  if ((await numbers.get(phoneNumberId)) === undefined) return false;
  return (await lifecycle.get(phoneNumberId))?.status !== 'disconnected';
}

function subscriptions(emitter: Emitter<CoexistenceEvents>): Pick<Coexistence, 'on' | 'once' | 'off'> {
  return {
    on: (name, handler) => {
      checkListener('coexistence.on', handler);
      return emitter.on(name, handler);
    },
    once: (name, handler) => {
      checkListener('coexistence.once', handler);
      return emitter.once(name, handler);
    },
    off: (name, handler) => {
      emitter.off(name, handler);
    },
  };
}

/** Checks the options. @throws `InvalidArgumentError` with the name of the option */
function checkCoexistenceOptions(options: CoexistenceOptions): void {
  const { client, saveToken, sweepIntervalMs, ...rest } = options;
  checkMethods('createCoexistence', 'client', client, ['request', 'for']);
  if (rest.webhooks !== undefined) checkMethods('createCoexistence', 'webhooks', rest.webhooks, ['on', 'off']);
  if (rest.store !== undefined) checkMethods('createCoexistence', 'store', rest.store, storeMethods);
  checkPolicy('createCoexistence', rest.policy);
  checkFunction('createCoexistence', 'saveToken', saveToken);
  checkFunction('createCoexistence', 'instrument', rest.instrument);
  checkNumbers('createCoexistence', rest, { listenerTimeoutMs: { unit: 'ms' }, storeTimeoutMs: { unit: 'ms' } });
  if (sweepIntervalMs !== false) checkNumbers('createCoexistence', { sweepIntervalMs }, { sweepIntervalMs: { unit: 'ms' } });
}

function checkListener(method: string, handler: unknown): void {
  if (typeof handler === 'function') return;
  throw new InvalidArgumentError(method, 'handler', `must be a function, but is ${describeValue(handler)}`);
}
