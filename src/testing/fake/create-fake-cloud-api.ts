import { checkNumbers, checkPolicy, readOptions } from '../../errors/check-options.js';
import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { addNumber, addTemplate, idsOf } from './build-world.js';
import { createCustomer } from './create-customer.js';
import { checkDeliveryOptions } from './check-delivery-options.js';
import { createPhone } from './create-phone.js';
import { createTemplateHandle } from './create-template-handle.js';
import { setUsername } from './endpoints/username-endpoints.js';
import type { FakeCloudApi, FakeCloudApiOptions, FakeNumber, FakeNumberOptions, FakeReadyNumber } from './fake-cloud-api.js';
import type { FakeCustomer } from './fake-customer.js';
import { createFakeParts, type FakeParts } from './fake-parts.js';
import type { FakePhone } from './fake-phone.js';
import type { FakeState } from './fake-state.js';
import { fetchOf } from './fetch.js';
import { isFlowEndpointActive } from './flows/flow-exchange.js';
import { maxInOneSecond } from './send-limits.js';
import { makeHandshake } from './post-webhook.js';
import { settle } from './settle.js';
import { saveState } from './snapshot.js';
import { businessTokenSeconds, issueToken } from './tokens.js';
import { createThread, routeThreads } from './threads.js';
import { digitsOf } from './digits.js';
import type { BusinessNumber } from './entities.js';
import { personOf } from './people.js';
import { findNumber } from './world.js';

/** Time until a code of Embedded Signup expires. Source: Meta, Embedded Signup implementation (20 Feb 2026). */
const codeLivesMs = 30_000;

/**
 * Creates a fake Cloud API in memory, with businesses, phones and customers. Pass its `fetch` to the client, and your
 * receiver to `deliverTo`. See {@link FakeCloudApi}, {@link fakeClock} and {@link listen}.
 *
 * @param options - The app, the clock, and how webhooks are delivered. See {@link FakeCloudApiOptions}.
 * @returns the fake.
 * @throws `InvalidArgumentError` if an option is invalid.
 *
 * @example
 * ```ts
 * import { createClient, exchangeCode } from 'wa-coexist';
 * import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
 *
 * const clock = fakeClock();
 * const fake = createFakeCloudApi({ clock });
 * const shop = fake.businessAppNumber({ verifiedName: 'Harbor Bakery' });
 * fake.phone(shop).seedHistory({ messages: 200 });
 * const { code, sessionEvent } = fake.signup(shop);
 *
 * const client = createClient({ appId: fake.app.id, appSecret: fake.app.secret, clock, fetch: fake.fetch });
 * const { access_token } = await exchangeCode(client, { code });
 * console.log(sessionEvent.data.waba_id, access_token.length);
 * ```
 */
export function createFakeCloudApi(options: FakeCloudApiOptions = {}): FakeCloudApi {
  return readOptions('createFakeCloudApi', options, buildFakeCloudApi);
}

