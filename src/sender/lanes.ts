import { createRing, type Ring } from './ring.js';
import { createTimeline, type Positioned, type Timeline } from './timeline.js';

/** Priorities as numbers, the most urgent first. */
export type Rank = 0 | 1 | 2;

const ranks: readonly Rank[] = [0, 1, 2];

/** What can wait in a lane: a link of its list. */
export interface LaneJob<Job> {
  readonly rank: Rank;
  /** The next of the same lane: the lane's to write. */
  next: Job | undefined;
  /** One that is `over` (aborted, expired) is left out when its turn comes. */
  readonly state: 'waiting' | 'left' | 'over';
}

/** The messages to one recipient: in order within a priority, one under way at a time. */
export interface Lane<Job> extends Positioned {
  readonly recipient: string;
  /** Until when Meta's pair rate is paid off, in monotonic milliseconds. */
  paidUntilMs: number;
  /** Pair rate refusals in a row. */
  pairRefusals: number;
  /** For the lanes only. */
  state: 'idle' | 'ready' | 'waiting' | 'busy';
  /** For the lanes only: in which ring it waits. */
  rank: Rank;
  /** For the lanes only: the first message. */
  head: Job | undefined;
  /** For the lanes only: the last message of each priority. */
  readonly tails: [Job | undefined, Job | undefined, Job | undefined];
}

/** A message whose turn it is, and its lane. */
export interface Turn<Job> {
  readonly job: Job;
  readonly lane: Lane<Job>;
}

/**
 * The backlog by recipient. A recipient that must wait holds up nobody else, and whoever has many messages takes turns with the others.
 * No operation takes longer because more messages or recipients wait (but for a logarithm where the pair rate is concerned).
 */
export interface Lanes<Job> {
  /** Recipients that are remembered. */
  readonly recipients: number;
  /** Recipients whose messages wait for the pair rate. */
  readonly waiting: number;
  /** Recipients with a message that could leave now and is at least as urgent as `rank`. */
  ready(rank: Rank): number;
  /** Puts a message at the end of its recipient's. */
  add(recipient: string, job: Job, nowMs: number): void;
  /** When there is a message to send: `-Infinity` if there is one now, `Infinity` if there is none at all. */
  nextAtMs(nowMs: number): number;
  /** Takes the message whose turn it is; its lane is busy until {@link ended} or {@link putBack}. */
  take(nowMs: number): Turn<Job> | undefined;
  /** The message of a busy lane is done with. */
  ended(lane: Lane<Job>, nowMs: number): void;
  /** The message of a busy lane comes back to its place, not to be taken before `notBeforeMs`. */
  putBack(turn: Turn<Job>, nowMs: number, notBeforeMs: number): void;
  /** Takes out all messages that wait. */
  clear(): Iterable<Job>;
}

/** Each added message looks at this many remembered recipients, and forgets those that are idle and paid off. */
const sweptPerMessage = 2;

