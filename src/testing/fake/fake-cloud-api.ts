import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { FakeCustomer, FakeCustomerOptions } from './fake-customer.js';
import type { FakeDelivery, FakeDeliveryOptions, FakeReceiver } from './fake-delivery.js';
import type { FakeEvents } from './fake-events.js';
import type { FakeFaults } from './fake-faults.js';
import type { FakePhone } from './fake-phone.js';
import type { FakeResponse, FakeRequest, FakeRequestRecord } from './fake-request.js';
import type { FakeSnapshot } from './fake-snapshot.js';
import type { FakeTemplate } from './fake-template.js';
import type { FakeRoutingOptions, FakeThread } from './fake-thread.js';
import type { WebhookEvent } from '../../webhooks/fields/registry.js';
import type { WebhookPayloadOverrides } from '../payloads/payload-overrides.js';

/** Options of `createFakeCloudApi`. */
export interface FakeCloudApiOptions {
  /** Where time comes from; give the same one to the library. @defaultValue the machine's clock; tests pass `fakeClock()` */
  readonly clock?: Clock | undefined;
  /** Everything that is drawn by lot (ids, order, duplicates, faults) comes from it. @defaultValue 1 */
  readonly seed?: number | undefined;
  /** @defaultValue `'900100200300400'` */
  readonly appId?: string | undefined;
  /** Signs webhooks and exchanges codes. @defaultValue `'fake-app-secret'` */
  readonly appSecret?: string | undefined;
  /** What the receiver of the webhooks expects at the handshake. @defaultValue `'fake-verify-token'` */
  readonly verifyToken?: string | undefined;
  /** Webhook fields that the app subscribed to. @defaultValue `messages`, `account_update`, `history`, `smb_app_state_sync`, `smb_message_echoes` */
  readonly subscribedFields?: readonly string[] | undefined;
  /** How webhooks are delivered. @defaultValue in order, one change a request, none twice */
  readonly delivery?: FakeDeliveryOptions | undefined;
  /** Meta's rules: throughput, windows, days. @defaultValue `coexistencePolicy()`, today's */
  readonly policy?: CoexistencePolicy | undefined;
  /** Milliseconds until a new or edited template is approved (or rejected, if its variables have no samples). @defaultValue 60 000 */
  readonly templateReviewMs?: number | undefined;
  /**
   * How wamids spell the customer. Meta names one message by several wamids: the customer's part contains the phone number in one and the user ID
   * in another. With `'both-spellings'`, quotes, reactions, edits, deletions, statuses and history contain the other wamid of the message, as
   * public reports describe it. With `'one-spelling'`, a message has the same wamid everywhere. Requests accept both.
   * @defaultValue `'both-spellings'`
   */
  readonly messageIds?: 'both-spellings' | 'one-spelling' | undefined;
  /** Where webhooks say that files can be loaded: the address of a server, if one listens. @defaultValue `'https://lookaside.fbsbx.com'` */
  readonly mediaUrl?: string | undefined;
  /**
   * Maximum of stored messages, of deliveries and of requests. The oldest are dropped: from chats, `sent`, `inbox`, `deliveries` and `requests`.
   * Deliveries that your receiver hasn't taken yet go last, and have the reason `too-many`. @defaultValue no limit
   */
  readonly maxMessages?: number | undefined;
  /** Takes up where another fake stood: what its `snapshot()` gave. @defaultValue a world without businesses */
  readonly snapshot?: FakeSnapshot | undefined;
}

/** The Meta app of the developer. */
export interface FakeApp {
  readonly id: string;
  readonly secret: string;
  readonly verifyToken: string;
  /** Webhook fields that it subscribed to; take one away to see what happens without it. */
  readonly subscribedFields: Set<string>;
}

/** What a new number is like. Ids that are not given are made up. */
export interface FakeNumberOptions {
  /** The number, in any format. @defaultValue a made-up `+1 555-01x-xxxx` */
  readonly displayPhoneNumber?: string | undefined;
  /** @defaultValue `'Harbor Bakery'` */
  readonly verifiedName?: string | undefined;
  readonly phoneNumberId?: string | undefined;
  /** An existing WABA gets the number; any other is made. */
  readonly wabaId?: string | undefined;
  /** The portfolio that a new WABA belongs to. */
  readonly businessId?: string | undefined;
  /** Messages a second. @defaultValue the policy's for a number on the Business app, else 80 */
  readonly throughput?: number | undefined;
  /** Whether it has the badge of an Official Business Account, which groups need. @defaultValue `false` */
  readonly officialBusinessAccount?: boolean | undefined;
  /** Time zone of a new WABA, an IANA name: prices and the free tier of service messages change at its midnight. @defaultValue `'UTC'` */
  readonly timeZone?: string | undefined;
  /** Whether a new WABA can pay. Without it, messages that Meta charges for fail with 131042. @defaultValue `true` */
  readonly hasPaymentMethod?: boolean | undefined;
}

