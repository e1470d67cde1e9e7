import { createDeque, type Deque } from './deque.js';
import { createIndexedHeap, type Positioned, type IndexedHeap } from './indexed-heap.js';

/** Priorities as numbers, the most urgent first. */
export type Rank = 0 | 1 | 2;

const ranks: readonly Rank[] = [0, 1, 2];

/** A message in a recipient queue. It is a node of a linked list. */
export interface QueueItem<Job> {
  readonly rank: Rank;
  /** The next message of the same queue. Only the queue writes it. */
  next: Job | undefined;
  /** Position in the order in which messages were added. Only the queue writes it. */
  order: number;
  /** Whether the message waits. Messages that are `over` (aborted, expired) are skipped. */
  readonly state: 'waiting' | 'left' | 'over';
}

/** The queue of one recipient. Messages are in order within a priority, and one is in flight at a time. */
export interface RecipientQueue<Job> extends Positioned {
  /** The name of the recipient's queue. */
  recipient: string;
  /** Monotonic time at which the pair rate is paid off. */
  paidUntilMs: number;
  /** Rejections in a row because of the pair rate. */
  pairRejections: number;
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
  joinedTo: RecipientQueue<Job> | undefined;
}

/** The next message and its queue. */
export interface Turn<Job> {
  readonly job: Job;
  readonly queue: RecipientQueue<Job>;
}

/**
 * The waiting messages by recipient. A recipient that must wait doesn't delay others, and recipients with many messages
 * alternate with the others. All operations take constant time, except for a logarithm because of the pair rate.
 */
export interface RecipientQueues<Job> {
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
  ended(queue: RecipientQueue<Job>, nowMs: number): void;
  /** Returns the message of a busy queue to its position. It isn't taken before `notBeforeMs`. */
  putBack(turn: Turn<Job>, nowMs: number, notBeforeMs: number): void;
  /**
   * Joins the queues of two recipients that are the same person. The messages keep the order in which they were added.
   * No message is taken while one of either queue is in flight.
   */
  join(from: string, to: string, nowMs: number): void;
  /** Returns the queue that a queue was joined to, or the queue itself. */
  present(queue: RecipientQueue<Job>): RecipientQueue<Job>;
  /**
   * Whether a taken message is still the next of its recipient, and the only one in flight. Recipients may have been
   * joined.
   */
  mayContinue(turn: Turn<Job>): boolean;
  /** Returns recipients whose pair rate isn't paid off at the given time, or whose last message Meta rejected. */
  unpaid(untilMs: number): Iterable<RecipientQueue<Job>>;
  /** Continues with the pair rate of a recipient. */
  restore(recipient: string, paidUntilMs: number, pairRejections: number): void;
  /** Removes and returns all waiting messages. */
  clear(): Iterable<Job>;
}

/** For each added message, this many recipients are checked, and removed from memory if they are idle and paid off. */
const sweptPerMessage = 2;

/**
 * Creates an empty backlog. `pairReadyAtMs` returns when the next message of a queue can be sent, from its
 * `paidUntilMs`.
 */
export function createRecipientQueues<Job extends QueueItem<Job>>(pairReadyAtMs: (paidUntilMs: number) => number): RecipientQueues<Job> {
  return new LinkedQueues(pairReadyAtMs);
}

