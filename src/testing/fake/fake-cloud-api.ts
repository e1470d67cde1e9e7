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

/** Options of {@link createFakeCloudApi}. */
export interface FakeCloudApiOptions {
  /** The clock. Pass the same one to the library, for example {@link fakeClock}. @defaultValue the system clock */
  readonly clock?: Clock | undefined;
  /** Seed of all random values: IDs, order, duplicates and faults. @defaultValue 1 */
  readonly seed?: number | undefined;
  /** @defaultValue `'900100200300400'` */
  readonly appId?: string | undefined;
  /** Signs webhooks and exchanges codes. @defaultValue `'fake-app-secret'` */
  readonly appSecret?: string | undefined;
  /** Verify token of the receiver. @defaultValue `'fake-verify-token'` */
  readonly verifyToken?: string | undefined;
  /**
   * Webhook fields that the app subscribed to.
   * @defaultValue `messages`, `account_update`, `history`, `smb_app_state_sync`, `smb_message_echoes`
   */
  readonly subscribedFields?: readonly string[] | undefined;
  /** How webhooks are delivered. @defaultValue in order, one change per request, without duplicates */
  readonly delivery?: FakeDeliveryOptions | undefined;
  /** Meta's rules: throughput, windows, days. @defaultValue `coexistencePolicy()`, today's */
  readonly policy?: CoexistencePolicy | undefined;
  /** Milliseconds until a new or edited template is approved (or rejected, if its variables have no samples). @defaultValue 60 000 */
  readonly templateReviewMs?: number | undefined;
  /**
   * How wamids spell the customer. Meta names one message by several wamids: the customer's part contains the phone number in one and the user
   * ID in another. With `'both-spellings'`, quotes, reactions, edits, deletions, statuses and history contain the other wamid of the message,
   * as public reports describe it. With `'one-spelling'`, a message has the same wamid everywhere. Requests accept both.
   * @defaultValue `'both-spellings'`
   */
  readonly messageIds?: 'both-spellings' | 'one-spelling' | undefined;
  /** Base URL of files in webhooks. @defaultValue `'https://lookaside.fbsbx.com'` */
  readonly mediaUrl?: string | undefined;
  /**
   * Maximum number of stored messages, deliveries and requests. The fake removes the oldest ones from chats, `sent`,
   * `inbox`, `deliveries` and `requests`. It removes pending deliveries last, with the reason `too-many`.
   * @defaultValue no limit
   */
  readonly maxMessages?: number | undefined;
  /** The `snapshot()` of another fake, to continue from. @defaultValue no businesses */
  readonly snapshot?: FakeSnapshot | undefined;
}

/** The Meta app of the developer. */
export interface FakeApp {
  readonly id: string;
  readonly secret: string;
  readonly verifyToken: string;
  /** The subscribed webhook fields. Delete one to test what happens without it. */
  readonly subscribedFields: Set<string>;
}

/** Options of a new number. The fake invents missing IDs. */
export interface FakeNumberOptions {
  /** The number, in any format. @defaultValue an invented `+1 555-01x-xxxx` */
  readonly displayPhoneNumber?: string | undefined;
  /** @defaultValue `'Harbor Bakery'` */
  readonly verifiedName?: string | undefined;
  readonly phoneNumberId?: string | undefined;
  /** WABA of the number. The fake creates it if it doesn't exist. */
  readonly wabaId?: string | undefined;
  /** The portfolio that a new WABA belongs to. */
  readonly businessId?: string | undefined;
  /** Messages per second. @defaultValue the policy's value for a coexistence number, otherwise 80 */
  readonly throughput?: number | undefined;
  /** Whether it has the badge of an Official Business Account, which groups need. @defaultValue `false` */
  readonly officialBusinessAccount?: boolean | undefined;
  /** Time zone of a new WABA, an IANA name: prices and the free tier of service messages change at its midnight. @defaultValue `'UTC'` */
  readonly timeZone?: string | undefined;
  /** Whether a new WABA can pay. Without it, messages that Meta charges for fail with 131042. @defaultValue `true` */
  readonly hasPaymentMethod?: boolean | undefined;
}

/** The IDs of a number. */
export interface FakeNumber {
  /** The portfolio that owns the WABA. */
  readonly businessId: string;
  readonly wabaId: string;
  /** Phone number ID. */
  readonly phoneNumberId: string;
  /** Formatted, as `+1 555-010-0123`. */
  readonly displayPhoneNumber: string;
  /** The name that customers see. */
  readonly verifiedName: string;
  /** The number as digits. */
  readonly waId: string;
}