function buildFakeCloudApi(options: FakeCloudApiOptions): FakeCloudApi {
  checkOptions(options);
  const parts = createFakeParts(options);
  const { world, agenda, deliverer, emitter, faults, server, state, templates } = parts;
  const { clock, now } = world;
  const customers = createCustomers(state);
  let isClosed = false;

  const numberOf = (number: FakeNumber | string): BusinessNumber => {
    const wanted = typeof number === 'string' ? number : number.phoneNumberId;
    const found = findNumber(world, wanted);
    if (!found) throw new InvalidArgumentError('createFakeCloudApi', 'number', `names no number of this fake: ${wanted}`);
    return found;
  };
  const close = (): Promise<void> => {
    isClosed = true;
    agenda.close();
    deliverer.close();
    return Promise.resolve();
  };

  return {
    fetch: fetchOf(server.answer),
    answer: server.answer,
    clock,
    app: world.app,
    faults,

    ...numberMembers(parts, numberOf),
    issueToken: (tokenOptions) => issueToken(world, tokenOptions).value,
    revokeToken(accessToken) {
      const token = world.tokens.get(accessToken);
      if (token) token.revoked = true;
    },
    addTemplate: (wabaId, template) => addTemplate(world, wabaId, template),
    template: (templateId) => createTemplateHandle(state, templates, templateId),
    file(mediaId) {
      const file = world.files.get(mediaId);
      return file && { mimeType: file.mimeType, bytes: file.bytes };
    },
    customer: customers.customer,

    checkFlowEndpoint: (wanted, endpoint) => isFlowEndpointActive({ world, number: numberOf(wanted), endpoint }),
    deliverTo(receiver, deliveryOptions) {
      if (deliveryOptions !== undefined) checkDeliveryOptions('fake.deliverTo', deliveryOptions);
      deliverer.deliverTo(receiver, deliveryOptions);
    },
    verifyCallback: () =>
      deliverer.receiver === undefined
        ? Promise.resolve(false)
        : makeHandshake(deliverer.receiver, world.app.verifyToken, String(Math.floor(now()))),
    settled: () => settle(clock, agenda, deliverer, () => isClosed),
    emit(wanted, type, overrides) {
      state.webhooks.emitEvent(numberOf(wanted), type, overrides);
    },
    redeliver: (deliveryId, body) => deliverer.redeliver(deliveryId, body),
    on: (name, listener) => emitter.on(name, listener),
    snapshot: () => saveState(world, agenda, deliverer),
    get numbers() {
      return [...world.numbers.values()].map((number) => idsOf(world, number));
    },
    get templates() {
      return [...world.wabas.values()].flatMap(({ templates: own }) =>
        [...own.keys()].map((id) => createTemplateHandle(state, templates, id)),
      );
    },
    get customers() {
      return [...world.people.keys()].map(customers.of);
    },
    deliveries: deliverer.deliveries,
    get sent() {
      return [...world.sent.values()];
    },
    requests: server.requests,
    throughput(wanted) {
      const { acceptedAtMs, throughput } = numberOf(wanted);
      const since = now() - 1_000;
      let inLastSecond = 0;
      for (let index = acceptedAtMs.length - 1; (acceptedAtMs[index] ?? since) > since; index -= 1) inLastSecond += 1;
      return { inLastSecond, limit: throughput };
    },
    maxInOneSecond(phoneNumberId) {
      const numbers = phoneNumberId === undefined ? [...world.numbers.values()] : [numberOf(phoneNumberId)];
      return Math.max(0, ...numbers.map(({ acceptedAtMs }) => maxInOneSecond(acceptedAtMs)));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The members that create, connect and find numbers. */
function numberMembers(
  { world, state, lifecycle }: FakeParts,
  numberOf: (number: FakeNumber | string) => BusinessNumber,
): Pick<
  FakeCloudApi,
  'coexistenceNumber' | 'cloudApiNumber' | 'businessAppNumber' | 'signup' | 'phone' | 'routeThreads' | 'thread' | 'revokeUsername'
> {
  const phones = new Map<string, FakePhone>();
  const appNumberOf = (wanted: FakeNumber | string): BusinessNumber => {
    const number = numberOf(wanted);
    if (!number.isOnBizApp) {
      throw new InvalidArgumentError('createFakeCloudApi', 'number', `${number.displayPhoneNumber} is not on the WhatsApp Business app`);
    }
    return number;
  };
  const readyNumber = (numberOptions: FakeNumberOptions | undefined, isOnBizApp: boolean): FakeReadyNumber => {
    const number = addNumber(world, numberOptions ?? {}, isOnBizApp);
    lifecycle.link(number);
    world.wabas.get(number.wabaId)?.subscribedAppIds.add(world.app.id);
    return { ...idsOf(world, number), accessToken: issueToken(world, { wabaIds: [number.wabaId] }).value };
  };
  return {
    coexistenceNumber: (numberOptions) => readyNumber(numberOptions, true),
    cloudApiNumber: (numberOptions) => readyNumber(numberOptions, false),
    businessAppNumber: (numberOptions) => idsOf(world, addNumber(world, numberOptions ?? {}, true)),
    signup(wanted, { wabaIds = [], scopes, tokenExpires = true } = {}) {
      const number = appNumberOf(wanted);
      lifecycle.link(number);
      const code = world.ids.code();
      const granted = wabaIds === 'all' ? undefined : wabaIds.length === 0 ? [number.wabaId] : wabaIds;
      const grant = { wabaIds: granted, scopes, expiresInSeconds: tokenExpires ? businessTokenSeconds : undefined };
      world.codes.set(code, { wabaId: number.wabaId, grant, expiresAtMs: world.now() + codeLivesMs, used: false });
      return {
        code,
        sessionEvent: {
          type: 'WA_EMBEDDED_SIGNUP',
          event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING',
          version: 3,
          data: { waba_id: number.wabaId },
        },
      };
    },
    phone(wanted) {
      const number = appNumberOf(wanted);
      const phone = phones.get(number.id) ?? createPhone(state, lifecycle, number);
      phones.set(number.id, phone);
      return phone;
    },
    routeThreads(wanted, routing) {
      routeThreads(numberOf(wanted), routing);
    },
    thread: (wanted, customerWaId) => createThread(state, numberOf(wanted), digitsOf(customerWaId)),
    revokeUsername(wanted) {
      const number = numberOf(wanted);
      if (!number.username) throw new InvalidArgumentError('fake.revokeUsername', 'number', `${number.displayPhoneNumber} has no username`);
      setUsername(state, number, undefined, 'revoked');
    },
  };
}

/** The handles of customers. They have no state, so those that no program uses can go. */
function createCustomers(state: FakeState): {
  readonly of: (waId: string) => FakeCustomer;
  readonly customer: FakeCloudApi['customer'];
} {
  const handles = new Map<string, WeakRef<FakeCustomer>>();
  const customerOf = (waId: string): FakeCustomer => {
    const known = handles.get(waId)?.deref();
    if (known) return known;
    const customer = createCustomer(state, personOf(state.world, waId), customerOf);
    handles.set(waId, new WeakRef(customer));
    return customer;
  };
  return {
    of: customerOf,
    customer(wanted, customerOptions = {}) {
      const waId = digitsOf(wanted);
      const customer = customerOf(waId);
      const { online, ...changes } = customerOptions;
      Object.assign(personOf(state.world, waId), changes);
      if (online !== undefined) customer.setOnline(online);
      return customer;
    },
  };
}

function checkOptions(options: FakeCloudApiOptions): void {
  const owner = 'createFakeCloudApi';
  checkNumbers(owner, options, {
    seed: { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER },
    templateReviewMs: { min: 0, unit: 'ms' },
    maxMessages: { max: 100_000_000 },
  });
  for (const name of ['appId', 'appSecret', 'verifyToken', 'mediaUrl'] as const) {
    // Callers without TypeScript may pass anything.
    const value: unknown = options[name];
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw new InvalidArgumentError(owner, name, 'must be a text that is not empty');
  }
  if (options.subscribedFields !== undefined && !Array.isArray(options.subscribedFields))
    throw new InvalidArgumentError(owner, 'subscribedFields', 'must be an array');
  // Callers without TypeScript may pass anything.
  const messageIds: unknown = options.messageIds;
  if (messageIds !== undefined && messageIds !== 'both-spellings' && messageIds !== 'one-spelling')
    throw new InvalidArgumentError(owner, 'messageIds', "must be 'both-spellings' or 'one-spelling'");
  checkPolicy(owner, options.policy);
  if (options.delivery !== undefined) checkDeliveryOptions(owner, options.delivery);
}