class LinkedQueues<Job extends QueueItem<Job>> implements RecipientQueues<Job> {
  readonly #pairReadyAtMs: (paidUntilMs: number) => number;
  readonly #byRecipient = new Map<string, RecipientQueue<Job>>();
  readonly #readyQueues: readonly [Deque<RecipientQueue<Job>>, Deque<RecipientQueue<Job>>, Deque<RecipientQueue<Job>>] = [
    createDeque(),
    createDeque(),
    createDeque(),
  ];
  readonly #waiting: IndexedHeap<RecipientQueue<Job>> = createIndexedHeap();
  /** Number of ready queues, by the rank of their first message. */
  readonly #ready: [number, number, number] = [0, 0, 0];
  #sweep: MapIterator<RecipientQueue<Job>>;
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
    const queue = this.#queueOf(recipient);
    job.order = this.#orders += 1;
    link(queue, job);
    if (queue.state === 'idle') this.#file(queue, nowMs, -Infinity, false);
    else if (queue.state === 'ready' && job.rank < queue.rank) {
      this.#setState(queue, 'ready', job.rank);
      this.#readyQueues[job.rank].push(queue);
    }
  }

  nextAtMs(nowMs: number): number {
    return this.#nextQueue(nowMs) ? -Infinity : this.#waiting.nextAtMs;
  }

  take(nowMs: number): Turn<Job> | undefined {
    const queue = this.#nextQueue(nowMs);
    const job = queue?.head;
    if (!queue || !job) return undefined;
    this.#readyQueues[queue.rank].shift();
    unlinkHead(queue, job);
    this.#setState(queue, 'busy');
    queue.turns = 1;
    queue.notBeforeMs = -Infinity;
    return { job, queue };
  }

  ended(queue: RecipientQueue<Job>, nowMs: number): void {
    this.#endTurn(queue, nowMs, -Infinity, false);
  }

  putBack({ job, queue }: Turn<Job>, nowMs: number, notBeforeMs: number): void {
    link(this.present(queue), job);
    this.#endTurn(queue, nowMs, notBeforeMs, true);
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
    for (const queue of [source, target]) this.#waiting.remove(queue);
    merge(source, target);
    this.#setState(source, 'idle');
    source.joinedTo = target;
    target.turns += source.turns;
    target.notBeforeMs = Math.max(target.notBeforeMs, source.notBeforeMs);
    // Meta counts the messages to both recipients together.
    const openMs = Math.max(0, Math.min(target.paidUntilMs, source.paidUntilMs) - nowMs);
    target.paidUntilMs = Math.max(target.paidUntilMs, source.paidUntilMs) + openMs;
    target.pairRejections = Math.max(target.pairRejections, source.pairRejections);
    if (target.turns > 0) this.#setState(target, 'busy');
    else this.#file(target, nowMs, target.notBeforeMs, false);
  }

  present(queue: RecipientQueue<Job>): RecipientQueue<Job> {
    let found = queue;
    while (found.joinedTo) found = found.joinedTo;
    return found;
  }

  mayContinue({ job, queue: taken }: Turn<Job>): boolean {
    const queue = this.present(taken);
    if (queue.turns > 1) return false;
    const before = lastBefore(queue, job.rank);
    let next = before ? before.next : queue.head;
    while (next?.state === 'over') next = next.next;
    return next?.rank !== job.rank || next.order > job.order;
  }

  *unpaid(untilMs: number): Iterable<RecipientQueue<Job>> {
    for (const queue of this.#byRecipient.values()) if (queue.paidUntilMs > untilMs || queue.pairRejections > 0) yield queue;
  }

  restore(recipient: string, paidUntilMs: number, pairRejections: number): void {
    const queue = this.#queueOf(recipient);
    queue.paidUntilMs = Math.max(queue.paidUntilMs, paidUntilMs);
    queue.pairRejections = Math.max(queue.pairRejections, pairRejections);
  }

  *clear(): Iterable<Job> {
    for (const queue of this.#byRecipient.values()) {
      for (let job = queue.head; job !== undefined; job = queue.head) {
        unlinkHead(queue, job);
        yield job;
      }
    }
  }

  /** Changes the state of a queue, and its rank if it is ready. */
  #setState(queue: RecipientQueue<Job>, state: RecipientQueue<Job>['state'], rank = queue.rank): void {
    if (queue.state === 'ready') this.#ready[queue.rank] -= 1;
    queue.state = state;
    queue.rank = rank;
    if (state === 'ready') this.#ready[rank] += 1;
  }

  #queueOf(recipient: string): RecipientQueue<Job> {
    const known = this.#byRecipient.get(recipient);
    if (known) return known;
    const queue: RecipientQueue<Job> = {
      recipient,
      head: undefined,
      tails: [undefined, undefined, undefined],
      state: 'idle',
      rank: 0,
      paidUntilMs: -Infinity,
      pairRejections: 0,
      turns: 0,
      notBeforeMs: -Infinity,
      joinedTo: undefined,
      position: -1,
    };
    this.#byRecipient.set(recipient, queue);
    return queue;
  }

  /** Updates the state of a queue from its first message and the pair rate. */
  #file(queue: RecipientQueue<Job>, nowMs: number, notBeforeMs: number, first: boolean): void {
    const job = firstOf(queue);
    if (!job) {
      this.#setState(queue, 'idle');
      return;
    }
    const readyAtMs = Math.max(notBeforeMs, this.#pairReadyAtMs(queue.paidUntilMs));
    queue.notBeforeMs = notBeforeMs;
    if (readyAtMs > nowMs) {
      this.#setState(queue, 'waiting');
      this.#waiting.add(queue, readyAtMs);
      return;
    }
    this.#setState(queue, 'ready', job.rank);
    if (first) this.#readyQueues[job.rank].pushFront(queue);
    else this.#readyQueues[job.rank].push(queue);
  }

  /**
   * Returns the queue whose turn it is. Removes outdated entries on the way: the queue has moved, or all of its
   * messages are over.
   */
  #nextQueue(nowMs: number): RecipientQueue<Job> | undefined {
    for (let queue = this.#waiting.takeDue(nowMs); queue !== undefined; queue = this.#waiting.takeDue(nowMs))
      this.#file(queue, nowMs, -Infinity, false);
    for (const rank of ranks) {
      const readyQueue = this.#readyQueues[rank];
      for (let queue = readyQueue.first(); queue !== undefined; queue = readyQueue.first()) {
        if (queue.state === 'ready' && queue.rank === rank) {
          if (firstOf(queue)?.rank === rank) return queue;
          this.#file(queue, nowMs, -Infinity, false);
        }
        readyQueue.shift();
      }
    }
    return undefined;
  }

  /** Ends the turn of a queue. */
  #endTurn(taken: RecipientQueue<Job>, nowMs: number, notBeforeMs: number, first: boolean): void {
    const queue = this.present(taken);
    queue.turns -= 1;
    const waitUntilMs = Math.max(notBeforeMs, queue.notBeforeMs);
    if (queue.turns === 0) this.#file(queue, nowMs, waitUntilMs, first);
    else queue.notBeforeMs = waitUntilMs;
  }

  #forgetSome(nowMs: number): void {
    for (let looked = 0; looked < sweptPerMessage; looked += 1) {
      const { value: queue, done } = this.#sweep.next();
      if (done === true) {
        this.#sweep = this.#byRecipient.values();
        return;
      }
      if (queue.state === 'idle' && queue.paidUntilMs <= nowMs) this.#byRecipient.delete(queue.recipient);
    }
  }
}