/** The ids of a number. */
export interface FakeNumber {
  /** The portfolio that owns the WABA. */
  readonly businessId: string;
  readonly wabaId: string;
  /** Graph id of the number. */
  readonly phoneNumberId: string;
  /** Formatted for people, as `+1 555-010-0123`. */
  readonly displayPhoneNumber: string;
  /** The name that people see. */
  readonly verifiedName: string;
  /** The number as digits. */
  readonly waId: string;
}

/** A number that the app can use at once. */
export interface FakeReadyNumber extends FakeNumber {
  /** A business token for the WABA that does not expire. */
  readonly accessToken: string;
}

/** Meta's message to the page when somebody has finished the coexistence flow of Embedded Signup: the WABA id and nothing more. */
export interface FakeSessionEvent {
  readonly type: 'WA_EMBEDDED_SIGNUP';
  readonly event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING';
  readonly version: 3;
  readonly data: { readonly waba_id: string };
}

/** What Embedded Signup leaves behind. */
export interface FakeSignup {
  /** Lives 30 seconds and works once. */
  readonly code: string;
  readonly sessionEvent: FakeSessionEvent;
}

/** A token to issue. */
export interface FakeTokenOptions {
  /** The WABAs that it is good for. @defaultValue all */
  readonly wabaIds?: readonly string[] | undefined;
  /** @defaultValue `whatsapp_business_management` and `whatsapp_business_messaging` */
  readonly scopes?: readonly string[] | undefined;
  /** Seconds until it expires. @defaultValue never */
  readonly expiresInSeconds?: number | undefined;
}

/** What can be said of a webhook: place and time are those of the number and of the fake's clock. */
export type FakeEmitOverrides<Type extends WebhookEvent['type']> = Omit<
  WebhookPayloadOverrides[Type],
  'wabaId' | 'phoneNumberId' | 'displayPhoneNumber' | 'occurredAt'
>;

/** A message template of a WABA. */
export interface FakeTemplateOptions {
  readonly name: string;
  /** @defaultValue `'en_US'` */
  readonly language?: string | undefined;
  /** @defaultValue `'UTILITY'` */
  readonly category?: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION' | undefined;
  /** @defaultValue `'APPROVED'` */
  readonly status?: string | undefined;
  /** Text of the body, with variables as `{{1}}` or `{{name}}`. @defaultValue a text without variables */
  readonly body?: string | undefined;
  /** The components in Meta's shape. @defaultValue the body alone */
  readonly components?: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** A message that the fake accepted. */
export interface FakeSentMessage {
  readonly id: string;
  readonly phoneNumberId: string;
  /** The recipient's number: digits. */
  readonly to: string;
  readonly type: string;
  /** The body as it came in. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly acceptedAt: Date;
  /** When it was accepted on the fake's monotonic clock. */
  readonly acceptedAtMs: number;
  /** What became of it so far. */
  readonly status: 'accepted' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';
}

/**
 * Meta's Cloud API with the businesses, phones and customers behind it, in memory. It enforces what Meta enforces and answers with Meta's
 * codes, and delivers signed webhooks.
 *
 * @example
 * ```ts
 * import { createClient, sendMessage } from 'wa-coexist';
 * import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
 *
 * const clock = fakeClock();
 * const fake = createFakeCloudApi({ clock });
 * const { phoneNumberId, accessToken } = fake.coexistenceNumber();
 * const mara = fake.customer('15550100987', { name: 'Mara' });
 * mara.send(phoneNumberId, 'Hello');
 *
 * const client = createClient({ accessToken, phoneNumberId, clock, fetch: fake.fetch });
 * await sendMessage(client, { to: mara.waId, type: 'text', text: { body: 'Hello Mara' } });
 * await fake.settled();
 * console.log(mara.inbox.at(-1)?.text);
 * ```
 */
export interface FakeCloudApi extends AsyncDisposable {
  /** Answers as `https://graph.facebook.com` does; the client's `fetch`, or the core of a server: `(Request) => Promise<Response>`. */
  readonly fetch: typeof fetch;
  /** The same without the objects of `fetch`, for servers that want to be quick. */
  answer(request: FakeRequest): Promise<FakeResponse>;
  /** The clock that was given. Meta's own time runs with its monotonic side: a step of the wall clock is the machine's, not Meta's. */
  readonly clock: Clock;
  readonly app: FakeApp;
  readonly faults: FakeFaults;

