import { coexistencePolicy } from '../../policy/policy.js';
import { systemClock } from '../../runtime/clock.js';
import { createAgenda } from './agenda.js';
import { addNumber, addTemplate, idsOf } from './build-world.js';
import { createCustomer } from './create-customer.js';
import { createDeliverer } from './deliverer.js';
import { createFaults } from './create-faults.js';
import { createPhone } from './create-phone.js';
import type { FakeCloudApi, FakeCloudApiOptions, FakeNumber, FakeNumberOptions, FakeReadyNumber } from './fake-cloud-api.js';
import type { FakeCustomer } from './fake-customer.js';
import type { FakePhone } from './fake-phone.js';
import type { FakeState } from './fake-state.js';
import { fetchOf } from './fetch.js';
import { createGraphServer } from './graph-server.js';
import { createIds } from './ids.js';
import { createLifecycle } from './lifecycle.js';
import { mostInOneSecond } from './limits.js';
import { makeHandshake } from './post-webhook.js';
import { createRandom } from './random.js';
import { settle } from './settle.js';
import { issueToken } from './tokens.js';
import { createWebhookSource } from './webhooks.js';
import { createWorld, digitsOf, findNumber, personOf, type BusinessNumber } from './world.js';

/** What coexistence needs. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026). */
const usualFields = ['messages', 'account_update', 'history', 'smb_app_state_sync', 'smb_message_echoes'] as const;
/** A code of Embedded Signup lives so long. Source: Meta, Embedded Signup implementation (20 Feb 2026). */
const codeLivesMs = 30_000;

/**
 * Makes a Cloud API of one's own, with businesses, phones and customers.
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
  const clock = options.clock ?? systemClock;
  const seed = options.seed ?? 1;
  const world = createWorld({
    clock,
    seed,
    ids: createIds(seed),
    policy: options.policy ?? coexistencePolicy({ asOf: new Date(clock.now()) }),
    app: {
      id: options.appId ?? '900100200300400',
      secret: options.appSecret ?? 'fake-app-secret',
      verifyToken: options.verifyToken ?? 'fake-verify-token',
      subscribedFields: new Set(options.subscribedFields ?? usualFields),
    },
  });
  const agenda = createAgenda(clock);
  const deliverer = createDeliverer({
    clock,
    now: world.now,
    app: world.app,
    agenda,
    random: createRandom(seed, 'delivery'),
    options: options.delivery ?? {},
  });
  const state: FakeState = { world, agenda, webhooks: createWebhookSource(world, deliverer) };
  const lifecycle = createLifecycle(state);
  const faults = createFaults(createRandom(seed, 'faults'));
  const server = createGraphServer(state, faults, deliverer);
  const phones = new Map<string, FakePhone>();
  const customers = new Map<string, FakeCustomer>();
  let isClosed = false;

  const numberOf = (number: FakeNumber | string): BusinessNumber => {
    const wanted = typeof number === 'string' ? number : number.phoneNumberId;
    const found = findNumber(world, wanted);
    if (!found) throw new Error(`No business has the number or phone number id ${wanted}.`);
    return found;
  };
  const readyNumber = (numberOptions: FakeNumberOptions | undefined, isOnBizApp: boolean): FakeReadyNumber => {
    const number = addNumber(world, numberOptions ?? {}, isOnBizApp);
    lifecycle.link(number);
    world.wabas.get(number.wabaId)?.subscribedAppIds.add(world.app.id);
    return { ...idsOf(world, number), accessToken: issueToken(world, { wabaIds: [number.wabaId] }).value };
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

    coexistenceNumber: (numberOptions) => readyNumber(numberOptions, true),
    cloudApiNumber: (numberOptions) => readyNumber(numberOptions, false),
    businessAppNumber: (numberOptions) => idsOf(world, addNumber(world, numberOptions ?? {}, true)),
    signup(wanted) {
      const number = numberOf(wanted);
      if (!number.isOnBizApp) throw new Error(`${number.displayPhoneNumber} is not on the WhatsApp Business app.`);
      lifecycle.link(number);
      const code = world.ids.code();
      world.codes.set(code, { wabaId: number.wabaId, expiresAtMs: world.now() + codeLivesMs, used: false });
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
    issueToken: (tokenOptions) => issueToken(world, tokenOptions).value,
    revokeToken(accessToken) {
      const token = world.tokens.get(accessToken);
      if (token) token.revoked = true;
    },
    addTemplate: (wabaId, template) => addTemplate(world, wabaId, template),
    phone(wanted) {
      const number = numberOf(wanted);
      if (!number.isOnBizApp) throw new Error(`${number.displayPhoneNumber} is not on the WhatsApp Business app.`);
      const phone = phones.get(number.id) ?? createPhone(state, lifecycle, number);
      phones.set(number.id, phone);
      return phone;
    },
    customer(wanted, customerOptions = {}) {
      const waId = digitsOf(wanted);
      const person = personOf(world, waId);
      const customer = customers.get(waId) ?? createCustomer(state, person);
      customers.set(waId, customer);
      const { online, ...changes } = customerOptions;
      Object.assign(person, changes);
      if (online !== undefined) customer.setOnline(online);
      return customer;
    },

    deliverTo: deliverer.deliverTo,
    verifyCallback: () =>
      deliverer.receiver === undefined
        ? Promise.resolve(false)
        : makeHandshake(deliverer.receiver, world.app.verifyToken, String(Math.floor(world.now()))),
    settled: () => settle(clock, agenda, deliverer, () => isClosed),
    deliveries: deliverer.deliveries,
    sent: world.sent,
    requests: server.requests,
    mostInOneSecond(phoneNumberId) {
      const numbers = phoneNumberId === undefined ? [...world.numbers.values()] : [numberOf(phoneNumberId)];
      return Math.max(0, ...numbers.map(({ acceptedAtMs }) => mostInOneSecond(acceptedAtMs)));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
