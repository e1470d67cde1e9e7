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

/** A change of the throughput of a number. */
export interface ThroughputChange {
  /** ID of the phone number. */
  readonly phoneNumberId: string;
  /** The kind of number. */
  readonly level: ReadThroughput['level'];
  /** New limit in messages per second. */
  readonly perSecond: number;
  /** Previous limit in messages per second. */
  readonly before: number;
}

/** Reads the throughput of numbers from Meta: when they start to send, and when Meta reports a change. */
export interface ThroughputReadings {
  /**
   * Reads a number: from the store if it was read within the last hour, otherwise from Meta. Applies the result as its
   * cap.
   */
  read(number: ReadNumber): void;
  /**
   * Reads the numbers that an event may be about from Meta again. The event can contain the ID, the phone number or the
   * WABA.
   */
  readAgain(about: About, numbers: Iterable<ReadNumber>): void;
  /** Removes the stored throughput of the numbers that an event may be about. */
  forget(about: About): Promise<void>;
  close(): void;
}

/** The numbers that an event is about, as far as the event contains them. */
export interface About {
  readonly phoneNumberId?: string | undefined;
  readonly displayPhoneNumber?: string | undefined;
  readonly wabaId?: string | undefined;
}

/** Data that is compared with an event. */
interface NumberFacts {
  readonly phoneNumberId: string;
  readonly digits: string;
  readonly wabaId: string | undefined;
}

const prefix = 'sender/throughput/';
const storedTtlMs = 3_600_000;
const pageSize = 100;

/** Delay before a failed read is repeated. */
const retryAfterMs = 60_000;

/** Options of {@link createThroughputReadings}. */
export interface ThroughputReadingsOptions {
  /** Shares the throughput with other processes. */
  readonly store: Store;
  readonly policy: CoexistencePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: (change: ThroughputChange) => void;
}

/** Creates readings without data. */
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

  /** If the store fails, the throughput is read from Meta instead. */
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
