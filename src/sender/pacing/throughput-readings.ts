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
  /**
   * Reads a number: from the store if another process, or an earlier session, has read it within an hour, otherwise
   * from Meta. Its cap follows.
   */
  read(number: ReadNumber): void;
  /**
   * Something changed for a number, by its id, the number itself or its WABA: those that it may be about are read from
   * Meta again.
   */
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

/** Begins with nothing read. */
export function createThroughputReadings(options: {
  /** Shares what was read with other processes. */
  readonly store: Store;
  readonly policy: CoexistencePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: (change: ThroughputChange) => void;
}): ThroughputReadings {
  const { store, policy, clock, logger, changed } = options;
  const firstCap = policy.limits.throughput;
  const known = new Map<string, { reading: boolean; again: boolean; cap: number; digits: string; cancelRetry: (() => void) | undefined }>();

  let closed = false;

  const readNow = async (number: ReadNumber, from: 'store' | 'meta'): Promise<void> => {
    const { phoneNumberId } = number;
    const facts = known.get(phoneNumberId) ?? { reading: false, again: false, cap: firstCap, digits: '', cancelRetry: undefined };
    known.set(phoneNumberId, facts);
    if (facts.reading) {
      facts.again = true;
      return;
    }
    facts.reading = true;
    try {
      const stored = from === 'store' ? await readStored(phoneNumberId) : undefined;
      const { level, cap, digits } = stored ?? (await readThroughput(number.client, phoneNumberId, policy));
      if (!stored) await record(number, { level, cap, digits });
      facts.digits = digits;
      number.changeCap(cap);
      if (cap !== facts.cap) changed({ phoneNumberId, level, perSecond: cap, before: facts.cap });
      facts.cap = cap;
    } catch (error) {
      logger.warn('the throughput of a number could not be read, so the sender uses the lowest limit', { phoneNumberId, error });
      facts.cancelRetry?.();
      if (!closed) facts.cancelRetry = clock.schedule(() => void readNow(number, from), retryAfterMs, { background: true });
    }
    facts.reading = false;
    if (!facts.again) return;
    facts.again = false;
    await readNow(number, 'meta');
  };
  /** A store that fails only costs a request. */
  const attempt = async <Result>(phoneNumberId: string | undefined, work: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await work();
    } catch (error) {
      logger.warn('sender.throughput_not_shared', { phoneNumberId, error });
      return undefined;
    }
  };
  const readStored = (phoneNumberId: string): Promise<ReadThroughput | undefined> =>
    attempt(phoneNumberId, async () => {
      const { level, digits } = factsOf((await store.get(prefix + phoneNumberId))?.value);
      if (level !== 'coexistence' && level !== 'standard' && level !== 'high') return undefined;
      return { level, cap: capOf('createSender', level, policy), digits: digits ?? '' };
    });
  const record = async ({ client, phoneNumberId }: ReadNumber, { level, digits }: ReadThroughput): Promise<void> => {
    const value = { level, digits, ...defined({ wabaId: client.target.wabaId }) };
    await attempt(phoneNumberId, () => store.set(prefix + phoneNumberId, value, { ttlMs: storedTtlMs }));
  };
  const forget = async (about: About): Promise<void> => {
    await attempt(about.phoneNumberId, async () => {
      for (let after: string | undefined; ;) {
        const page = await store.list(prefix, { limit: pageSize, ...defined({ after }) });
        for (const { key, value } of page) {
          const { digits = '', wabaId } = factsOf(value);
          if (isAbout(about, { phoneNumberId: key.slice(prefix.length), digits, wabaId })) await store.delete(key);
        }
        after = page.at(-1)?.key;
        if (page.length < pageSize) return;
      }
    });
  };
  const factsOfNumber = ({ client, phoneNumberId }: ReadNumber): NumberFacts => ({
    phoneNumberId,
    digits: known.get(phoneNumberId)?.digits ?? '',
    wabaId: client.target.wabaId,
  });
  return {
    read(number) {
      void readNow(number, 'store');
    },
    readAgain(about, numbers) {
      for (const number of numbers) if (isAbout(about, factsOfNumber(number))) void readNow(number, 'meta');
    },
    forget,
    close() {
      closed = true;
      for (const { cancelRetry } of known.values()) cancelRetry?.();
    },
  };
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
