import { identityClaims } from '../identity/claim.js';
import { createIdentityRegister } from '../identity/register.js';
import { coexistencePolicy } from '../policy/policy.js';
import { createEmitter } from '../runtime/emitter.js';
import { checkFunction, checkMethods, checkNumbers, checkPolicy, describeValue, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { resolveClock } from '../runtime/clock-guard.js';
import { systemClock } from '../runtime/clock.js';
import { resolveInstrument } from '../runtime/instrument-guard.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { within } from '../runtime/within.js';
import { guardStore } from '../stores/guard-store.js';
import { ListenerTimeoutError } from './listener-timeout-error.js';
import { memoryStore } from '../stores/memory.js';
import { storeMethods } from '../stores/store.js';
import type { WebhookEvent } from '../webhooks/fields/registry.js';
import { sweepSchedule, type SweepResult, type OnDue } from './schedule.js';
import type { Coexistence, CoexistenceOptions, SweepOptions } from './coexistence.js';
import { createContacts } from './contacts/create-contacts.js';
import { createCosts } from './costs/create-costs.js';
import type { CoexistenceEvents } from './events.js';
import { createHandoff, handoffKind } from './handoff/create-handoff.js';
import { createHeartbeat, heartbeatKind } from './heartbeat/create-heartbeat.js';
import { createHistory, historyKind } from './history/create-history.js';
import { createLifecycle, lifecycleKind } from './lifecycle/create-lifecycle.js';
import type { LifecycleFact } from './lifecycle/lifecycle-state.js';
import { knownNumbers } from './numbers.js';
import { createRestrictions } from './restrictions/create-restrictions.js';
import { createServiceWindow } from './service-window/create-service-window.js';
import { createOnboarding, onboardingKind } from './onboarding/create-onboarding.js';
import type { ConfirmedNumber } from './onboarding/onboarding-deps.js';
import { createSync, syncKind } from './sync/create-sync.js';
import type { SyncOutcome } from './onboarding/onboarding-state.js';
import { SyncWindowError } from '../errors/coexistence-errors.js';
import { getPhoneNumber } from '../phone-numbers/get-phone-number.js';
import { isCoexistenceNumber } from '../phone-numbers/phone-number.js';

const defaultListenerTimeoutMs = 30_000;
const defaultStoreTimeoutMs = 10_000;
/** Time limit for `close()` to wait for a running sweep. Unfinished facts stay due. */
const closeTimeoutMs = 4_000;
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
  const { client, webhooks, saveToken, appId } = options;
  const { listenerTimeoutMs = defaultListenerTimeoutMs, storeTimeoutMs = defaultStoreTimeoutMs } = options;
  checkCoexistenceOptions(options);
  const logger = resolveLogger(options.logger ?? client.logger);
  const clock = resolveClock(options.clock ?? client.clock, logger);
  const policy = options.policy ?? client.policy ?? coexistencePolicy({ asOf: new Date(clock.now()) });
  const store = options.store ? guardStore(options.store, clock, storeTimeoutMs) : memoryStore({ clock });
  const instrument = resolveInstrument(options.instrument, clock, logger);
  const inTime = async (listeners: string, work: () => Promise<void>): Promise<void> => {
    const result = await within(clock, listenerTimeoutMs, work);
    if (result.type === 'done') return;
    throw new ListenerTimeoutError(listeners, listenerTimeoutMs);
  };
  const emitter = createEmitter<CoexistenceEvents>((work) => inTime('A listener of once', work));
  /**
   * Waits for the listeners of an event. @throws the listener's error, or an error if it is too slow. The event is
   * emitted again later.
   */
  const emit = async <Name extends keyof CoexistenceEvents>(name: Name, event: CoexistenceEvents[Name]): Promise<void> => {
    const count = emitter.count(name);
    if (count === 0) return;
    try {
      await inTime(`A listener of ${name}`, () => emitter.dispatch(name, event));
    } catch (error) {
      logger.error('coexistence.listener_failed', { event: name, listeners: count, error });
      throw error;
    }
  };
  const numbers = knownNumbers(store);
  const register = createIdentityRegister(store);
  const shared = { client, store, register, clock, logger, policy };
  const emitAs =
    <Name extends keyof CoexistenceEvents>(name: Name) =>
    (event: CoexistenceEvents[Name]): Promise<void> =>
      emit(name, event);

  const history = createHistory({
    ...shared,
    options: options.history ?? {},
    emitMessages: emitAs('history.messages'),
    emitMedia: emitAs('history.media'),
    emitProgress: emitAs('history.progress'),
    emit: (fact, state) => emit(`history.${fact}`, state),
  });
  /** Asks Meta whether a number is on the app and the API. It makes one attempt with a short time limit. */
  const isLinked = async (phoneNumberId: string): Promise<boolean> => {
    const wabaId = (await numbers.get(phoneNumberId))?.wabaId;
    const target = client.for({ phoneNumberId, coexistence: true, ...(wabaId !== undefined && { wabaId }) });
    const fields = ['id', 'is_on_biz_app', 'platform_type'];
    return isCoexistenceNumber(await getPhoneNumber(target, { fields }, { maxRetries: 0, timeoutMs: probeTimeoutMs }));
  };
  const heartbeat = createHeartbeat({ ...shared, options: options.heartbeat ?? {}, isLinked, emit: emitAs('heartbeat.due') });
  const lifecycle = createLifecycle({
    ...shared,
    numbersOf: numbers.ofWaba,
    isLinked: ({ phoneNumberId }) => isLinked(phoneNumberId).catch(() => undefined),
    emitChanged: emitAs('lifecycle.changed'),
    emitToken: (stage, token) => emit(`token.${stage}`, token),
  });
  const handoff = createHandoff({
    ...shared,
    options: options.handoff ?? {},
    emitAssigned: emitAs('handoff.assigned'),
    emitReleased: emitAs('handoff.released'),
    emitAutomatic: emitAs('handoff.automatic'),
  });
  const serviceWindow = createServiceWindow({ ...shared, options: options.serviceWindow ?? {} });
  const contacts = createContacts({ ...shared, emit: emitAs('contact.changed') });
  const costs = createCosts({ client, store, register, clock, policy, options: options.costs ?? {}, emit: emitAs('cost.recorded') });
  const sync = createSync({
    ...shared,
    emit: async (state) => {
      if (state.status !== 'requesting') await emit(`sync.${state.status}`, state);
    },
  });
  const onboarding = createOnboarding({
    ...shared,
    saveToken,
    appId,
    options: options.onboarding ?? {},
    numberConfirmed: async (number) => {
      await begin(number);
      await serviceWindow.onboarded(number.phoneNumberId, number.onboardedAtMs);
      await heartbeat.sign(number.phoneNumberId, 'onboarding', number.onboardedAtMs);
    },
    tokenChecked: (number, expiresAtMs) => lifecycle.record(number, { type: 'token', expiresAtMs, atMs: clock.now() }),
    numberAdopted: async ({ spent, isDone, appOpenedAtMs, ...number }) => {
      const { phoneNumberId, onboardingId, onboardedAtMs } = number;
      for (const { syncType, status } of spent) await sync.spend({ phoneNumberId, onboardingId, syncType, status, atMs: onboardedAtMs });
      // Emit the final state directly: this number was never onboarded here.
      await begin(number, ...(isDone ? [{ type: 'completed', signupAtMs: onboardedAtMs, atMs: onboardedAtMs } as const] : []));
      await heartbeat.adopt(phoneNumberId, onboardedAtMs);
      if (appOpenedAtMs !== undefined) await heartbeat.sign(phoneNumberId, 'app-opened', appOpenedAtMs);
    },
    standingOf: async (phoneNumberId) => {
      const standing = await lifecycle.module.get(phoneNumberId);
      return standing?.status === 'disconnected' ? { endedAtMs: standing.since.getTime() } : standing;
    },
    requestSync,
    emit: async (fact, state) => {
      const { wabaId, phoneNumberId, startedAt } = state;
      if (fact === 'done' && wabaId !== undefined && phoneNumberId !== undefined) {
        await lifecycle.record({ wabaId, phoneNumberId }, { type: 'completed', signupAtMs: startedAt.getTime(), atMs: clock.now() });
      }
      await emit(`onboarding.${fact}`, state);
    },
    emitDeadline: (fact, deadline) => emit(`sync.${fact}`, deadline),
  });

  /** Registers a confirmed number, before any one-time request. */
  async function begin(number: ConfirmedNumber, ...more: readonly LifecycleFact[]): Promise<void> {
    const { phoneNumberId, wabaId, onboardingId, onboardedAtMs, tokenExpiresAtMs, displayPhoneNumber } = number;
    await numbers.record({
      phoneNumberId,
      wabaId,
      onboardingId,
      onboardedAtMs,
      ...(displayPhoneNumber !== undefined && { displayPhoneNumber }),
    });
    await history.begin(phoneNumberId, onboardingId, onboardedAtMs);
    await lifecycle.record(
      number,
      { type: 'signed-up', atMs: onboardedAtMs, onboardingId },
      ...(tokenExpiresAtMs === undefined ? [] : [{ type: 'token', expiresAtMs: tokenExpiresAtMs, atMs: onboardedAtMs } as const]),
      ...more,
    );
  }

  /** Requests contacts or history. The history module starts first because chunks may arrive before the response. */
  async function requestSync(syncType: 'contacts' | 'history', number: ConfirmedNumber): Promise<SyncOutcome | 'in-progress'> {
    const { onboardingId, wabaId, phoneNumberId, onboardedAtMs } = number;
    const watch = syncType === 'history';
    if (watch) await history.requested(phoneNumberId);
    try {
      const { status } = await sync.module.request({ syncType, onboardingId, wabaId, phoneNumberId, onboardedAt: new Date(onboardedAtMs) });
      if (watch && status === 'refused') await history.notRequested(phoneNumberId);
      return status === 'requesting' ? 'in-progress' : status;
    } catch (error) {
      if (watch) await history.notRequested(phoneNumberId);
      if (error instanceof SyncWindowError) return 'missed';
      throw error;
    }
  }

  /**
   * Whether a number was onboarded and is still connected. The client applies Meta's rules for coexistence numbers to
   * it.
   */
  const isOnApp = async (phoneNumberId: string): Promise<boolean> => {
    if ((await numbers.get(phoneNumberId)) === undefined) return false;
    return (await lifecycle.module.get(phoneNumberId))?.status !== 'disconnected';
  };
  const forgetNumbers = client.coexistenceNumbers.register(isOnApp);

  /** Account events contain a WABA ID, but the modules need phone number IDs. */
  const accountChanged = async (event: WebhookEvent): Promise<void> => {
    if (event.wabaId === undefined) return;
    const atMs = event.occurredAt?.getTime() ?? clock.now();
    if (event.type === 'account.disconnected') {
      for (const { phoneNumberId } of await numbers.ofWaba(event.wabaId, event.phoneNumber)) await heartbeat.end(phoneNumberId, atMs);
    }
    if (event.type === 'account.reconnected') {
      for (const { phoneNumberId } of await numbers.ofWaba(event.wabaId)) await heartbeat.sign(phoneNumberId, 'reconnected', atMs);
    }
  };

  // The hand-off module runs first, so that the bot is silenced as early as possible.
  const observers = [
    handoff.observe,
    serviceWindow.observe,
    contacts.observe,
    history.observe,
    sync.observe,
    heartbeat.observe,
    costs.observe,
    accountChanged,
    lifecycle.observe,
  ];
  const learnIdentities = async (event: WebhookEvent): Promise<void> => {
    const { phoneNumberId } = event;
    if (phoneNumberId === undefined) return;
    for (const claim of identityClaims(event, clock.now())) await register.learn(phoneNumberId, claim);
  };
  const handle = (event: WebhookEvent): Promise<void> =>
    instrument('coexistence.handle', async () => {
      // Learn identities first, so that each module finds the state of a person whose IDs changed.
      await learnIdentities(event);
      const failures: unknown[] = [];
      for (const observe of observers) {
        await observe(event).catch((error: unknown) => {
          failures.push(error);
        });
      }
      if (failures.length === 1) throw failures[0];
      if (failures.length > 1) throw new AggregateError(failures, `${String(failures.length)} handlers of ${event.type} failed.`);
    });
  webhooks?.on('*', handle);

  const handlers: ReadonlyMap<string, OnDue> = new Map([
    [historyKind, history.onDue],
    [heartbeatKind, heartbeat.onDue],
    [handoffKind, handoff.onDue],
    [onboardingKind, onboarding.onDue],
    [syncKind, sync.onDue],
    [lifecycleKind, lifecycle.onDue],
  ]);
  const sweep = async ({ now, limit = 1_000 }: SweepOptions = {}): Promise<SweepResult> => {
    checkNumbers('coexistence.sweep', { limit }, { limit: { min: 0 } });
    return instrument('coexistence.sweep', () =>
      sweepSchedule({ store, handlers, logger, clock, limit, nowMs: now?.getTime() ?? clock.now() }),
    );
  };

  const { sweepIntervalMs = 60_000 } = options;
  let isClosed = false;
  let sweeping: Promise<unknown> = Promise.resolve();
  let cancelTimer: () => void = () => undefined;
  const armTimer = (intervalMs: number): void => {
    cancelTimer = clock.schedule(() => {
      sweeping = sweep()
        .catch((error: unknown) => {
          logger.error('coexistence.sweep_failed', { error });
        })
        .then(() => {
          if (!isClosed) armTimer(intervalMs);
        });
    }, intervalMs);
  };
  if (sweepIntervalMs !== false) armTimer(sweepIntervalMs);

  const close = async (): Promise<void> => {
    isClosed = true;
    forgetNumbers();
    cancelTimer();
    webhooks?.off('*', handle);
    // Use the system clock because an injected clock may never advance.
    const swept = await within(systemClock, closeTimeoutMs, () => sweeping);
    if (swept.type === 'late') logger.warn('coexistence.close_timed_out', { closeTimeoutMs, consequence: 'unfinished facts stay due' });
  };

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
