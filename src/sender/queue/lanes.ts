import { createDeque, type Deque } from './deque.js';
import { createIndexedHeap, type Positioned, type IndexedHeap } from './indexed-heap.js';

/** Priorities as numbers, the most urgent first. */
export type Rank = 0 | 1 | 2;

const ranks: readonly Rank[] = [0, 1, 2];

/** A message in a recipient queue. It is a node of a linked list. */
export interface LaneJob<Job> {
  readonly rank: Rank;
  /** The next message of the same queue. Only the queue writes it. */
  next: Job | undefined;
  /** Position in the order in which messages were added. Only the queue writes it. */
  order: number;
  /** Whether the message waits. Messages that are `over` (aborted, expired) are skipped. */
  readonly state: 'waiting' | 'left' | 'over';
}

/** The queue of one recipient. Messages are in order within a priority, and one is in flight at a time. */
export interface Lane<Job> extends Positioned {
  /** The name of the recipient's queue. */
  recipient: string;
  /** Monotonic time at which the pair rate is paid off. */
  paidUntilMs: number;
  /** Rejections in a row because of the pair rate. */
  pairRefusals: number;
  /** Internal. */
  state: 'idle' | 'ready' | 'waiting' | 'busy';
  /** Internal: the rank of its first message, while it is ready. */
  rank: Rank;
  /** Internal: the first message. */
  head: Job | undefined;
  /** Internal: the last message of each priority. */
  readonly tails: [Job | undefined, Job | undefined, Job | undefined];
  /** Internal: number of messages in flight. After two recipients were joined, each can have one. */
  turns: number;
  /** Internal: earliest time for its first message, in addition to the pair rate. */
  notBeforeMs: number;
  /** Internal: the queue that it was joined to. */
  joinedTo: Lane<Job> | undefined;
}

/** The next message and its queue. */
export interface Turn<Job> {
  readonly job: Job;
  readonly lane: Lane<Job>;
}

/**
 * The waiting messages by recipient. A recipient that must wait doesn't delay others, and recipients with many messages
 * alternate with the others. All operations take constant time, except for a logarithm because of the pair rate.
 */
export interface Lanes<Job> {
  /** Number of recipients in memory. */
  readonly recipients: number;
  /** Number of recipients whose messages wait for the pair rate. */
  readonly waiting: number;
  /** Number of recipients with a message that is ready to send and at least as urgent as `rank`. */
  ready(rank: Rank): number;
  /** Adds a message to the end of its recipient's queue. */
  add(recipient: string, job: Job, nowMs: number): void;
  /** Returns when the next message can be sent: `-Infinity` for now, `Infinity` if there are no messages. */
  nextAtMs(nowMs: number): number;
  /** Takes the next message. Its queue is busy until {@link ended} or {@link putBack}. */
  take(nowMs: number): Turn<Job> | undefined;
  /** Ends the message of a busy queue. */
  ended(lane: Lane<Job>, nowMs: number): void;
  /** Returns the message of a busy queue to its position. It isn't taken before `notBeforeMs`. */
  putBack(turn: Turn<Job>, nowMs: number, notBeforeMs: number): void;
  /**
   * Joins the queues of two recipients that are the same person. The messages keep the order in which they were added.
   * No message is taken while one of either queue is in flight.
   */
  join(from: string, to: string, nowMs: number): void;
  /** Returns the queue that a queue was joined to, or the queue itself. */
  present(lane: Lane<Job>): Lane<Job>;
  /**
   * Whether a taken message is still the next of its recipient, and the only one in flight. Recipients may have been
   * joined.
   */
  mayContinue(turn: Turn<Job>): boolean;
  /** Returns recipients whose pair rate isn't paid off at the given time, or whose last message Meta rejected. */
  unpaid(untilMs: number): Iterable<Lane<Job>>;
  /** Continues with the pair rate of a recipient. */
  restore(recipient: string, paidUntilMs: number, pairRefusals: number): void;
  /** Removes and returns all waiting messages. */
  clear(): Iterable<Job>;
}

/** For each added message, this many recipients are checked, and removed from memory if they are idle and paid off. */
const sweptPerMessage = 2;

/**
 * Creates an empty backlog. `pairReadyAtMs` returns when the next message of a queue can be sent, from its
 * `paidUntilMs`.
 */
export function createLanes<Job extends LaneJob<Job>>(pairReadyAtMs: (paidUntilMs: number) => number): Lanes<Job> {
  return new RecipientLanes(pairReadyAtMs);
}

class RecipientLanes<Job extends LaneJob<Job>> implements Lanes<Job> {
  readonly #pairReadyAtMs: (paidUntilMs: number) => number;
  readonly #byRecipient = new Map<string, Lane<Job>>();
  readonly #readyQueues: readonly [Deque<Lane<Job>>, Deque<Lane<Job>>, Deque<Lane<Job>>] = [createDeque(), createDeque(), createDeque()];
  readonly #waiting: IndexedHeap<Lane<Job>> = createIndexedHeap();
  /** Number of ready queues, by the rank of their first message. */
  readonly #ready: [number, number, number] = [0, 0, 0];
  #sweep: MapIterator<Lane<Job>>;
  #orders = 0;

