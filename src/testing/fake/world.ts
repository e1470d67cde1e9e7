import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Customer } from '../../webhooks/events/base.js';
import { digitsOf } from './digits.js';
import type { FakeApp, FakeSentMessage } from './fake-cloud-api.js';
import type { FakeTypedContent } from './fake-content.js';
import type { FakeInboxMessage } from './fake-customer.js';
import type { FakeChange } from './fake-events.js';
import type { FakeCompanion, FakeContact, FakeHistorySyncOptions } from './fake-phone.js';
import type { Ids } from './ids.js';
import type { FakeThreadRole } from './fake-thread.js';

/** What `smb_app_data` can be asked for. */
export type SyncType = 'smb_app_state_sync' | 'history';
/** An object as Graph answers it. */
export type Answer = Readonly<Record<string, unknown>>;

/** Both wamids of one message: with the customer's number, and with the user ID. */
export interface MessageSpellings {
  readonly number: string;
  readonly userId: string;
}

/** A callback in the place of the app's. */
export interface CallbackOverride {
  readonly callbackUrl: string;
  readonly verifyToken: string;
}

/** A WhatsApp Business Account. */
export interface Waba {
  readonly id: string;
  readonly businessId: string;
  name: string;
  /** Apps that get its webhooks. */
  readonly subscribedAppIds: Set<string>;
  override: CallbackOverride | undefined;
  /** By id. */
  readonly templates: Map<string, Template>;
  /** When templates were created, by Meta's time: 100 an hour. */
  readonly templateCreationsAtMs: number[];
  /** What was set at the node itself. */
  settings: Answer;
  /** Tasks by user. */
  readonly assignedUsers: Map<string, readonly string[]>;
  /** When its management calls were made, by Meta's time. */
  readonly callsAtMs: number[];
  /** IANA name. Older snapshots lack it, which means UTC. */
  readonly timeZone?: string;
  /** Whether Meta delivers free messages only. */
  readonly lacksPaymentMethod?: boolean;
}

export interface Template {
  readonly id: string;
  readonly wabaId: string;
  readonly name: string;
  readonly language: string;
  category: string;
  previousCategory: string | undefined;
  status: string;
  components: readonly Answer[];
  readonly parameterFormat: string;
  rejectedReason: string;
  quality: string;
  /** Everything else that it was created or edited with. */
  more: Answer;
  updatedAtMs: number;
  readonly editsAtMs: number[];
  /** How often it was paused for its quality: 3 hours, 6 hours, and then it is disabled. */
  pauses: number;
}

/** The `pricing` object of statuses: per message since 1 Jul 2025. */
export interface Pricing {
  readonly billable: boolean;
  readonly pricing_model: 'PMP';
  readonly type: 'regular' | 'free_customer_service' | 'free_entry_point';
  readonly category: 'marketing' | 'marketing_lite' | 'utility' | 'authentication' | 'service' | 'referral_conversion';
}

/** A message in the chats of a number. */
export interface ChatMessage {
  /** The wamid under which it first appeared. */
  readonly id: string;
  /** Both wamids; missing for messages of older snapshots. */
  readonly spellings?: MessageSpellings;
  readonly phoneNumberId: string;
  /** Changes with the customer's number. */
  customerWaId: string;
  readonly sender: 'customer' | 'app' | 'api';
  readonly atMs: number;
  content: FakeTypedContent;
  /** The `id` of the message that it quotes. */
  readonly quotes?: string;
  status: 'SENT' | 'DELIVERED' | 'READ' | 'PLAYED' | 'PENDING' | 'ERROR';
  edited?: boolean;
  deleted: boolean;
  /** How often the number had been onboarded when it was written: only what is older than the last time is history. */
  readonly era: number;
  /** What it costs, if it was sent through the API. A service message is priced again when it is delivered. */
  pricing?: Pricing;
  /** Why it will fail after all, as an element of `errors[]`. */
  readonly failure?: Answer;
  /** The template that it was made from. */
  readonly templateId?: string;
  /** Delivery-status events, oldest first, if it was sent through the API. */
  readonly events?: { readonly id: string; readonly status: string; readonly atMs: number }[];
}