/** Makes an empty backlog. `pairReadyAtMs` tells from a lane's `paidUntilMs` when its next message may go. */
export function createLanes<Job extends LaneJob<Job>>(pairReadyAtMs: (paidUntilMs: number) => number): Lanes<Job> {
  const byRecipient = new Map<string, Lane<Job>>();
  const rings: readonly [Ring<Lane<Job>>, Ring<Lane<Job>>, Ring<Lane<Job>>] = [createRing(), createRing(), createRing()];
  const waiting: Timeline<Lane<Job>> = createTimeline();
  /** Lanes that are ready, by the rank of their first message. */
  const ready: [number, number, number] = [0, 0, 0];
  let sweep = byRecipient.values();

  /** Changes the state of a lane, and its rank if it is ready. */
  const setState = (lane: Lane<Job>, state: Lane<Job>['state'], rank = lane.rank): void => {
    if (lane.state === 'ready') ready[lane.rank] -= 1;
    lane.state = state;
    lane.rank = rank;
    if (state === 'ready') ready[rank] += 1;
  };
  const laneOf = (recipient: string): Lane<Job> => {
    const known = byRecipient.get(recipient);
    if (known) return known;
    const lane: Lane<Job> = {
      recipient,
      head: undefined,
      tails: [undefined, undefined, undefined],
      state: 'idle',
      rank: 0,
      paidUntilMs: -Infinity,
      pairRefusals: 0,
      position: -1,
    };
    byRecipient.set(recipient, lane);
    return lane;
  };
  /** Links a message in after all of a higher priority and, unless it comes back, after those of its own. */
  const link = (lane: Lane<Job>, job: Job, comesBack: boolean): void => {
    let before: Job | undefined;
    for (const rank of ranks) if (rank < job.rank || (rank === job.rank && !comesBack)) before = lane.tails[rank] ?? before;
    if (before) {
      job.next = before.next;
      before.next = job;
    } else {
      job.next = lane.head;
      lane.head = job;
    }
    if (!comesBack || lane.tails[job.rank] === undefined) lane.tails[job.rank] = job;
  };
  const unlinkHead = (lane: Lane<Job>, head: Job): void => {
    lane.head = head.next;
    head.next = undefined;
    if (lane.tails[head.rank] === head) lane.tails[head.rank] = undefined;
  };
  /** The first message that is not over. */
  const firstOf = (lane: Lane<Job>): Job | undefined => {
    while (lane.head?.state === 'over') unlinkHead(lane, lane.head);
    return lane.head;
  };
  /** Puts a lane where its first message and the pair rate want it. */
  const file = (lane: Lane<Job>, nowMs: number, notBeforeMs: number, first: boolean): void => {
    const job = firstOf(lane);
    if (!job) {
      setState(lane, 'idle');
      return;
    }
    const readyAtMs = Math.max(notBeforeMs, pairReadyAtMs(lane.paidUntilMs));
    if (readyAtMs > nowMs) {
      setState(lane, 'waiting');
      waiting.add(lane, readyAtMs);
      return;
    }
    setState(lane, 'ready', job.rank);
    if (first) rings[job.rank].pushFront(lane);
    else rings[job.rank].push(lane);
  };
  /** The lane whose turn it is. Entries that no longer hold (the lane moved to another ring, or all of its messages are over) go on the way. */
  const nextLane = (nowMs: number): Lane<Job> | undefined => {
    for (let lane = waiting.takeDue(nowMs); lane !== undefined; lane = waiting.takeDue(nowMs)) file(lane, nowMs, -Infinity, false);
    for (const rank of ranks) {
      const ring = rings[rank];
      for (let lane = ring.first(); lane !== undefined; lane = ring.first()) {
        if (lane.state === 'ready' && lane.rank === rank) {
          if (firstOf(lane)?.rank === rank) return lane;
          file(lane, nowMs, -Infinity, false);
        }
        ring.shift();
      }
    }
    return undefined;
  };
  const forgetSome = (nowMs: number): void => {
    for (let looked = 0; looked < sweptPerMessage; looked += 1) {
      const { value: lane, done } = sweep.next();
      if (done === true) {
        sweep = byRecipient.values();
        return;
      }
      if (lane.state === 'idle' && lane.paidUntilMs <= nowMs) byRecipient.delete(lane.recipient);
    }
  };

  return {
    get recipients() {
      return byRecipient.size;
    },
    get waiting() {
      return waiting.size;
    },
    ready: (rank) => ranks.reduce<number>((sum, other) => (other <= rank ? sum + ready[other] : sum), 0),
    add(recipient, job, nowMs) {
      forgetSome(nowMs);
      const lane = laneOf(recipient);
      link(lane, job, false);
      if (lane.state === 'idle') file(lane, nowMs, -Infinity, false);
      else if (lane.state === 'ready' && job.rank < lane.rank) {
        setState(lane, 'ready', job.rank);
        rings[job.rank].push(lane);
      }
    },
    nextAtMs: (nowMs) => (nextLane(nowMs) ? -Infinity : waiting.nextAtMs),
    take(nowMs) {
      const lane = nextLane(nowMs);
      const job = lane?.head;
      if (!lane || !job) return undefined;
      rings[lane.rank].shift();
      unlinkHead(lane, job);
      setState(lane, 'busy');
      return { job, lane };
    },
    ended(lane, nowMs) {
      file(lane, nowMs, -Infinity, false);
    },
    putBack({ job, lane }, nowMs, notBeforeMs) {
      link(lane, job, true);
      file(lane, nowMs, notBeforeMs, true);
    },
    *clear() {
      for (const lane of byRecipient.values()) {
        for (let job = lane.head; job !== undefined; job = lane.head) {
          unlinkHead(lane, job);
          yield job;
        }
      }
    },
  };
}
