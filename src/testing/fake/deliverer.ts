import type { Clock } from '../../runtime/clock.js';
import { signWebhook } from '../sign-webhook.js';
import type { Agenda } from './agenda.js';
import type { FakeApp } from './fake-cloud-api.js';
import type { FakeAttempt, FakeDelivery, FakeDeliveryOptions, FakeReceiver } from './fake-delivery.js';
import type { Random } from './random.js';
import { postWebhook } from './post-webhook.js';
import { encodeWebhook } from './webhook-encoding.js';
import { entriesOf, type Change } from './webhook-values.js';
import type { Writable } from './world.js';

/** Takes changes and delivers them as Meta does. */
export interface Deliverer {
  /** Queues a change. */
  deliver(change: Change): void;
  /** Notes a change that cannot be delivered. */
  drop(change: Change, reason: NonNullable<FakeDelivery['reason']>): void;
  readonly deliverTo: (receiver: FakeReceiver, options?: FakeDeliveryOptions) => void;
  readonly receiver: FakeReceiver | undefined;
  readonly deliveries: readonly FakeDelivery[];
  /** Whether something waits for its first try or is on its way. */
  busy(): boolean;
  /** Resolves when a delivery has ended, well or not. */
  progress(): Promise<void>;
  close(): void;
}

type DeliveryRecord = Omit<FakeDelivery, 'state' | 'reason' | 'attempts'> &
  Pick<Writable<FakeDelivery>, 'state' | 'reason'> & { readonly attempts: FakeAttempt[] };

/** A request that is made until somebody answers 200. */
interface Job {
  readonly record: DeliveryRecord;
  readonly firstTriedAtMs: number;
  failures: number;
}

/** Delay of the first retry; each further one doubles, up to an hour. Meta gives neither figure, only "decreasing frequency". */
const firstRetryMs = 1_000;
const longestRetryMs = 60 * 60 * 1_000;
/** Meta tries again for 7 days (overview of webhooks, Nov 2025). */
const giveUpAfterMs = 7 * 24 * 60 * 60 * 1_000;

/** Makes a deliverer for one app. */
export function createDeliverer(facts: {
  readonly clock: Clock;
  readonly now: () => number;
  readonly app: FakeApp;
  readonly agenda: Agenda;
  readonly random: Random;
  readonly options: FakeDeliveryOptions;
}): Deliverer {
  const { clock, agenda, random, app } = facts;
  let { options } = facts;
  let receiver: FakeReceiver | undefined;
  const deliveries: DeliveryRecord[] = [];
  const waiting: (Change | Job)[] = [];
  const waiters = new Set<() => void>();
  const closing = new AbortController();
  let onTheirWay = 0;
  let pumpIsPlanned = false;

  const takeNext = (): Change | Job | undefined => waiting.splice(options.shuffle ? random.integer(waiting.length) : 0, 1)[0];

  const record = (changes: readonly Change[], state: FakeDelivery['state']): DeliveryRecord => {
    // Written when somebody wants them: of most dropped ones nobody does.
    let body: string | undefined;
    let signature: string | undefined;
    const made: DeliveryRecord = {
      id: deliveries.length + 1,
      fields: changes.map(({ field }) => field),
      get body() {
        return (body ??= encodeWebhook({ object: 'whatsapp_business_account', entry: entriesOf(changes) }));
      },
      get signature() {
        return (signature ??= signWebhook(made.body, app.secret));
      },
      attempts: [],
      state,
    };
    deliveries.push(made);
    return made;
  };

  const makeJob = (first: Change): Job => {
    const changes = [first];
    for (let index = 0; changes.length < (options.batch ?? 1) && index < waiting.length;) {
      const next = waiting[index];
      if (next === undefined || isJob(next)) index += 1;
      else {
        changes.push(next);
        waiting.splice(index, 1);
      }
    }
    const job: Job = { record: record(changes, 'waiting'), firstTriedAtMs: clock.monotonic(), failures: 0 };
    if (random.next() < (options.duplicateShare ?? 0)) waiting.push(copyOf(job));
    return job;
  };

  const copyOf = ({ record: original, firstTriedAtMs }: Job): Job => {
    const copy: DeliveryRecord = { ...original, id: deliveries.length + 1, duplicateOf: original.id, attempts: [] };
    deliveries.push(copy);
    return { record: copy, firstTriedAtMs, failures: 0 };
  };

  const attempt = async (job: Job, to: FakeReceiver): Promise<void> => {
    const at = new Date(facts.now());
    const status = await postWebhook(to, job.record, clock, closing.signal);
    job.record.attempts.push({ at, ...(status !== undefined && { status }) });
    if (status === 200) {
      job.record.state = 'delivered';
      return;
    }
    const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** job.failures);
    job.failures += 1;
    if (clock.monotonic() + delayMs - job.firstTriedAtMs > giveUpAfterMs) {
      job.record.state = 'abandoned';
      return;
    }
    agenda.soon(() => {
      waiting.push(job);
      planPump();
    }, delayMs);
  };

  const pump = (): void => {
    pumpIsPlanned = false;
    while (receiver !== undefined && !closing.signal.aborted && onTheirWay < (options.concurrency ?? 8)) {
      const next = takeNext();
      if (next === undefined) return;
      onTheirWay += 1;
      void attempt(isJob(next) ? next : makeJob(next), receiver).finally(() => {
        onTheirWay -= 1;
        planPump();
        wakeAll();
      });
    }
  };
  const wakeAll = (): void => {
    for (const wake of waiters) wake();
    waiters.clear();
  };
  /** Starts a little later, so that everything that happens at once can be shuffled and batched. */
  const planPump = (): void => {
    if (pumpIsPlanned) return;
    pumpIsPlanned = true;
    queueMicrotask(pump);
  };

  return {
    deliver(change) {
      waiting.push(change);
      planPump();
    },
    drop(change, reason) {
      record([change], 'dropped').reason = reason;
    },
    deliverTo(next, nextOptions) {
      receiver = next;
      options = { ...options, ...nextOptions };
    },
    get receiver() {
      return receiver;
    },
    deliveries,
    busy: () => onTheirWay > 0 || waiting.length > 0,
    progress: () =>
      new Promise((resolve) => {
        waiters.add(resolve);
      }),
    close() {
      waiting.length = 0;
      closing.abort();
      wakeAll();
    },
  };
}

function isJob(item: Change | Job): item is Job {
  return 'record' in item;
}