/** Returns the last message that is more urgent than a rank. */
function lastBefore<Job extends QueueItem<Job>>(queue: RecipientQueue<Job>, rank: Rank): Job | undefined {
  let before: Job | undefined;
  for (const other of ranks) if (other < rank) before = queue.tails[other] ?? before;
  return before;
}

/** Inserts a message after all messages with a higher priority, and after earlier ones with the same priority. */
function link<Job extends QueueItem<Job>>(queue: RecipientQueue<Job>, job: Job): void {
  const tail = queue.tails[job.rank];
  const isLast = tail === undefined || tail.order <= job.order;
  let before = isLast && tail ? tail : lastBefore(queue, job.rank);
  if (!isLast) {
    for (let next = before ? before.next : queue.head; next && next.order < job.order; next = next.next) before = next;
  }
  if (before) {
    job.next = before.next;
    before.next = job;
  } else {
    job.next = queue.head;
    queue.head = job;
  }
  if (isLast) queue.tails[job.rank] = job;
}

function unlinkHead<Job extends QueueItem<Job>>(queue: RecipientQueue<Job>, head: Job): void {
  queue.head = head.next;
  head.next = undefined;
  if (queue.tails[head.rank] === head) queue.tails[head.rank] = undefined;
}

/** Returns the first message that isn't over. */
function firstOf<Job extends QueueItem<Job>>(queue: RecipientQueue<Job>): Job | undefined {
  while (queue.head?.state === 'over') unlinkHead(queue, queue.head);
  return queue.head;
}

/** Merges the messages of one queue into another, in the order in which they were added. */
function merge<Job extends QueueItem<Job>>(from: RecipientQueue<Job>, to: RecipientQueue<Job>): void {
  const jobs = [...jobsOf(from), ...jobsOf(to)].sort((one, other) => one.rank - other.rank || one.order - other.order);
  for (const queue of [from, to]) {
    queue.head = undefined;
    queue.tails.fill(undefined);
  }
  for (const job of jobs) job.next = undefined;
  for (const job of jobs) link(to, job);
}

/** Iterates over the waiting messages of a queue. */
function* jobsOf<Job extends QueueItem<Job>>(queue: RecipientQueue<Job>): Iterable<Job> {
  for (let job = queue.head; job !== undefined; job = job.next) yield job;
}
