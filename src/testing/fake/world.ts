import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import { digitsOf } from './digits.js';
import type { FakeApp, FakeSentMessage } from './fake-cloud-api.js';
import type { FakeChange } from './fake-events.js';
import type { Ids } from './ids.js';
import type {
  Waba,
  ChatMessage,
  StoredFile,
  Upload,
  BusinessNumber,
  Person,
  Token,
  SignupCode,
  Flow,
  Group,
  GraphRecord,
  PhoneCall,
  Writable,
} from './entities.js';

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

/** A number by Graph id, or by the number itself in any format. */
export function findNumber(world: World, numberOrId: string): BusinessNumber | undefined {
  const byId = world.numbers.get(numberOrId);
  if (byId) return byId;
  const waId = digitsOf(numberOrId);
  return [...world.numbers.values()].find((number) => number.waId === waId);
}
