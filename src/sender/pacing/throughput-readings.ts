import type { Client } from '../../client/client.js';
import { normalizePhoneNumber, samePhoneNumber } from '../../identity/phone-number-spellings.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import { defined, isRecord } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import { readThroughput, type ReadThroughput } from './read-throughput.js';
import { capOf } from './throughput.js';

/** A number whose throughput is read. */
export interface ReadNumber {
  readonly client: Client;
  readonly phoneNumberId: string;
  changeCap(cap: number): void;
}

/** A number's throughput was read and is another than before. */
export interface ThroughputChange {
  /** Graph id of the number. */
  readonly phoneNumberId: string;
  /** What kind of number Meta says that it is. */
  readonly level: ReadThroughput['level'];
  /** Messages a second from now on. */
  readonly perSecond: number;
  /** Messages a second until now. */
  readonly before: number;
}

/** Reads the throughput of numbers from Meta: when they begin to send, and when Meta says that it changed. */
export interface ThroughputReadings {
  /** Reads a number: from the store if another process, or an earlier session, has read it within an hour, otherwise from Meta. Its cap follows. */
  read(number: ReadNumber): void;
  /** Something changed for a number, by its id, the number itself or its WABA: those that it may be about are read from Meta again. */
  readAgain(about: About, numbers: Iterable<ReadNumber>): void;
  /** Removes what the store says about numbers that an event may be about. */
  forget(about: About): Promise<void>;
  close(): void;
}

/** Which numbers an event is about, as far as it tells. */
export interface About {
  readonly phoneNumberId?: string | undefined;
  readonly displayPhoneNumber?: string | undefined;
  readonly wabaId?: string | undefined;
}

/** What an event is compared with. */
interface NumberFacts {
  readonly phoneNumberId: string;
  readonly digits: string;
  readonly wabaId: string | undefined;
}

const prefix = 'sender/throughput/';
const storedTtlMs = 3_600_000;
const pageSize = 100;

/** A number that could not be read is read again after this time. */
const retryAfterMs = 60_000;

/** Options of {@link createThroughputReadings}. */
export interface ThroughputReadingsOptions {
  /** Shares what was read with other processes. */
  readonly store: Store;
  readonly policy: CoexistencePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: (change: ThroughputChange) => void;
}

/** Begins with nothing read. */
export function createThroughputReadings(options: ThroughputReadingsOptions): ThroughputReadings {
  return new CachedReadings(options);
}

class CachedReadings implements ThroughputReadings {
  readonly #store: Store;
  readonly #policy: CoexistencePolicy;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #changed: ThroughputReadingsOptions['changed'];
  readonly #firstCap: number;
  readonly #known = new Map<
    string,
    { reading: boolean; again: boolean; cap: number; digits: string; cancelRetry: (() => void) | undefined }
  >();
  #closed = false;

  constructor(options: ThroughputReadingsOptions) {
    const { store, policy, clock, logger, changed } = options;
    this.#store = store;
    this.#policy = policy;
    this.#clock = clock;
    this.#logger = logger;
    this.#changed = changed;
    this.#firstCap = policy.limits.throughput;
  }

  read(number: ReadNumber): void {
    void this.#readNow(number, 'store');
  }

  readAgain(about: About, numbers: Iterable<ReadNumber>): void {
    for (const number of numbers) if (isAbout(about, this.#factsOfNumber(number))) void this.#readNow(number, 'meta');
  }

  async forget(about: About): Promise<void> {
    await this.#attempt(about.phoneNumberId, async () => {
      for (let after: string | undefined; ;) {
        const page = await this.#store.list(prefix, { limit: pageSize, ...defined({ after }) });
        for (const { key, value } of page) {
          const { digits = '', wabaId } = factsOf(value);
          if (isAbout(about, { phoneNumberId: key.slice(prefix.length), digits, wabaId })) await this.#store.delete(key);
        }
        after = page.at(-1)?.key;
        if (page.length < pageSize) return;
      }
    });
  }

  close(): void {
    this.#closed = true;
    for (const { cancelRetry } of this.#known.values()) cancelRetry?.();
  }

  async #readNow(number: ReadNumber, from: 'store' | 'meta'): Promise<void> {
    const { phoneNumberId } = number;
    const facts = this.#known.get(phoneNumberId) ?? {
      reading: false,
      again: false,
      cap: this.#firstCap,
      digits: '',
      cancelRetry: undefined,
    };
    this.#known.set(phoneNumberId, facts);
    if (facts.reading) {
      facts.again = true;
      return;
    }
    facts.reading = true;
    try {
      const stored = from === 'store' ? await this.#readStored(phoneNumberId) : undefined;
      const { level, cap, digits } = stored ?? (await readThroughput(number.client, phoneNumberId, this.#policy));
      if (!stored) await this.#record(number, { level, cap, digits });
      facts.digits = digits;
      number.changeCap(cap);
      if (cap !== facts.cap) this.#changed({ phoneNumberId, level, perSecond: cap, before: facts.cap });
      facts.cap = cap;
    } catch (error) {
      this.#logger.warn('the throughput of a number could not be read; it sends as slowly as the slowest', { phoneNumberId, error });
      facts.cancelRetry?.();
      if (!this.#closed)
        facts.cancelRetry = this.#clock.schedule(() => void this.#readNow(number, from), retryAfterMs, { background: true });
    }
    facts.reading = false;
    if (!facts.again) return;
    facts.again = false;
    await this.#readNow(number, 'meta');
  }

  /** A store that fails only costs a request. */
  async #attempt<Result>(phoneNumberId: string | undefined, work: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#logger.warn('sender.throughput_not_shared', { phoneNumberId, error });
      return undefined;
    }
  }

  #readStored(phoneNumberId: string): Promise<ReadThroughput | undefined> {
    return this.#attempt(phoneNumberId, async () => {
      const { level, digits } = factsOf((await this.#store.get(prefix + phoneNumberId))?.value);
      if (level !== 'coexistence' && level !== 'standard' && level !== 'high') return undefined;
      return { level, cap: capOf('createSender', level, this.#policy), digits: digits ?? '' };
    });
  }

  async #record({ client, phoneNumberId }: ReadNumber, { level, digits }: ReadThroughput): Promise<void> {
    const value = { level, digits, ...defined({ wabaId: client.target.wabaId }) };
    await this.#attempt(phoneNumberId, () => this.#store.set(prefix + phoneNumberId, value, { ttlMs: storedTtlMs }));
  }

  #factsOfNumber({ client, phoneNumberId }: ReadNumber): NumberFacts {
    return {
      phoneNumberId,
      digits: this.#known.get(phoneNumberId)?.digits ?? '',
      wabaId: client.target.wabaId,
    };
  }
}

function isAbout(about: About, { phoneNumberId, digits, wabaId }: NumberFacts): boolean {
  if (about.phoneNumberId !== undefined) return about.phoneNumberId === phoneNumberId;
  const number = normalizePhoneNumber(about.displayPhoneNumber ?? '');
  if (number !== undefined && digits !== '') return samePhoneNumber(number, digits);
  return about.wabaId === undefined || wabaId === undefined || about.wabaId === wabaId;
}

function factsOf(value: unknown): { readonly level?: string; readonly digits?: string; readonly wabaId: string | undefined } {
  const text = (found: unknown): string | undefined => (typeof found === 'string' ? found : undefined);
  const { level, digits, wabaId } = isRecord(value) ? value : {};
  return { ...defined({ level: text(level), digits: text(digits) }), wabaId: text(wabaId) };
}