  /** A number on the Business app and on the API: onboarded this moment, subscribed, with a token. */
  coexistenceNumber(options?: FakeNumberOptions): FakeReadyNumber;
  /** A number on the Business app only: `signup` brings it to the API. */
  businessAppNumber(options?: FakeNumberOptions): FakeNumber;
  /** A number on the API only, subscribed, with a token. */
  cloudApiNumber(options?: FakeNumberOptions): FakeReadyNumber;
  /**
   * Goes through the coexistence flow of Embedded Signup on the phone of a number: links it to the API, unlinks its companions, and starts
   * the 24 hours in which contacts and history can be asked for. @throws `Error` if there is no such number on the Business app.
   */
  signup(number: FakeNumber | string): FakeSignup;
  /** Issues a token of the app. */
  issueToken(options?: FakeTokenOptions): string;
  /** Makes a token invalid, as when somebody changes a password. */
  revokeToken(accessToken: string): void;
  /** Adds a template to a WABA, or replaces it. A new WABA has `hello_world`. Gives the id. */
  addTemplate(wabaId: string, template: FakeTemplateOptions): string;
  /** The Business app of a number, by Graph id or by the number itself. @throws `Error` if there is none. */
  phone(number: FakeNumber | string): FakePhone;
  /** What Meta does to a template: approve, reject, pause. By id. @throws `Error` if there is none. */
  template(templateId: string): FakeTemplate;
  /** A person with WhatsApp; the same one for the same number. Options change what is known of the person. */
  customer(waId: string, options?: FakeCustomerOptions): FakeCustomer;

  /**
   * Adds responders other than the app to a number, as Conversation Routing does: Meta Business Agent, an escalation partner. Service messages into
   * threads of another responder fail with 131070 unless the app is the escalation partner, and messages of the customer arrive as `standby`.
   */
  routeThreads(number: FakeNumber | string, options?: FakeRoutingOptions): void;
  /** What the other responders of a number do with a thread, for example pass it to the app. */
  thread(number: FakeNumber | string, customerWaId: string): FakeThread;
  /**
   * Meta takes the username of a business away: `business_username_updates` with the context `revoked`. It has no customer.
   *
   * @throws `Error` if the number has no username.
   */
  revokeUsername(number: FakeNumber | string): void;

  /** Where webhooks go: an address, or a function such as `webhooks.fetch`. Until then they are dropped. */
  deliverTo(receiver: FakeReceiver, options?: FakeDeliveryOptions): void;
  /** Makes the GET handshake that Meta makes when a callback is set, and tells whether the receiver passed it. */
  verifyCallback(): Promise<boolean>;
  /**
   * Resolves when no webhook is on its way and none is due. On a `fakeClock` it advances the clock to what is due, and for a receiver that
   * waits for the clock; on the machine's clock it waits.
   *
   * A delivery without a 200 is retried after 1 and 2 seconds. If the third attempt fails, too, `settled` rejects, and the clock stays there.
   * The delivery remains due: advance the clock to its next retry, or pass a receiver that works to `deliverTo` and call `settled` again.
   *
   * @throws `FakeDeliveryError` with the handler's error as its `cause`, if the receiver is `webhooks.fetch`.
   */
  settled(): Promise<void>;
  /**
   * Delivers any webhook that the library knows, with everything made up that is not said: the payloads of `webhookPayload`, from a number of
   * the fake. Fields that the app is not subscribed to are dropped, as everywhere.
   */
  emit<Type extends WebhookEvent['type']>(number: FakeNumber | string, type: Type, overrides?: FakeEmitOverrides<Type>): void;
  /** Calls `listener` at requests, deliveries and changes. Returns a function that removes it. */
  on<Name extends keyof FakeEvents>(name: Name, listener: (event: FakeEvents[Name]) => void): () => void;
  /**
   * All that the fake knows, as JSON: give it to `createFakeCloudApi({ snapshot })` later. Faults, the receiver and a `fakeClock` are not in it.
   */
  snapshot(): FakeSnapshot;
  /** Every number, linked or not. */
  readonly numbers: readonly FakeNumber[];
  /** Everybody who was ever named. */
  readonly customers: readonly FakeCustomer[];
  /** Every webhook request, with its attempts, and those dropped for want of a subscription. */
  readonly deliveries: readonly FakeDelivery[];
  /** Every accepted message, in the order of acceptance. */
  readonly sent: readonly FakeSentMessage[];
  /** Every request answered, oldest first. */
  readonly requests: readonly FakeRequestRecord[];
  /** How much of its throughput a number has used up in the last second, and how much it has. */
  throughput(number: FakeNumber | string): { readonly inLastSecond: number; readonly limit: number };
  /** The most messages of a number that were accepted within any one second. @defaultValue over all numbers, each for itself */
  maxInOneSecond(phoneNumberId?: string): number;
  /** Ends all timers and deliveries. */
  close(): Promise<void>;
}
