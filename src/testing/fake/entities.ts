import type { FakeTokenOptions } from './fake-cloud-api.js';
import type { FakeTypedContent } from './fake-content.js';
import type { FakeInboxMessage } from './fake-customer.js';
import type { FakeCompanion, FakeContact, FakeHistorySyncOptions } from './fake-phone.js';
import type { FakeThreadRole } from './fake-thread.js';

/** The values of `sync_type` of `smb_app_data`. */
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
  /** The requested display name, until Meta decides. */
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
  /** The syncs that were requested since onboarding. */
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
  /** WABAs that it can access; `undefined`: all. */
  readonly wabaIds: Set<string> | undefined;
  readonly scopes: readonly string[];
  readonly issuedAtMs: number;
  readonly expiresAtMs: number | undefined;
  revoked: boolean;
}

/** A code of Embedded Signup. */
export interface SignupCode {
  readonly wabaId: string;
  /** The token that it becomes. Codes of older snapshots lack it: a token for the WABA. */
  readonly grant?: FakeTokenOptions;
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
