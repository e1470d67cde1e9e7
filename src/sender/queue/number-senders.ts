import type { Client } from '../../client/client.js';
import type { Job } from './job.js';
import type { NumberActivity, NumberListener, NumberSender, NumberSenderOptions } from './number-port.js';
import { createNumberSender } from './number-sender.js';
import type { SenderNumber } from '../send-options.js';

/** What {@link createNumberSenders} works with. */
export interface NumberSendersOptions {
  /** The client of the number that is meant where none is named, and of all others by `for`. */
  readonly client: Client;
  readonly settings: Omit<NumberSenderOptions, 'client' | 'phoneNumberId' | 'listener'>;
  /** Told when a number is opened. */
  readonly onOpen: (number: NumberSender) => void;
  readonly listenerOf: (phoneNumberId: string) => NumberListener;
}

/** The numbers that one sender serves, each opened when it is needed and forgotten when it is idle. */
export interface NumberSenders {
  /** Messages of all numbers without an outcome. */
  readonly open: number;
  /** The sender of a number, or of the client's own; nothing if there is neither. */
  of(from: SenderNumber | undefined): NumberSender | undefined;
  /** A number that is open. */
  find(phoneNumberId: string): NumberSender | undefined;
  all(): Iterable<NumberSender>;
  /** Asks the guards of all numbers again of messages that they hold. */
  askAgain(which: (job: Job) => boolean): void;
  /** Pauses or resumes a number, or all. Returns whether that changes anything. */
  setPaused(isPaused: boolean, phoneNumberId: string | undefined): boolean;
  /** Closes all, and hands out what was not sent. */
  close(unsent: (job: Job, number: NumberSender) => void): Promise<void>;
  activity(): NumberActivity & { readonly numbers: number; readonly paused: boolean };
}

/** Stands for all numbers that are paused. */
const all = '';

/** Each number that is opened looks at this many others, and forgets those that can be. */
const lookedAtPerNumber = 2;

/** Opens the client's own number, if it has one, and others as they come. */
export function createNumberSenders({ client, settings, listenerOf, onOpen }: NumberSendersOptions): NumberSenders {
  const numbers = new Map<string, NumberSender>();
  let looking = numbers.values();
  const paused = new Set<string>();
  const mustPause = (phoneNumberId: string): boolean => paused.has(all) || paused.has(phoneNumberId);

  const forgetSome = (): void => {
    for (let looked = 0; looked < lookedAtPerNumber; looked += 1) {
      let next = looking.next();
      if (next.done === true) next = (looking = numbers.values()).next();
      if (next.done !== true && next.value.forgettable()) numbers.delete(next.value.phoneNumberId);
    }
  };
  const of = (from: SenderNumber | undefined): NumberSender | undefined => {
    const own = client.target.phoneNumberId;
    const target = typeof from === 'string' ? { phoneNumberId: from } : from;
    const phoneNumberId = target?.phoneNumberId ?? own;
    if (phoneNumberId === undefined || phoneNumberId === '') return undefined;
    const known = numbers.get(phoneNumberId);
    if (known) return known;
    forgetSome();
    const number = createNumberSender({
      ...settings,
      client: target === undefined || phoneNumberId === own ? client : client.for(target),
      phoneNumberId,
      listener: listenerOf(phoneNumberId),
    });
    if (mustPause(phoneNumberId)) number.pause();
    numbers.set(phoneNumberId, number);
    onOpen(number);
    return number;
  };
  const sum = (figure: (activity: NumberActivity) => number): number =>
    [...numbers.values()].reduce((total, number) => total + figure(number.activity()), 0);

  // The client's own is there from the start, so that its figures are.
  of(undefined);

  return {
    get open() {
      let open = 0;
      for (const number of numbers.values()) open += number.open;
      return open;
    },
    of,
    find: (phoneNumberId) => numbers.get(phoneNumberId),
    all: () => numbers.values(),
    askAgain(which) {
      for (const number of numbers.values()) number.askAgain(which);
    },
    setPaused(isPaused, phoneNumberId) {
      const name = phoneNumberId ?? all;
      if (paused.has(name) === isPaused) return false;
      if (isPaused) paused.add(name);
      else paused.delete(name);
      for (const number of numbers.values()) {
        if (mustPause(number.phoneNumberId)) number.pause();
        else number.resume();
      }
      return true;
    },
    async close(unsent) {
      await Promise.all(
        [...numbers.values()].map(async (number) => {
          await number.close((job) => {
            unsent(job, number);
          });
        }),
      );
    },
    activity: () => ({
      numbers: numbers.size,
      queued: sum(({ queued }) => queued),
      held: sum(({ held }) => held),
      inFlight: sum(({ inFlight }) => inFlight),
      waitingRecipients: sum(({ waitingRecipients }) => waitingRecipients),
      ceiling: sum(({ ceiling }) => ceiling),
      paused: paused.has(all),
    }),
  };
}