/** A file with bytes. */
export interface StoredFile {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  /** Missing in older snapshots. */
  readonly origin?: 'upload' | 'webhook';
  /** SHA-256 in hexadecimal digits. */
  readonly sha256: string;
  /** Until when the id is good, by Meta's time: 30 days for uploads, 7 for what came in a webhook. */
  expiresAtMs: number;
}

/** A resumable upload. */
export interface Upload {
  readonly id: string;
  readonly fileType: string;
  readonly fileLength: number;
  bytes: Uint8Array;
}

export interface QrCode {
  readonly code: string;
  prefilledMessage: string;
  readonly image: 'PNG' | 'SVG' | undefined;
}

export interface BusinessNumber {
  readonly id: string;
  readonly wabaId: string;
  /** Digits. */
  readonly waId: string;
  readonly displayPhoneNumber: string;
  verifiedName: string;
  /** The display name that was asked for and is not decided on. */
  newDisplayName: string | undefined;
  /** Messages a second. */
  readonly throughput: number;
  readonly isOnBizApp: boolean;
  /** Whether it has the badge of an Official Business Account, which groups need. */
  readonly isOfficial: boolean;
  /** Whether the API reaches it; `suspended` between a change of device and the reconnection. */
  api: 'linked' | 'suspended' | 'unlinked';
  /** Whether it is registered on the API: a number of the app always is. */
  registered: boolean;
  /** Whether it proved its number, by code or by the app. */
  verified: boolean;
  pin: string | undefined;
  /** When `register` and `deregister` were called, by Meta's time. */
  readonly registrationsAtMs: number[];
  override: CallbackOverride | undefined;
  onboardedAtMs: number;
  /** How often it was onboarded. */
  onboardings: number;
  /** What was asked for since onboarding. */
  readonly syncsRequested: Set<SyncType>;
  sharesHistory: boolean;
  historySync: FakeHistorySyncOptions;
  readonly contacts: Map<string, FakeContact & { readonly changedAtMs: number }>;
  companions: readonly FakeCompanion[];
  lastUsedAtMs: number;
  /** Ids of messages by the customer's number, oldest first. */
  readonly chats: Map<string, string[]>;
  /** When each customer last wrote, since onboarding. */
  readonly lastInboundAtMs: Map<string, number>;
  /** Times of all accepted messages, ascending, by Meta's time. */
  readonly acceptedAtMs: number[];
  /** Until when, by Meta's time, the pair rate of each recipient is used up. */
  readonly pairUsedUntilMs: Map<string, number>;
  /** What was stored at an edge and is given back there, by its name. */
  readonly stored: Map<string, Answer>;
  readonly qrCodes: Map<string, QrCode>;
  /** Numbers of blocked people. */
  readonly blocked: Set<string>;
  username: { readonly username: string; readonly status: string } | undefined;
  /** Deliveries of service messages by month (`2026-10`). */
  serviceDeliveries?: Map<string, number>;
  /** Customers who came from an ad, by number, and until when messages to them are free. */
  entryPoints?: Map<string, { readonly referredAtMs: number; untilMs?: number }>;
  /** Who responds to customers; missing if only the app does. */
  routing?: ThreadRouting;
}

/** Conversation Routing of a number with several responders. */
export interface ThreadRouting {
  /** The role of the app. */
  role: FakeThreadRole;
  /** Who gets a thread without an owner when the customer writes. */
  primary: FakeThreadRole;
  /** The owner of each thread by the customer's number. A thread that is missing is idle. */
  readonly owners: Map<string, FakeThreadRole>;
}

/** A person with WhatsApp. */
export interface Person {
  readonly waId: string;
  userId: string;
  parentUserId?: string;
  name: string;
  username: string | undefined;
  hidesNumber: boolean;
  online: boolean;
  /** Whether the number has WhatsApp at all. */
  reachable: boolean;
  /** Numbers of businesses whose marketing this person has stopped. */
  readonly stopped: Set<string>;
  readonly inbox: Writable<FakeInboxMessage>[];
  /** Messages that wait until the phone is on again. */
  readonly waiting: string[];
}

