import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { Clock } from '../../runtime/clock.js';
import type { Agenda } from './agenda.js';
import type { FakeApp } from './fake-cloud-api.js';
import { DeliveryLog, type SavedDeliveries } from './delivery-log.js';
import { DeliveryRecord } from './delivery-record.js';
import type { FakeDelivery, FakeDeliveryOptions, FakeReceiver } from './fake-delivery.js';
import type { Random } from './random.js';
import { FakeDeliveryError } from './fake-delivery-error.js';
import { inProcessUrl, postWebhook, type PostResult } from './post-webhook.js';
import type { Change } from './webhook-values.js';

/** Takes changes and delivers them as Meta does. */
export interface Deliverer {
  /** Queues a change after the configured delay. */
  deliver(change: Change): void;
  /** Queues a change that has waited long enough. */
  queue(change: Change): void;
  /** Notes a change that cannot be delivered. */
  drop(change: Change, reason: NonNullable<FakeDelivery['reason']>): void;
  /** Tries a delivery again. */
  retry(deliveryId: number): void;
  /** Queues a copy of a delivery, with another body if there is one. @throws `InvalidArgumentError` if the delivery is unknown */
  redeliver(deliveryId: number, body: string | undefined): FakeDelivery;
  readonly deliverTo: (receiver: FakeReceiver | undefined, options?: FakeDeliveryOptions) => void;
  readonly receiver: FakeReceiver | undefined;
  /** The callback URL of the app. */
  readonly callbackUrl: string | undefined;
  readonly deliveries: readonly FakeDelivery[];
  /** Whether a delivery waits for its first attempt or is in flight. */
  busy(): boolean;
  /** The error of a delivery that the current receiver failed several times, if there is one. */
  failure(): FakeDeliveryError | undefined;
  /** Resolves when a delivery has ended, well or not. */
  progress(): Promise<void>;
  /** What can be written down: deliveries, and what waits for its first try. */
  save(): SavedDeliveries;
  close(): void;
}

