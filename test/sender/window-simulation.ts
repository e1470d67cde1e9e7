import { createPacer, type SendPacing } from '../../src/sender/pacing/pacer.js';
import { randomFrom } from './virtual-meta.js';

/** A campaign of one number against a server that enforces a cap in every trailing second, both on a virtual clock. */
export interface Campaign {
  readonly cap: number;
  readonly messages: number;
  /** Each direction takes 0 to this many milliseconds. */
  readonly jitterMs: number;
  /** Whether rejected requests also use the window. */
  readonly count: 'accepted' | 'received';
  readonly pacing?: SendPacing;
  /** The server's cap after the given milliseconds, if it differs from the one that the sender knows. */
  readonly serverCap?: (afterMs: number) => number;
  /** The end in milliseconds after the start. */
  readonly untilMs?: number;
}

/** The result. Times are milliseconds after the start. */
export interface CampaignResult {
  readonly accepted: readonly number[];
  readonly refused: readonly number[];
  readonly refusedShare: number;
  /** Share of the cap over the whole seconds between the first and the last acceptance. */
  readonly utilisation: number;
}

/** New connections are slower: the first takes this long, and each further one a little less. */
const coldMs = 40;
const warmsByMs = 5;

/**
 * Runs only the pacer, without requests, promises or timers. A campaign of minutes takes some milliseconds, so hundreds
 * of seeds can be tested. Timers behave like Node's (whole milliseconds, at least one, up to one late).
 */
export function simulateCampaign(campaign: Campaign, seed: number): CampaignResult {
  const { cap, messages, jitterMs, count, untilMs = Infinity, serverCap = () => cap } = campaign;
  const random = randomFrom(seed * 7_919);
  const pacer = createPacer(cap, campaign.pacing ?? 'even');
  const agenda = createAgenda();
  const arrivals: number[] = [];
  const accepted: number[] = [];
  const refused: number[] = [];
  let waiting = messages;
  let sent = 0;
  let cancelPump = (): void => undefined;

  const timerMs = (ms: number): number => Math.max(1, Math.trunc(ms)) + random();
  const travelMs = (number: number, share: number): number =>
    timerMs(random() * jitterMs) + 0.3 + random() / 2 + Math.max(0, coldMs - number * warmsByMs) * share;
  const isFull = (nowMs: number): boolean => {
    const counted = count === 'received' ? arrivals : accepted;
    const room = serverCap(nowMs);
    return counted.length >= room && counted.findLastIndex((atMs) => atMs <= nowMs - 1_000) < counted.length - room;
  };
  const pump = (nowMs: number): void => {
    cancelPump();
    while (waiting > 0) {
      const atMs = pacer.nextAtMs(nowMs);
      if (atMs > nowMs) {
        if (atMs < Infinity) cancelPump = agenda.at(nowMs + timerMs(Math.ceil(atMs - nowMs)), pump);
        return;
      }
      const slot = pacer.take(nowMs);
      const number = (sent += 1);
      waiting -= 1;
      agenda.at(nowMs + travelMs(number, 1), (arrivedAtMs) => {
        const full = isFull(arrivedAtMs);
        arrivals.push(arrivedAtMs);
        (full ? refused : accepted).push(arrivedAtMs);
        if (full) waiting += 1;
        agenda.at(arrivedAtMs + travelMs(number, 0.3), (answeredAtMs) => {
          pacer.ended(slot, answeredAtMs, full ? 'throttled' : 'accepted');
          pump(answeredAtMs);
        });
      });
    }
  };
  agenda.at(0, pump);
  agenda.run(untilMs);

  const first = accepted[0] ?? 0;
  const seconds = Math.max(1, Math.floor(((accepted.at(-1) ?? 0) - first) / 1_000));
  return {
    accepted,
    refused,
    refusedShare: refused.length / arrivals.length,
    utilisation: accepted.filter((atMs) => atMs < first + seconds * 1_000).length / seconds / cap,
  };
}

type Happening = (nowMs: number) => void;

/** Schedules events. There are only a few at a time, so a linear search is enough. */
function createAgenda() {
  let entries: { readonly atMs: number; readonly happening: Happening }[] = [];
  return {
    /** Returns a function that removes the entry. */
    at(atMs: number, happening: Happening): () => void {
      const entry = { atMs, happening };
      const place = entries.findLastIndex((other) => other.atMs <= atMs);
      entries.splice(place + 1, 0, entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    run(untilMs: number): void {
      for (let entry = entries.shift(); entry !== undefined && entry.atMs <= untilMs; entry = entries.shift()) entry.happening(entry.atMs);
    },
  };
}
