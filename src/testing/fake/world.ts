import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { FakeApp, FakeSentMessage } from './fake-cloud-api.js';
import type { FakeTypedContent } from './fake-content.js';
import type { FakeInboxMessage } from './fake-customer.js';
import type { FakeCompanion, FakeContact, FakeHistorySyncOptions } from './fake-phone.js';
import type { Ids } from './ids.js';

/** What `smb_app_data` can be asked for. */
export type SyncType = 'smb_app_state_sync' | 'history';

/** A WhatsApp Business Account. */
export interface Waba {
  readonly id: string;
  readonly businessId: string;
  /** Apps that get its webhooks. */
  readonly subscribedAppIds: Set<string>;
  /** By id. */
  readonly templates: Map<string, Template>;
}

export interface Template {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly category: 'MARKETING' | 'UTILITY' | 'AUTHENTICATION';
  readonly status: string;
  readonly body: string;
}

/** A message in the chats of a number, whoever sent it. */
export interface ChatMessage {
  readonly id: string;
  readonly phoneNumberId: string;
  readonly customerWaId: string;
  readonly sender: 'customer' | 'app' | 'api';
  readonly atMs: number;
  content: FakeTypedContent;
  status: 'SENT' | 'DELIVERED' | 'READ' | 'PLAYED' | 'PENDING' | 'ERROR';
  deleted: boolean;
  /** How often the number had been onboarded when it was written: only what is older than the last time is history. */
  readonly era: number;
  /** What the test sees of it, if it was sent through the API. */
  readonly sent?: Writable<FakeSentMessage>;
}

export interface BusinessNumber {
  readonly id: string;
  readonly wabaId: string;
  /** Digits. */
  readonly waId: string;
  readonly displayPhoneNumber: string;
  readonly verifiedName: string;
  /** Messages a second. */
  readonly throughput: number;
  readonly isOnBizApp: boolean;
  /** Whether the API reaches it; `suspended` between a change of device and the reconnection. */
  api: 'linked' | 'suspended' | 'unlinked';
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
  /** By the customer's number, oldest message first. */
  readonly chats: Map<string, ChatMessage[]>;
  /** When each customer last wrote, since onboarding. */
  readonly lastInboundAtMs: Map<string, number>;
  /** Monotonic times of all accepted messages, ascending. */
  readonly acceptedAtMs: number[];
  /** Until when, on the monotonic clock, the pair rate of each recipient is used up. */
  readonly pairUsedUntilMs: Map<string, number>;
}

/** A person with WhatsApp. */
export interface Person {
  readonly waId: string;
  userId: string;
  name: string;
  username: string | undefined;
  hidesNumber: boolean;
  online: boolean;
  readonly inbox: Writable<FakeInboxMessage>[];
  /** What happens to waiting messages when the phone is on again. */
  readonly waiting: (() => void)[];
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

export type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** Everything that the fake knows. */
export interface World {
  readonly clock: Clock;
  readonly seed: number;
  readonly ids: Ids;
  readonly policy: CoexistencePolicy;
  readonly app: FakeApp;
  readonly wabas: Map<string, Waba>;
  /** By Graph id. */
  readonly numbers: Map<string, BusinessNumber>;
  /** By number. */
  readonly people: Map<string, Person>;
  readonly tokens: Map<string, Token>;
  readonly codes: Map<string, SignupCode>;
  /** Every message of every chat, by wamid. */
  readonly messages: Map<string, ChatMessage>;
  readonly sent: Writable<FakeSentMessage>[];
  /** Meta's time in milliseconds: started with the clock's wall time, and running with its monotonic side. */
  readonly now: () => number;
}

/** Makes a world without businesses. */
export function createWorld(facts: Pick<World, 'clock' | 'seed' | 'ids' | 'policy' | 'app'>): World {
  const { clock } = facts;
  const startedAtMs = clock.now() - clock.monotonic();
  return {
    ...facts,
    wabas: new Map(),
    numbers: new Map(),
    people: new Map(),
    tokens: new Map(),
    codes: new Map(),
    messages: new Map(),
    sent: [],
    now: () => startedAtMs + clock.monotonic(),
  };
}

/** The digits of a number in any format. */
export function digitsOf(number: string): string {
  return number.replace(/\D/g, '');
}

/** The person with a number; made if nobody has it yet. */
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
    inbox: [],
    waiting: [],
  };
  world.people.set(waId, person);
  return person;
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
  const chat = number.chats.get(message.customerWaId);
  if (chat) chat.push(message);
  else number.chats.set(message.customerWaId, [message]);
}

/** Unix seconds as Meta writes them in messages. */
export function timestamp(atMs: number): string {
  return String(Math.floor(atMs / 1000));
}