  constructor(pairReadyAtMs: (paidUntilMs: number) => number) {
    this.#pairReadyAtMs = pairReadyAtMs;
    this.#sweep = this.#byRecipient.values();
  }

  get recipients(): number {
    return this.#byRecipient.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  ready(rank: Rank): number {
    return ranks.reduce<number>((sum, other) => (other <= rank ? sum + this.#ready[other] : sum), 0);
  }

  add(recipient: string, job: Job, nowMs: number): void {
    this.#forgetSome(nowMs);
    const lane = this.#laneOf(recipient);
    job.order = this.#orders += 1;
    link(lane, job);
    if (lane.state === 'idle') this.#file(lane, nowMs, -Infinity, false);
    else if (lane.state === 'ready' && job.rank < lane.rank) {
      this.#setState(lane, 'ready', job.rank);
      this.#readyQueues[job.rank].push(lane);
    }
  }

  nextAtMs(nowMs: number): number {
    return this.#nextLane(nowMs) ? -Infinity : this.#waiting.nextAtMs;
  }

  take(nowMs: number): Turn<Job> | undefined {
    const lane = this.#nextLane(nowMs);
    const job = lane?.head;
    if (!lane || !job) return undefined;
    this.#readyQueues[lane.rank].shift();
    unlinkHead(lane, job);
    this.#setState(lane, 'busy');
    lane.turns = 1;
    lane.notBeforeMs = -Infinity;
    return { job, lane };
  }

  ended(lane: Lane<Job>, nowMs: number): void {
    this.#endTurn(lane, nowMs, -Infinity, false);
  }

  putBack({ job, lane }: Turn<Job>, nowMs: number, notBeforeMs: number): void {
    link(this.present(lane), job);
    this.#endTurn(lane, nowMs, notBeforeMs, true);
  }

  join(from: string, to: string, nowMs: number): void {
    const source = this.#byRecipient.get(from);
    if (!source || from === to) return;
    this.#byRecipient.delete(from);
    const target = this.#byRecipient.get(to);
    if (!target) {
      source.recipient = to;
      this.#byRecipient.set(to, source);
      return;
    }
    for (const lane of [source, target]) this.#waiting.remove(lane);
    merge(source, target);
    this.#setState(source, 'idle');
    source.joinedTo = target;
    target.turns += source.turns;
    target.notBeforeMs = Math.max(target.notBeforeMs, source.notBeforeMs);
    // Meta counts the messages to both recipients together.
    const openMs = Math.max(0, Math.min(target.paidUntilMs, source.paidUntilMs) - nowMs);
    target.paidUntilMs = Math.max(target.paidUntilMs, source.paidUntilMs) + openMs;
    target.pairRefusals = Math.max(target.pairRefusals, source.pairRefusals);
    if (target.turns > 0) this.#setState(target, 'busy');
    else this.#file(target, nowMs, target.notBeforeMs, false);
  }

  present(lane: Lane<Job>): Lane<Job> {
    let found = lane;
    while (found.joinedTo) found = found.joinedTo;
    return found;
  }

  mayContinue({ job, lane: taken }: Turn<Job>): boolean {
    const lane = this.present(taken);
    if (lane.turns > 1) return false;
    const before = lastBefore(lane, job.rank);
    let next = before ? before.next : lane.head;
    while (next?.state === 'over') next = next.next;
    return next?.rank !== job.rank || next.order > job.order;
  }

  *unpaid(untilMs: number): Iterable<Lane<Job>> {
    for (const lane of this.#byRecipient.values()) if (lane.paidUntilMs > untilMs || lane.pairRefusals > 0) yield lane;
  }

  restore(recipient: string, paidUntilMs: number, pairRefusals: number): void {
    const lane = this.#laneOf(recipient);
    lane.paidUntilMs = Math.max(lane.paidUntilMs, paidUntilMs);
    lane.pairRefusals = Math.max(lane.pairRefusals, pairRefusals);
  }

  *clear(): Iterable<Job> {
    for (const lane of this.#byRecipient.values()) {
      for (let job = lane.head; job !== undefined; job = lane.head) {
        unlinkHead(lane, job);
        yield job;
      }
    }
  }

  /** Changes the state of a queue, and its rank if it is ready. */
  #setState(lane: Lane<Job>, state: Lane<Job>['state'], rank = lane.rank): void {
    if (lane.state === 'ready') this.#ready[lane.rank] -= 1;
    lane.state = state;
    lane.rank = rank;
    if (state === 'ready') this.#ready[rank] += 1;
  }

  #laneOf(recipient: string): Lane<Job> {
    const known = this.#byRecipient.get(recipient);
    if (known) return known;
    const lane: Lane<Job> = {
      recipient,
      head: undefined,
      tails: [undefined, undefined, undefined],
      state: 'idle',
      rank: 0,
      paidUntilMs: -Infinity,
      pairRefusals: 0,
      turns: 0,
      notBeforeMs: -Infinity,
      joinedTo: undefined,
      position: -1,
    };
    this.#byRecipient.set(recipient, lane);
    return lane;
  }

  /** Updates the state of a queue from its first message and the pair rate. */
  #file(lane: Lane<Job>, nowMs: number, notBeforeMs: number, first: boolean): void {
    const job = firstOf(lane);
    if (!job) {
      this.#setState(lane, 'idle');
      return;
    }
    const readyAtMs = Math.max(notBeforeMs, this.#pairReadyAtMs(lane.paidUntilMs));
    lane.notBeforeMs = notBeforeMs;
    if (readyAtMs > nowMs) {
      this.#setState(lane, 'waiting');
      this.#waiting.add(lane, readyAtMs);
      return;
    }
    this.#setState(lane, 'ready', job.rank);
    if (first) this.#readyQueues[job.rank].pushFront(lane);
    else this.#readyQueues[job.rank].push(lane);
  }

  /**
   * Returns the queue whose turn it is. Removes outdated entries on the way: the queue has moved, or all of its
   * messages are over.
   */
  #nextLane(nowMs: number): Lane<Job> | undefined {
    for (let lane = this.#waiting.takeDue(nowMs); lane !== undefined; lane = this.#waiting.takeDue(nowMs))
      this.#file(lane, nowMs, -Infinity, false);
    for (const rank of ranks) {
      const queue = this.#readyQueues[rank];
      for (let lane = queue.first(); lane !== undefined; lane = queue.first()) {
        if (lane.state === 'ready' && lane.rank === rank) {
          if (firstOf(lane)?.rank === rank) return lane;
          this.#file(lane, nowMs, -Infinity, false);
        }
        queue.shift();
      }
    }
    return undefined;
  }

  /** Ends the turn of a queue. */
  #endTurn(taken: Lane<Job>, nowMs: number, notBeforeMs: number, first: boolean): void {
    const lane = this.present(taken);
    lane.turns -= 1;
    const waitUntilMs = Math.max(notBeforeMs, lane.notBeforeMs);
    if (lane.turns === 0) this.#file(lane, nowMs, waitUntilMs, first);
    else lane.notBeforeMs = waitUntilMs;
  }

