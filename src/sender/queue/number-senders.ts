import type { Client } from '../../client/client.js';
import type { Job } from './job.js';
import type { NumberActivity, NumberListener, NumberSender, NumberSenderOptions } from './number-port.js';
import { createNumberSender } from './number-sender.js';
import type { SenderNumber } from '../send-options.js';

/** Dependencies of {@link createNumberSenders}. */
export interface NumberSendersOptions {
  /** The client of the default number. Its `for` creates the clients of other numbers. */
  readonly client: Client;
  readonly settings: Omit<NumberSenderOptions, 'client' | 'phoneNumberId' | 'listener'>;
  /** Called when a number is opened. */
  readonly onOpen: (number: NumberSender) => void;
  readonly listenerOf: (phoneNumberId: string) => NumberListener;
}

/** The numbers of one sender. Each one is opened on first use, and closed when it is idle. */
export interface NumberSenders {
  /** Number of messages without an outcome, over all numbers. */
  readonly open: number;
  /** Returns the sender of a number, or of the default number. `undefined` if there is neither. */
  of(from: SenderNumber | undefined): NumberSender | undefined;
  /** Returns the sender of a number, if it is open. */
  find(phoneNumberId: string): NumberSender | undefined;
  all(): Iterable<NumberSender>;
  /** Runs the guards again for delayed messages of all numbers. */
  rerunGuards(which: (job: Job) => boolean): void;
  /** Pauses or resumes a number, or all. Returns whether that changed anything. */
  setPaused(isPaused: boolean, phoneNumberId: string | undefined): boolean;
  /** Closes all numbers, and passes each unsent message to `unsent`. */
  close(unsent: (job: Job, number: NumberSender) => void): Promise<void>;
  activity(): NumberActivity & { readonly numbers: number; readonly paused: boolean };
}

/** Key for pausing all numbers. */
const all = '';

/** Whenever a number is opened, this many others are checked and closed if they are idle. */
const lookedAtPerNumber = 2;

/** Opens the client's own number, if it has one. Other numbers are opened on first use. */
export function createNumberSenders(options: NumberSendersOptions): NumberSenders {
  return new OpenNumbers(options);
}

class OpenNumbers implements NumberSenders {
  readonly #client: Client;
  readonly #settings: Omit<NumberSenderOptions, 'client' | 'phoneNumberId' | 'listener'>;
  readonly #listenerOf: NumberSendersOptions['listenerOf'];
  readonly #onOpen: NumberSendersOptions['onOpen'];
  readonly #numbers = new Map<string, NumberSender>();
  #looking: MapIterator<NumberSender>;
  readonly #paused = new Set<string>();

  constructor({ client, settings, listenerOf, onOpen }: NumberSendersOptions) {
    this.#client = client;
    this.#settings = settings;
    this.#listenerOf = listenerOf;
    this.#onOpen = onOpen;
    this.#looking = this.#numbers.values();
    // Opened immediately, so that its figures are available.
    this.of(undefined);
  }

  get open(): number {
    let open = 0;
    for (const number of this.#numbers.values()) open += number.open;
    return open;
  }

  of(from: SenderNumber | undefined): NumberSender | undefined {
    const own = this.#client.target.phoneNumberId;
    const target = typeof from === 'string' ? { phoneNumberId: from } : from;
    const phoneNumberId = target?.phoneNumberId ?? own;
    if (phoneNumberId === undefined || phoneNumberId === '') return undefined;
    const known = this.#numbers.get(phoneNumberId);
    if (known) return known;
    this.#forgetSome();
    const number = createNumberSender({
      ...this.#settings,
      client: target === undefined || phoneNumberId === own ? this.#client : this.#client.for(target),
      phoneNumberId,
      listener: this.#listenerOf(phoneNumberId),
    });
    if (this.#mustPause(phoneNumberId)) number.pause();
    this.#numbers.set(phoneNumberId, number);
    this.#onOpen(number);
    return number;
  }

  find(phoneNumberId: string): NumberSender | undefined {
    return this.#numbers.get(phoneNumberId);
  }

  all(): Iterable<NumberSender> {
    return this.#numbers.values();
  }

  rerunGuards(which: (job: Job) => boolean): void {
    for (const number of this.#numbers.values()) number.rerunGuards(which);
  }

  setPaused(isPaused: boolean, phoneNumberId: string | undefined): boolean {
    const name = phoneNumberId ?? all;
    if (this.#paused.has(name) === isPaused) return false;
    if (isPaused) this.#paused.add(name);
    else this.#paused.delete(name);
    for (const number of this.#numbers.values()) {
      if (this.#mustPause(number.phoneNumberId)) number.pause();
      else number.resume();
    }
    return true;
  }

  async close(unsent: (job: Job, number: NumberSender) => void): Promise<void> {
    await Promise.all(
      [...this.#numbers.values()].map(async (number) => {
        await number.close((job) => {
          unsent(job, number);
        });
      }),
    );
  }

  activity(): NumberActivity & { readonly numbers: number; readonly paused: boolean } {
    return {
      numbers: this.#numbers.size,
      queued: this.#sum(({ queued }) => queued),
      held: this.#sum(({ held }) => held),
      inFlight: this.#sum(({ inFlight }) => inFlight),
      waitingRecipients: this.#sum(({ waitingRecipients }) => waitingRecipients),
      ceiling: this.#sum(({ ceiling }) => ceiling),
      paused: this.#paused.has(all),
    };
  }

  #mustPause(phoneNumberId: string): boolean {
    return this.#paused.has(all) || this.#paused.has(phoneNumberId);
  }

  #forgetSome(): void {
    for (let looked = 0; looked < lookedAtPerNumber; looked += 1) {
      let next = this.#looking.next();
      if (next.done === true) next = (this.#looking = this.#numbers.values()).next();
      if (next.done !== true && next.value.forgettable()) this.#numbers.delete(next.value.phoneNumberId);
    }
  }

  #sum(figure: (activity: NumberActivity) => number): number {
    return [...this.#numbers.values()].reduce((total, number) => total + figure(number.activity()), 0);
  }
}