export interface Token {
  readonly value: string;
  readonly appId: string;
  /** WABAs that it is good for; `undefined`: all. */
  readonly wabaIds: Set<string> | undefined;
  readonly scopes: readonly string[];
  readonly issuedAtMs: number;
  readonly expiresAtMs: number | undefined;
  revoked: boolean;
}

/** A code of Embedded Signup. */
export interface SignupCode {
  readonly wabaId: string;
  readonly expiresAtMs: number;
  used: boolean;
}

export interface Flow {
  readonly id: string;
  readonly wabaId: string;
  name: string;
  categories: readonly string[];
  status: 'DRAFT' | 'PUBLISHED' | 'DEPRECATED';
  json: string | undefined;
  endpointUri: string | undefined;
  applicationId: string | undefined;
  updatedAtMs: number;
}

export interface Group {
  readonly id: string;
  readonly phoneNumberId: string;
  subject: string;
  description: string | undefined;
  readonly joinApprovalMode: string;
  inviteLink: string;
  readonly createdAtMs: number;
  /** Numbers. */
  readonly participants: Set<string>;
  /** Numbers by the id of the request. */
  readonly joinRequests: Map<string, string>;
}

/** An object of Graph that only stores what it was given: of partners, and of in-app signup. */
export interface GraphRecord {
  readonly id: string;
  readonly kind: 'solution' | 'preverified' | 'migration-intent' | 'mobility-intent' | 'schedule' | 'signup' | 'catalog';
  /** The node at whose edge it was created. */
  readonly ownerId: string;
  values: Answer;
}

/** A call that goes on. */
export interface PhoneCall {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly customerWaId: string;
  readonly direction: 'USER_INITIATED' | 'BUSINESS_INITIATED';
  acceptedAtMs: number | undefined;
}

export type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What the fake remembers: maps, sets, dates, bytes and plain values, each thing in one place, so that it can be written down. */
export interface WorldData {
  readonly wabas: Map<string, Waba>;
  /** By Graph id. */
  readonly numbers: Map<string, BusinessNumber>;
  /** By number. */
  readonly people: Map<string, Person>;
  readonly tokens: Map<string, Token>;
  readonly codes: Map<string, SignupCode>;
  /** Every message of every chat, by wamid. */
  readonly messages: Map<string, ChatMessage>;
  /** The `id` of a message by its other wamid. */
  readonly otherIds: Map<string, string>;
  /** What was sent through the API, by wamid, in the order of acceptance. */
  readonly sent: Map<string, Writable<FakeSentMessage>>;
  readonly files: Map<string, StoredFile>;
  readonly uploads: Map<string, Upload>;
  readonly flows: Map<string, Flow>;
  readonly groups: Map<string, Group>;
  readonly calls: Map<string, PhoneCall>;
  readonly records: Map<string, GraphRecord>;
}

/** Everything that the fake knows. */
export interface World extends WorldData {
  readonly clock: Clock;
  readonly seed: number;
  readonly ids: Ids;
  readonly policy: CoexistencePolicy;
  readonly app: FakeApp;
  /** Where the files of webhooks can be loaded. */
  readonly mediaUrl: string;
  /** Milliseconds that Meta takes to look at a template. */
  readonly templateReviewMs: number;
  /** Whether follow-ups name a message by its other wamid. */
  readonly messageIds: 'both-spellings' | 'one-spelling';
  /** Messages that are stored at most. */
  readonly maxMessages: number;
  /** Meta's time in milliseconds: started with the clock's wall time, and running with its monotonic side. */
  readonly now: () => number;
  /** Says that something is not as it was. */
  readonly changed: (what: FakeChange['what'], id: string) => void;
}