/** A number with a token, ready to use. */
export interface FakeReadyNumber extends FakeNumber {
  /** A business token of the WABA. It doesn't expire. */
  readonly accessToken: string;
}

/** Meta's message to the page at the end of the coexistence flow of Embedded Signup. It only contains the WABA ID. */
export interface FakeSessionEvent {
  readonly type: 'WA_EMBEDDED_SIGNUP';
  readonly event: 'FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING';
  readonly version: 3;
  readonly data: { readonly waba_id: string };
}

/** Result of Embedded Signup. */
export interface FakeSignup {
  /** It works only once, within 30 seconds. */
  readonly code: string;
  readonly sessionEvent: FakeSessionEvent;
}

/** What a business grants in the dialog of Embedded Signup. */
export interface FakeSignupOptions {
  /**
   * The WABAs that the business selects in the dialog. With `'all'`, the token has no targets, and reaches all WABAs.
   * @defaultValue the WABA of the number
   */
  readonly wabaIds?: readonly string[] | 'all' | undefined;
  /** @defaultValue `whatsapp_business_management` and `whatsapp_business_messaging` */
  readonly scopes?: readonly string[] | undefined;
  /** Whether the token expires after 60 days. The login configuration of the app decides this. @defaultValue `true` */
  readonly tokenExpires?: boolean | undefined;
}

/** A token to issue. */
export interface FakeTokenOptions {
  /** WABAs that the token can access. @defaultValue all */
  readonly wabaIds?: readonly string[] | undefined;
  /** @defaultValue `whatsapp_business_management` and `whatsapp_business_messaging` */
  readonly scopes?: readonly string[] | undefined;
  /** Seconds until it expires. @defaultValue never */
  readonly expiresInSeconds?: number | undefined;
}

/** Values of a webhook. The number and the clock of the fake provide the IDs and the time. */
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
  /** The components in Meta's shape. @defaultValue only the body */
  readonly components?: readonly Readonly<Record<string, unknown>>[] | undefined;
}

/** A file of {@link FakeCloudApi.file}. */
export interface FakeFile {
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** A message that the fake accepted. */
export interface FakeSentMessage {
  readonly id: string;
  readonly phoneNumberId: string;
  /** The recipient's number: digits. */
  readonly to: string;
  readonly type: string;
  /** The body of the request. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly acceptedAt: Date;
  /** Time of acceptance on the monotonic clock of the fake. */
  readonly acceptedAtMs: number;
  /** The current status. */
  readonly status: 'accepted' | 'sent' | 'delivered' | 'read' | 'played' | 'failed';
}

/**
 * A fake of Meta's Cloud API with businesses, phones and customers, in memory. It enforces Meta's rules, returns Meta's
 * error codes, and delivers signed webhooks. {@link createFakeCloudApi} creates it.
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
  /** Responds as `https://graph.facebook.com`. Pass it as the client's `fetch`, or use it in a server. */
  readonly fetch: typeof fetch;
  /** The same without `Request` and `Response`, for faster servers. */
  answer(request: FakeRequest): Promise<FakeResponse>;
  /** The clock of the options. Meta's time follows the monotonic clock, so a step of the wall clock doesn't change it. */
  readonly clock: Clock;
  readonly app: FakeApp;
  readonly faults: FakeFaults;

  /** Creates a number on the Business app and on the API: just onboarded, subscribed, with a token. */
  coexistenceNumber(options?: FakeNumberOptions): FakeReadyNumber;
  /** Creates a number that is only on the Business app. `signup` connects it to the API. */
  businessAppNumber(options?: FakeNumberOptions): FakeNumber;
  /** Creates a number that is only on the API, subscribed, with a token. */
  cloudApiNumber(options?: FakeNumberOptions): FakeReadyNumber;
  /**
   * Runs the coexistence flow of Embedded Signup for a number. It links the number to the API, unlinks its companions, and
   * starts the 24 hours in which you can request contacts and history.
   *
   * @param number - A number on the Business app.
   * @param options - What the business grants.
   * @throws `Error` if the number isn't on the Business app.
   */
  signup(number: FakeNumber | string, options?: FakeSignupOptions): FakeSignup;
  /** Issues a token of the app. */
  issueToken(options?: FakeTokenOptions): string;
  /** Makes a token invalid, for example after a change of the password. */
  revokeToken(accessToken: string): void;
  /** Adds a template to a WABA, or replaces it. Returns its ID. A new WABA has `hello_world`. */
  addTemplate(wabaId: string, template: FakeTemplateOptions): string;
  /** Returns the Business app of a number, by its ID or the number. @throws `Error` if there is none. */
  phone(number: FakeNumber | string): FakePhone;
  /** Returns Meta's actions on a template: approve, reject, pause. @throws `Error` if the ID is unknown. */
  template(templateId: string): FakeTemplate;
  /** Returns a file by its media ID: an upload of your program, or a file of a message. */
  file(mediaId: string): FakeFile | undefined;
  /** Returns the customer with a number, and creates it on the first call. Options change the customer. */
  customer(waId: string, options?: FakeCustomerOptions): FakeCustomer;