/** After so many failed attempts `settled()` reports a delivery instead of moving the clock on: 3 seconds after the first one. */
const maxSettledAttempts = 3;
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
  /** The maximum of stored deliveries, and of changes that wait for one. The oldest are dropped. */
  readonly maxDeliveries: number;
  readonly saved: SavedDeliveries | undefined;
  /** Called after each change of a delivery. */
  readonly onChange: (delivery: FakeDelivery) => void;
}): Deliverer {
  const { clock, now, agenda, random, app, saved, maxDeliveries, onChange } = facts;
  let { options } = facts;
  let receiver: FakeReceiver | undefined;
  const log = new DeliveryLog({
    secret: app.secret,
    maxDeliveries,
    saved,
    onChange,
    onDrop: (deliveryId) => {
      failed.delete(deliveryId);
    },
  });
  const { deliveries, callbackUrls } = log;
  // Deliveries that were in flight when the snapshot was made may have been lost, so they are sent again.
  const retried = new Set(agenda.planned().flatMap(({ task }) => (task.kind === 'retry' ? [Number(task.id)] : [])));
  const waiting: (Change | DeliveryRecord)[] = [
    ...deliveries.filter(({ id, state }) => state === 'waiting' && !retried.has(id)),
    ...(saved?.waiting ?? []),
  ];
  const waiters = new Set<() => void>();
  /** Failed attempts at the current receiver, by delivery. */
  const failed = new Map<number, { readonly attempts: number; readonly last: PostResult }>();
  /** One for each request in flight. A signal that all share would keep something of each request. */
  const inFlight = new Set<AbortController>();
  let isClosed = false;
  let onTheirWay = 0;
  let pumpIsPlanned = false;

  const takeNext = (): Change | DeliveryRecord | undefined => waiting.splice(options.shuffle ? random.integer(waiting.length) : 0, 1)[0];

  const makeDelivery = (first: Change): DeliveryRecord => {
    const changes = [first];
    for (let index = 0; changes.length < (options.batch ?? 1) && index < waiting.length;) {
      const next = waiting[index];
      if (next === undefined || isRecordOf(next) || next.callbackUrl !== first.callbackUrl) index += 1;
      else {
        changes.push(next);
        waiting.splice(index, 1);
      }
    }
    const made = log.record(changes, 'waiting');
    if (first.callbackUrl !== undefined) callbackUrls.set(made.id, first.callbackUrl);
    if (random.next() < (options.duplicateShare ?? 0)) waiting.push(log.copy(made));
    return made;
  };

  const attempt = async (delivery: DeliveryRecord): Promise<void> => {
    const atMs = now();
    const to = callbackUrls.get(delivery.id) ?? receiver;
    const stop = new AbortController();
    inFlight.add(stop);
    const result = to === undefined ? undefined : await postWebhook(to, delivery, clock, stop);
    inFlight.delete(stop);
    const status = result?.status;
    if ((isClosed && status === undefined) || delivery.state === 'dropped') return;
    const responseText = result?.text ?? '';
    delivery.attempts.push({
      at: new Date(atMs),
      ...(status !== undefined && { status }),
      ...(responseText !== '' && { responseText }),
    });
    if (status === 200) {
      delivery.state = 'delivered';
      failed.delete(delivery.id);
    } else {
      if (result && to === (callbackUrls.get(delivery.id) ?? receiver)) {
        failed.set(delivery.id, { attempts: (failed.get(delivery.id)?.attempts ?? 0) + 1, last: result });
      }
      const delayMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (delivery.attempts.length - 1));
      const firstTriedAtMs = delivery.attempts[0]?.at.getTime() ?? atMs;
      if (now() + delayMs - firstTriedAtMs > giveUpAfterMs) {
        delivery.state = 'abandoned';
        failed.delete(delivery.id);
      } else agenda.plan({ kind: 'retry', id: String(delivery.id) }, delayMs);
    }
    onChange(delivery);
  };

  const pump = (): void => {
    pumpIsPlanned = false;
    while ((receiver !== undefined || callbackUrls.size > 0) && !isClosed && onTheirWay < (options.concurrency ?? 8)) {
      const next = takeNext();
      if (next === undefined) return;
      if (isRecordOf(next) && next.state === 'dropped') continue;
      onTheirWay += 1;
      void attempt(isRecordOf(next) ? next : makeDelivery(next)).finally(() => {
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
  /** Starts a little later, so that simultaneous changes can be shuffled and batched. */
  const planPump = (): void => {
    if (pumpIsPlanned) return;
    pumpIsPlanned = true;
    queueMicrotask(pump);
  };
  const queue = (item: Change | DeliveryRecord): void => {
    waiting.push(item);
    if (waiting.length > maxDeliveries) {
      const oldest = waiting.shift();
      if (isRecordOf(oldest)) log.drop(oldest);
      else if (oldest) log.record([oldest], 'dropped', 'too-many');
    }
    planPump();
  };
  const delayMs = (): number => {
    const { delayMs: delay = 0 } = options;
    return typeof delay === 'number' ? delay : delay[0] + random.next() * (delay[1] - delay[0]);
  };

  return {
    queue,
    deliver(change) {
      if (options.delayMs === undefined) queue(change);
      else agenda.plan({ kind: 'deliver', id: change.entryId, change }, delayMs());
    },
    drop(change, reason) {
      log.record([change], 'dropped', reason);
    },
    retry(deliveryId) {
      const delivery = log.find(deliveryId);
      if (delivery) queue(delivery);
    },
    redeliver(deliveryId, body) {
      const original = log.find(deliveryId);
      if (!original)
        throw new InvalidArgumentError('fake.redeliver', 'deliveryId', `is unknown: there is no delivery ${String(deliveryId)}`);
      const copy = log.copy(original, body);
      queue(copy);
      return copy;
    },
    deliverTo(next, nextOptions) {
      if (next !== receiver) failed.clear();
      receiver = next;
      options = { ...options, ...nextOptions };
      if (waiting.length > 0) planPump();
    },
    get receiver() {
      return receiver;
    },
    get callbackUrl() {
      return typeof receiver === 'function' ? (options.callbackUrl ?? inProcessUrl) : receiver && String(receiver);
    },
    deliveries,
    busy: () => onTheirWay > 0 || waiting.length > 0,
    failure() {
      for (const [deliveryId, { attempts, last }] of failed) {
        if (attempts < maxSettledAttempts) continue;
        const fields = log.find(deliveryId)?.fields ?? [];
        return new FakeDeliveryError({ deliveryId, fields, attempts, status: last.status, responseText: last.text, cause: last.error });
      }
      return undefined;
    },
    progress: () =>
      new Promise((resolve) => {
        waiters.add(resolve);
      }),
    save: () => ({
      deliveries: deliveries.map((delivery) => delivery.toJSON()),
      callbackUrls: Object.fromEntries(callbackUrls),
      waiting: waiting.filter((item): item is Change => !isRecordOf(item)),
    }),
    close() {
      waiting.length = 0;
      isClosed = true;
      for (const stop of inFlight) stop.abort();
      wakeAll();
    },
  };
}

function isRecordOf(item: Change | DeliveryRecord | undefined): item is DeliveryRecord {
  return item instanceof DeliveryRecord;
}