/** A world without businesses. */
export function emptyWorld(): WorldData {
  return {
    wabas: new Map(),
    numbers: new Map(),
    people: new Map(),
    tokens: new Map(),
    codes: new Map(),
    messages: new Map(),
    otherIds: new Map(),
    sent: new Map(),
    files: new Map(),
    uploads: new Map(),
    flows: new Map(),
    groups: new Map(),
    calls: new Map(),
    records: new Map(),
  };
}

/** Returns the customer with a number, and creates it if it is missing. */
export function personOf(world: World, waId: string): Person {
  const known = world.people.get(waId);
  if (known) return known;
  const person: Person = {
    waId,
    userId: world.ids.userId(waId),
    name: `Customer ${waId.slice(-4)}`,
    username: undefined,
    hidesNumber: false,
    online: true,
    reachable: true,
    stopped: new Set(),
    inbox: [],
    waiting: [],
  };
  world.people.set(waId, person);
  return person;
}

/** The person with a business-scoped user id. */
export function personWithUserId(world: World, userId: string): Person | undefined {
  return [...world.people.values()].find((person) => person.userId === userId);
}

/** A person as payloads name one. */
export function customerOf({ waId, userId, parentUserId, name, username, hidesNumber }: Person): Customer {
  return {
    ...(!hidesNumber && { waId }),
    userId,
    ...(parentUserId !== undefined && { parentUserId }),
    name,
    ...(username !== undefined && { username }),
  };
}

/** The IDs of a person in lists: the number unless it is hidden, and the user ID. */
export function shownIds({ waId, userId, hidesNumber }: Person): Answer {
  return { ...(!hidesNumber && { wa_id: waId }), user_id: userId };
}

/** A number by Graph id, or by the number itself in any format. */
export function findNumber(world: World, numberOrId: string): BusinessNumber | undefined {
  const byId = world.numbers.get(numberOrId);
  if (byId) return byId;
  const waId = digitsOf(numberOrId);
  return [...world.numbers.values()].find((number) => number.waId === waId);
}

/** Puts a message into its chat. */
export function remember(world: World, number: BusinessNumber, message: ChatMessage): void {
  world.messages.set(message.id, message);
  for (const id of spellingsBeside(message)) world.otherIds.set(id, message.id);
  const chat = number.chats.get(message.customerWaId);
  if (chat) chat.push(message.id);
  else number.chats.set(message.customerWaId, [message.id]);
  world.changed('message', message.id);
  forgetOldest(world);
}

/** The wamids of a message under which it does not appear first. */
function spellingsBeside({ id, spellings }: ChatMessage): readonly string[] {
  return spellings ? [spellings.number, spellings.userId].filter((spelling) => spelling !== id) : [];
}

/** Drops the oldest messages above the limit from every place that has them. */
function forgetOldest(world: World): void {
  while (world.messages.size > world.maxMessages) {
    const [oldest] = world.messages.values();
    if (oldest === undefined) return;
    const { id, phoneNumberId, customerWaId } = oldest;
    world.messages.delete(id);
    for (const otherId of spellingsBeside(oldest)) world.otherIds.delete(otherId);
    world.sent.delete(id);
    remove(world.numbers.get(phoneNumberId)?.chats.get(customerWaId), (messageId) => messageId === id);
    const person = world.people.get(customerWaId);
    remove(person?.inbox, (message) => message.id === id);
    remove(person?.waiting, (messageId) => messageId === id);
  }
}

/** Removes the first match, which is near the front of lists that grow at their end. */
function remove<Item>(list: Item[] | undefined, matches: (item: Item) => boolean): void {
  const index = list?.findIndex(matches) ?? -1;
  if (index >= 0) list?.splice(index, 1);
}

/** The messages of a number with a customer, oldest first. */
export function chatOf(world: World, number: BusinessNumber, customerWaId: string): readonly ChatMessage[] {
  return (number.chats.get(customerWaId) ?? []).flatMap((id) => world.messages.get(id) ?? []);
}

/** Unix seconds as Meta writes them in messages. */
export function timestamp(atMs: number): string {
  return String(Math.floor(atMs / 1000));
}
