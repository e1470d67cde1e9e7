import type { Client } from '../client/client.js';
import { normalizePhoneNumber, samePhoneNumber } from '../identity/phone-number.js';
import type { CoexistencePolicy } from '../policy/policy.js';
import type { Clock } from '../runtime/clock.js';
import type { Logger } from '../runtime/logger.js';
import { readThroughput, type ReadThroughput } from './read-throughput.js';

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
  /** The cap of a number until it is read: the lowest that it can have. */
  readonly firstCap: number;
  /** Reads a number now; its cap follows. */
  read(number: ReadNumber): void;
  /** Something changed for a number, by its id, the number itself or its WABA: those that it may be about are read again. */
  readAgain(about: About, numbers: Iterable<ReadNumber>): void;
  close(): void;
}

/** Which numbers an event is about, as far as it tells. */
export interface About {
  readonly phoneNumberId?: string | undefined;
  readonly displayPhoneNumber?: string | undefined;
  readonly wabaId?: string | undefined;
}

/** A number that could not be read is read again after this time. */
const retryAfterMs = 60_000;

/** Begins with nothing read. */
export function createThroughputReadings(options: {
  readonly policy: CoexistencePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: (change: ThroughputChange) => void;
}): ThroughputReadings {
  const { policy, clock, logger, changed } = options;
  const firstCap = policy.limits.throughput;
  const known = new Map<string, { reading: boolean; again: boolean; cap: number; digits: string; cancelRetry: (() => void) | undefined }>();

  let closed = false;

  const readNow = async (number: ReadNumber): Promise<void> => {
    const { phoneNumberId } = number;
    const facts = known.get(phoneNumberId) ?? { reading: false, again: false, cap: firstCap, digits: '', cancelRetry: undefined };
    known.set(phoneNumberId, facts);
    if (facts.reading) {
      facts.again = true;
      return;
    }
    facts.reading = true;
    try {
      const { level, cap, digits } = await readThroughput(number.client, phoneNumberId, policy);
      facts.digits = digits;
      number.changeCap(cap);
      if (cap !== facts.cap) changed({ phoneNumberId, level, perSecond: cap, before: facts.cap });
      facts.cap = cap;
    } catch (error) {
      logger.warn('the throughput of a number could not be read; it sends as slowly as the slowest', { phoneNumberId, error });
      facts.cancelRetry?.();
      if (!closed) facts.cancelRetry = clock.schedule(() => void readNow(number), retryAfterMs, { background: true });
    }
    facts.reading = false;
    if (!facts.again) return;
    facts.again = false;
    await readNow(number);
  };
  const isAbout = (about: About, { client, phoneNumberId }: ReadNumber): boolean => {
    if (about.phoneNumberId !== undefined) return about.phoneNumberId === phoneNumberId;
    const number = normalizePhoneNumber(about.displayPhoneNumber ?? '');
    const own = known.get(phoneNumberId)?.digits ?? '';
    if (number !== undefined && own !== '') return samePhoneNumber(number, own);
    const { wabaId } = client.target;
    return about.wabaId === undefined || wabaId === undefined || about.wabaId === wabaId;
  };
  return {
    firstCap,
    read(number) {
      void readNow(number);
    },
    readAgain(about, numbers) {
      for (const number of numbers) if (isAbout(about, number)) void readNow(number);
    },
    close() {
      closed = true;
      for (const { cancelRetry } of known.values()) cancelRetry?.();
    },
  };
}
