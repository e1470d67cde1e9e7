import type { Clock } from '../runtime/clock.js';
import { isRecord } from '../runtime/json.js';
import type { Logger } from '../runtime/logger.js';
import type { Store } from '../stores/store.js';
import type { SenderFleetStats, SenderStats } from './sender-stats.js';

/** The processes with messages that share a store. */
export interface Fleet {
  /** Starts to record the figures of this process, until it has no messages. */
  touch(): void;
  stats(): Promise<SenderFleetStats>;
  close(): Promise<void>;
}

/** Dependencies of {@link createFleet}. */
export interface FleetOptions {
  readonly store: Store;
  /** Whether other processes use the store. */
  readonly isShared: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  /** ID of this process in the store. */
  readonly owner: string;
  readonly stats: () => SenderStats;
  /** Number of messages without an outcome in a queue that all processes share, if there is one. */
  readonly queued: (() => Promise<number>) | undefined;
}

const prefix = 'sender/process/';
const writeEveryMs = 2_000;

/** How long the figures of a crashed process count. */
const ttlMs = 10_000;

/** Maximum number of processes that are counted. */
const maxProcesses = 1_000;

type Figures = Omit<SenderFleetStats, 'processes'>;

/** Shares the figures of this process with others while it has messages. */
export function createFleet({ store, isShared, clock, logger, owner, stats, queued }: FleetOptions): Fleet {
  let cancel: (() => void) | undefined;
  let isWritten = false;
  let isClosed = false;
  const own = (): Figures => figuresOf({ ...stats() });
  const write = async (): Promise<void> => {
    const now = own();
    const isIdle = isClosed || now.queued + now.inFlight === 0;
    try {
      if (!isIdle) await store.set(prefix + owner, { ...now }, { ttlMs });
      else if (isWritten) await store.delete(prefix + owner);
      isWritten = !isIdle;
    } catch (error) {
      logger.debug('sender.fleet_not_recorded', { error });
    }
    cancel = undefined;
    if (!isIdle) arm();
  };
  const arm = (): void => {
    if (isClosed || !isShared) return;
    cancel ??= clock.schedule(() => void write(), writeEveryMs, { background: true });
  };
  return {
    touch: arm,
    async stats() {
      const entries = isShared ? await store.list(prefix, { limit: maxProcesses }) : [];
      const others = entries.filter(({ key }) => key !== prefix + owner).map(({ value }) => figuresOf(value));
      const total = others.reduce(add, own());
      const processes = others.length + 1;
      return queued ? { ...total, processes, queued: Math.max(0, (await queued()) - total.inFlight) } : { ...total, processes };
    },
    async close() {
      isClosed = true;
      cancel?.();
      if (isWritten) await write();
    },
  };
}

function figuresOf(value: unknown): Figures {
  const record = isRecord(value) ? value : {};
  const figure = (name: keyof Figures): number => (typeof record[name] === 'number' ? record[name] : 0);
  return {
    numbers: figure('numbers'),
    queued: figure('queued'),
    held: figure('held'),
    inFlight: figure('inFlight'),
    waitingRecipients: figure('waitingRecipients'),
    perSecond: figure('perSecond'),
    ceiling: figure('ceiling'),
  };
}

function add(one: Figures, other: Figures): Figures {
  return {
    numbers: one.numbers + other.numbers,
    queued: one.queued + other.queued,
    held: one.held + other.held,
    inFlight: one.inFlight + other.inFlight,
    waitingRecipients: one.waitingRecipients + other.waitingRecipients,
    perSecond: one.perSecond + other.perSecond,
    ceiling: one.ceiling + other.ceiling,
  };
}
