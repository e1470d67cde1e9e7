import { runAndEnd } from '../runtime/run-and-end.js';
import type { QueueKey } from './queue-key.js';

/** Maximum number of concurrent tasks: per customer, per number, and in total. */
interface Limits {
  readonly ofCustomer: number;
  readonly ofNumber: number;
  readonly ofAll: number;
}

/**
 * The limits for fairness. Live events have no limit except the order per customer. With any limit, that many slow
 * customers would delay the next one. Deliveries beyond the limits of the inbox wait in its store, not in memory.
 */
export const schedulerLimits: Readonly<Record<'events' | 'deliveries', Readonly<Record<QueueKey['kind'], Limits>>>> = {
  events: {
    live: { ofCustomer: 1, ofNumber: Infinity, ofAll: Infinity },
    sync: { ofCustomer: 1, ofNumber: 8, ofAll: Infinity },
  },
  deliveries: {
    live: { ofCustomer: 16, ofNumber: 256, ofAll: 2_048 },
    sync: { ofCustomer: 16, ofNumber: 4, ofAll: 16 },
  },
};

/**
 * Decides which tasks may run now. Customers of the same number, numbers, and live events (behind syncs) don't delay
 * each other. Events wait in memory ({@link Scheduler.run}). The inbox keeps deliveries in its store and asks for a
 * slot ({@link Scheduler.hasSlot}).
 */
export interface Scheduler {
  /**
   * Runs a task when it gets a slot. Tasks of one customer run in order, and customers of a number take turns. Returns
   * the result of the task, or throws its error, synchronously if there is a slot and the task returns no promise.
   */
  run<Result>(key: QueueKey, task: () => Result | Promise<Result>): Result | Promise<Result>;
  /** Whether another task may run now. */
  hasSlot(key: QueueKey): boolean;
  takeSlot(key: QueueKey): void;
  releaseSlot(key: QueueKey): void;
}

interface CustomerQueue {
  running: number;
  /** Each function takes a slot and starts a task. */
  readonly waiting: (() => void)[];
}

interface NumberQueue {
  running: number;
  /** Customers with a waiting task and no running one. */
  readonly ready: CustomerQueue[];
}

/** The queues of live events, or those of syncs. */
interface KindQueue {
  running: number;
  readonly limits: Limits;
  readonly numbers: Map<string, NumberQueue>;
  readonly customers: Map<string, CustomerQueue>;
}

/** Creates a {@link Scheduler}. */
export function createScheduler(limits: Readonly<Record<QueueKey['kind'], Limits>>): Scheduler {
  const queueOf = (kind: QueueKey['kind']): KindQueue => ({ running: 0, limits: limits[kind], numbers: new Map(), customers: new Map() });
  const kinds = { live: queueOf('live'), sync: queueOf('sync') };

  const hasSlot: Scheduler['hasSlot'] = ({ kind, number, customer }) => {
    const queue = kinds[kind];
    const { ofAll, ofNumber, ofCustomer } = queue.limits;
    return (
      queue.running < ofAll &&
      (queue.numbers.get(number)?.running ?? 0) < ofNumber &&
      (customer === '' || (queue.customers.get(customer)?.running ?? 0) < ofCustomer)
    );
  };
  const takeSlot: Scheduler['takeSlot'] = (key) => {
    const queue = kinds[key.kind];
    queue.running += 1;
    numberQueue(queue, key).running += 1;
    customerQueue(queue, key).running += 1;
  };
  const releaseSlot: Scheduler['releaseSlot'] = (key) => {
    const queue = kinds[key.kind];
    const number = numberQueue(queue, key);
    const customer = customerQueue(queue, key);
    queue.running -= 1;
    number.running -= 1;
    customer.running -= 1;
    if (customer.waiting.length > 0) number.ready.push(customer);
    else if (customer.running === 0) queue.customers.delete(key.customer);
    const start = number.ready.shift()?.waiting.shift();
    if (start) start();
    else if (number.running === 0) queue.numbers.delete(key.number);
  };
  /** Releases the slot asynchronously, so that a long queue of short tasks doesn't exhaust the call stack. */
  const runLater = async <Result>(key: QueueKey, task: () => Result | Promise<Result>): Promise<Result> => {
    try {
      return await task();
    } finally {
      releaseSlot(key);
    }
  };

  return {
    hasSlot,
    takeSlot,
    releaseSlot,
    run(key, task) {
      const queue = kinds[key.kind];
      const isQueued = queue.customers.has(key.customer);
      if (!isQueued && hasSlot(key)) {
        takeSlot(key);
        return runAndEnd(task, () => {
          releaseSlot(key);
        });
      }
      const customer = customerQueue(queue, key);
      if (!isQueued) numberQueue(queue, key).ready.push(customer);
      return new Promise((resolve) => {
        customer.waiting.push(() => {
          takeSlot(key);
          resolve(runLater(key, task));
        });
      });
    },
  };
}

function numberQueue({ numbers }: KindQueue, { number }: QueueKey): NumberQueue {
  const known = numbers.get(number);
  if (known) return known;
  const queue: NumberQueue = { running: 0, ready: [] };
  numbers.set(number, queue);
  return queue;
}

function customerQueue({ customers }: KindQueue, { customer }: QueueKey): CustomerQueue {
  const known = customers.get(customer);
  if (known) return known;
  const queue: CustomerQueue = { running: 0, waiting: [] };
  customers.set(customer, queue);
  return queue;
}

/** Customers whose deliveries wait in the store. Their later deliveries must not overtake these. */
export interface WaitingKeys {
  add(key: QueueKey): void;
  isEmpty(): boolean;
  /** Whether a delivery must wait behind another one. */
  blocks(key: QueueKey): boolean;
}

/** Creates {@link WaitingKeys}. */
export function createWaitingKeys(): WaitingKeys {
  const numbers = new Map<string, Set<string>>();
  const nameOf = ({ kind, number }: QueueKey): string => `${kind} ${number}`;
  return {
    add(key) {
      const customers = numbers.get(nameOf(key));
      if (customers) customers.add(key.customer);
      else numbers.set(nameOf(key), new Set([key.customer]));
    },
    isEmpty: () => numbers.size === 0,
    blocks(key) {
      const customers = numbers.get(nameOf(key));
      // A delivery about several customers waits behind waiting deliveries of any of them, and they wait behind it.
      return customers !== undefined && (key.customer === '' || customers.has('') || customers.has(key.customer));
    },
  };
}