  #forgetSome(nowMs: number): void {
    for (let looked = 0; looked < sweptPerMessage; looked += 1) {
      const { value: lane, done } = this.#sweep.next();
      if (done === true) {
        this.#sweep = this.#byRecipient.values();
        return;
      }
      if (lane.state === 'idle' && lane.paidUntilMs <= nowMs) this.#byRecipient.delete(lane.recipient);
    }
  }
}

/** Returns the last message that is more urgent than a rank. */
function lastBefore<Job extends LaneJob<Job>>(lane: Lane<Job>, rank: Rank): Job | undefined {
  let before: Job | undefined;
  for (const other of ranks) if (other < rank) before = lane.tails[other] ?? before;
  return before;
}

/** Inserts a message after all messages with a higher priority, and after earlier ones with the same priority. */
function link<Job extends LaneJob<Job>>(lane: Lane<Job>, job: Job): void {
  const tail = lane.tails[job.rank];
  const isLast = tail === undefined || tail.order <= job.order;
  let before = isLast && tail ? tail : lastBefore(lane, job.rank);
  if (!isLast) {
    for (let next = before ? before.next : lane.head; next && next.order < job.order; next = next.next) before = next;
  }
  if (before) {
    job.next = before.next;
    before.next = job;
  } else {
    job.next = lane.head;
    lane.head = job;
  }
  if (isLast) lane.tails[job.rank] = job;
}

function unlinkHead<Job extends LaneJob<Job>>(lane: Lane<Job>, head: Job): void {
  lane.head = head.next;
  head.next = undefined;
  if (lane.tails[head.rank] === head) lane.tails[head.rank] = undefined;
}

/** Returns the first message that isn't over. */
function firstOf<Job extends LaneJob<Job>>(lane: Lane<Job>): Job | undefined {
  while (lane.head?.state === 'over') unlinkHead(lane, lane.head);
  return lane.head;
}

/** Merges the messages of one queue into another, in the order in which they were added. */
function merge<Job extends LaneJob<Job>>(from: Lane<Job>, to: Lane<Job>): void {
  const jobs = [...jobsOf(from), ...jobsOf(to)].sort((one, other) => one.rank - other.rank || one.order - other.order);
  for (const lane of [from, to]) {
    lane.head = undefined;
    lane.tails.fill(undefined);
  }
  for (const job of jobs) job.next = undefined;
  for (const job of jobs) link(to, job);
}

/** Iterates over the waiting messages of a queue. */
function* jobsOf<Job extends LaneJob<Job>>(lane: Lane<Job>): Iterable<Job> {
  for (let job = lane.head; job !== undefined; job = job.next) yield job;
}