  /**
   * Adds responders other than the app to a number, as Conversation Routing does: Meta Business Agent, an escalation partner. Service messages
   * into threads of another responder fail with 131070 unless the app is the escalation partner, and messages of the customer arrive as
   * `standby`.
   */
  routeThreads(number: FakeNumber | string, options?: FakeRoutingOptions): void;
  /** Returns the actions of the other responders on a thread, for example to pass it to the app. */
  thread(number: FakeNumber | string, customerWaId: string): FakeThread;
  /**
   * Meta takes the username of a business away: `business_username_updates` with the context `revoked`. It has no customer.
   *
   * @throws `Error` if the number has no username.
   */
  revokeUsername(number: FakeNumber | string): void;

  /**
   * Sends a health check to the endpoint of a Flow, encrypted with the key of the number and signed. Meta does this before
   * it publishes a Flow, and from time to time.
   *
   * @param number - A number of the WABA of the Flow.
   * @param endpoint - An address, or a function such as `endpoint.fetch`.
   * @returns whether the endpoint is active.
   */
  checkFlowEndpoint(number: FakeNumber | string, endpoint: FakeReceiver): Promise<boolean>;
  /** Sets the receiver of webhooks: an address, or a function such as `webhooks.fetch`. Without it, they are dropped. */
  deliverTo(receiver: FakeReceiver, options?: FakeDeliveryOptions): void;
  /** Sends Meta's handshake to the receiver, and returns whether it passed. */
  verifyCallback(): Promise<boolean>;
  /**
   * Resolves when no webhook is in flight or due. On a `fakeClock`, it advances the clock to the next due time, and for a
   * receiver that waits for the clock. On the system clock, it waits.
   *
   * A delivery without a 200 is retried after 1 and 2 seconds. If the third attempt fails, too, `settled` rejects, and the clock stays there.
   * The delivery remains due: advance the clock to its next retry, or pass a receiver that works to `deliverTo` and call `settled` again.
   *
   * @throws `FakeDeliveryError` with the handler's error as its `cause`, if the receiver is `webhooks.fetch`.
   */
  settled(): Promise<void>;
  /**
   * Delivers a webhook of a type, with the payload of {@link webhookPayload} for a number of the fake. It drops fields that
   * the app isn't subscribed to.
   */
  emit<Type extends WebhookEvent['type']>(number: FakeNumber | string, type: Type, overrides?: FakeEmitOverrides<Type>): void;
  /**
   * Delivers a webhook again, like Meta after a lost response.
   *
   * @param deliveryId - The `id` of a delivery in `deliveries`.
   * @param body - The JSON of the new delivery. The fake signs it. Default: the body of the original.
   * @returns the new delivery. Its `duplicateOf` is `deliveryId`.
   * @throws `InvalidArgumentError` if there is no such delivery.
   */
  redeliver(deliveryId: number, body?: string): FakeDelivery;
  /** Calls `listener` for requests, deliveries and changes. Returns a function that removes it. */
  on<Name extends keyof FakeEvents>(name: Name, listener: (event: FakeEvents[Name]) => void): () => void;
  /**
   * Returns the state as JSON for `createFakeCloudApi({ snapshot })`. It doesn't contain faults, the receiver and the clock.
   */
  snapshot(): FakeSnapshot;
  /** All numbers, linked or not. */
  readonly numbers: readonly FakeNumber[];
  /** All templates of all WABAs. */
  readonly templates: readonly FakeTemplate[];
  /** All customers. */
  readonly customers: readonly FakeCustomer[];
  /** All webhook requests with their attempts, including dropped ones without a subscription. */
  readonly deliveries: readonly FakeDelivery[];
  /** All accepted messages, in order. */
  readonly sent: readonly FakeSentMessage[];
  /** All requests, oldest first. */
  readonly requests: readonly FakeRequestRecord[];
  /** Returns the messages of a number in the last second, and its limit. */
  throughput(number: FakeNumber | string): { readonly inLastSecond: number; readonly limit: number };
  /** Returns the maximum of messages within one second for a number, or for any number without the parameter. */
  maxInOneSecond(phoneNumberId?: string): number;
  /** Ends all timers and deliveries. */
  close(): Promise<void>;
}
