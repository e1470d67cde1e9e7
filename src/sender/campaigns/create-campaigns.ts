import { NotSentError } from '../../errors/not-sent-error.js';
import type { Clock } from '../../runtime/clock.js';
import { isRecord, type JsonObject, type JsonValue } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import { joinKey } from '../../runtime/keys.js';
import { updateEntry } from '../../stores/records.js';
import type { Store } from '../../stores/store.js';
import type { GuardVerdict, SendGuard } from '../guard.js';
import type { SendResult } from '../send-result.js';
import { checkCampaignId } from '../attempts/check-send.js';
import { countsOf, countsToJson, noCounts, sumCounts, type CampaignCounts } from './campaign-counts.js';
import type { CampaignReport, Campaigns, CampaignState } from './campaigns.js';
import { countRejection, createRejectionStreak, type EqualRejections, type RejectionStreak } from './rejection-streak.js';

/** The last command of a caller. */
export type CampaignCommand = Exclude<CampaignState, 'done'>;

/** What {@link createCampaigns} works with. */
export interface CampaignsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asks the guards again about messages of a campaign that this process holds. */
  readonly askAgain: (campaignId: string) => void;
  /** This process paused, resumed or cancelled a campaign, and the store has it. */
  readonly commanded: (campaignId: string, command: CampaignCommand) => Promise<void>;
  /** This process learned that a campaign is paused, resumed or cancelled. */
  readonly changed: (campaignId: string, command: CampaignCommand) => void;
  /**
   * How many of the messages that the store counts as open can be, by a queue that all processes share. Then any of them may send a message.
   * @defaultValue a process sends what it queued
   */
  readonly sharedBacklog: ((counted: number) => Promise<number>) | undefined;
  /** Equal rejections in a row after which a campaign stops. `Infinity` for never. */
  readonly maxEqualRejections: number;
  /** Names this process in the store. */
  readonly owner: string;
}

/** The campaigns' side towards the sender. */
export interface CampaignsShell {
  readonly module: Campaigns;
  /** Holds messages of paused campaigns, and refuses those of cancelled ones. */
  readonly guard: SendGuard;
  /** Whether a campaign is known to be over. */
  readonly endOf: (campaignId: string) => 'cancelled' | 'stopped' | undefined;
  /** Stops a running campaign after equal rejections. */
  readonly stop: (campaignId: string, rejections: EqualRejections) => void;
  /** Another process paused, resumed or cancelled a campaign. */
  readonly heard: (campaignId: string, command: CampaignCommand) => void;
  queued(campaignId: string): void;
  /** A message joined another one, and has no separate outcome. */
  joined(campaignId: string): void;
  /** A source with messages of a campaign is being read. Returns a function that ends that. */
  readonly sourceOpened: (campaignId: string) => () => void;
  /** A message has its outcome; a `replay` was on record already. */
  ended(campaignId: string, result: SendResult, replay: boolean): void;
  /** Writes the last counts. */
  close(): Promise<void>;
}

/** A campaign as this process knows it. */
interface Known {
  state: CampaignCommand;
  /** When its state was read, in monotonic milliseconds. */
  readAtMs: number;
  /** The read of its state that is in progress. */
  reading: Promise<void> | undefined;
  open: number;
  /** Sources of it that are being read. */
  sources: number;
  /** When this process last wrote that the campaign is active here; `-Infinity` if the store does not say so. */
  activeAtMs: number;
  /** Rejections of Meta in this process. */
  readonly streak: RejectionStreak;
  /** How many open messages the store says that there are here. */
  reportedOpen: number;
  /** What is not in the store yet. */
  counts: CampaignCounts;
  /** The write of earlier counts that is in progress. */
  flushing: Promise<void> | undefined;
  /** Number of writes that were started. */
  flushes: number;
}

/** Another process's word is heard after this time at the latest; counts are written as often. */
const readEveryMs = 1_000;

/** Resuming a paused campaign releases its messages. These are only the bounds, also for messages that were being held meanwhile. */
const heldMs = { here: 3_600_000, inSharedQueue: 300_000 };

/** A campaign is remembered this long after its last outcome. */
const campaignTtlMs = 90 * 86_400_000;

/** A process says that a campaign is active there this often, and is believed for so long. */
const activeEveryMs = 5_000;
const activeTtlMs = 15_000;

/** The most processes whose messages are counted. */
const maxProcesses = 1_000;

const keyOf = (campaignId: string): string => joinKey('sender', 'campaign', campaignId);
const activePrefixOf = (campaignId: string): string => `${joinKey('sender', 'campaign-active', campaignId)}/`;
const isActive = ({ open, sources }: Known): boolean => open + sources > 0;
const hasCounts = ({ counts: { accepted, rejected, unknown, open } }: Known): boolean => accepted + rejected + unknown > 0 || open !== 0;
const newCampaign = (maxEqualRejections: number): Known => ({
  state: 'running',
  readAtMs: -Infinity,
  reading: undefined,
  open: 0,
  sources: 0,
  activeAtMs: -Infinity,
  streak: createRejectionStreak(maxEqualRejections),
  reportedOpen: 0,
  counts: noCounts(),
  flushing: undefined,
  flushes: 0,
});

/** Keeps campaigns in a store. */
export function createCampaigns({
  store,
  clock,
  logger,
  askAgain,
  commanded,
  changed,
  sharedBacklog,
  maxEqualRejections,
  owner,
}: CampaignsOptions): CampaignsShell {
  const known = new Map<string, Known>();
  let cancelTimer: (() => void) | undefined;

  const of = (campaignId: string): Known => {
    let campaign = known.get(campaignId);
    if (!campaign) known.set(campaignId, (campaign = newCampaign(maxEqualRejections)));
    return campaign;
  };
  const heard = (campaignId: string, state: CampaignCommand): void => {
    const campaign = of(campaignId);
    const before = campaign.state;
    campaign.state = state;
    campaign.readAtMs = clock.monotonic();
    if (before === state) return;
    campaign.streak.reset();
    changed(campaignId, state);
    if (before === 'paused' && !sharedBacklog) askAgain(campaignId);
  };
  const stateNow = async (campaignId: string): Promise<CampaignCommand> => {
    const campaign = of(campaignId);
    if (clock.monotonic() - campaign.readAtMs >= readEveryMs) {
      campaign.reading ??= read(campaignId, campaign).finally(() => {
        campaign.reading = undefined;
      });
      await campaign.reading;
    }
    return campaign.state;
  };
  const read = async (campaignId: string, campaign: Known): Promise<void> => {
    const readAtMs = campaign.readAtMs;
    const value = (await store.get(keyOf(campaignId)))?.value;
    // A command of this process that came meanwhile is newer than what was read.
    if (campaign.readAtMs === readAtMs) heard(campaignId, commandOf(value));
  };
  const set = async (action: string, campaignId: string, state: CampaignCommand): Promise<void> => {
    checkCampaignId(`campaigns.${action}`, campaignId);
    await write(campaignId, state, undefined);
    heard(campaignId, state);
    await commanded(campaignId, state);
  };
  const write = async (campaignId: string, state: CampaignCommand, rejections: EqualRejections | undefined): Promise<void> => {
    const next = (value: JsonValue | undefined): JsonObject => {
      const { stopped: _stopped, ...rest } = objectOf(value);
      return { ...rest, state, ...(rejections && { stopped: { ...rejections } }) };
    };
    await updateEntry(store, keyOf(campaignId), next, { ttlMs: campaignTtlMs });
  };
  const stop = (campaignId: string, rejections: EqualRejections): void => {
    if (of(campaignId).state !== 'running') return;
    logger.warn('sender.campaign_stopped', { campaignId, ...rejections });
    // This process stops immediately, and the others when they read the state.
    heard(campaignId, 'stopped');
    write(campaignId, 'stopped', rejections)
      .then(() => commanded(campaignId, 'stopped'))
      .catch((error: unknown) => {
        logger.warn('sender.campaign_stop_not_recorded', { campaignId, error });
      });
  };
  /** Adds what was counted here to what the store holds. */
  const flush = async (campaignId: string, campaign: Known): Promise<void> => {
    // When the sender closes, an earlier write can be in progress, or another call starts the next one first.
    while (campaign.flushing) await campaign.flushing;
    if (!hasCounts(campaign)) return;
    const { counts } = campaign;
    campaign.counts = noCounts();
    campaign.flushes += 1;
    campaign.flushing = writeCounts(campaignId, campaign, counts).finally(() => {
      campaign.flushing = undefined;
    });
    await campaign.flushing;
  };
  const writeCounts = async (campaignId: string, campaign: Known, counts: CampaignCounts): Promise<void> => {
    try {
      await updateEntry(
        store,
        keyOf(campaignId),
        (value) => ({ ...objectOf(value), counts: countsToJson(sumCounts(countsOf(value), counts)) }),
        {
          ttlMs: campaignTtlMs,
        },
      );
    } catch (error) {
      campaign.counts = sumCounts(campaign.counts, counts);
      logger.warn('the counts of a campaign could not be written', { campaignId, error });
    }
  };
  /** Reads the campaign, and adds the counts that aren't in the store. It counts outcomes that are being written only once. */
  const readCounts = async (campaignId: string): Promise<{ readonly value: JsonValue | undefined; readonly counts: CampaignCounts }> => {
    for (;;) {
      const here = known.get(campaignId);
      await here?.flushing;
      const flushes = here?.flushes;
      const value = (await store.get(keyOf(campaignId)))?.value;
      // A write that started in the meantime may be part of the value or not.
      if (known.get(campaignId) === here && here?.flushes === flushes)
        return { value, counts: sumCounts(countsOf(value), here?.counts ?? noCounts()) };
    }
  };
  /** Lets other processes know whether the campaign is active here. */
  const tellActive = async (campaignId: string, campaign: Known): Promise<void> => {
    const key = activePrefixOf(campaignId) + owner;
    const before = campaign.activeAtMs;
    try {
      if (!isActive(campaign)) {
        campaign.activeAtMs = -Infinity;
        if (before !== -Infinity) await store.delete(key);
      } else if (campaign.open !== campaign.reportedOpen || clock.monotonic() - before >= activeEveryMs) {
        campaign.activeAtMs = clock.monotonic();
        campaign.reportedOpen = campaign.open;
        await store.set(key, campaign.open, { ttlMs: activeTtlMs });
      }
    } catch (error) {
      campaign.activeAtMs = before;
      logger.warn('sender.campaign_not_recorded', { campaignId, error });
    }
  };
  const onTimer = async (): Promise<void> => {
    for (const [campaignId, campaign] of known) {
      await flush(campaignId, campaign);
      await tellActive(campaignId, campaign);
      // Outcomes can arrive during the writes above. The next round writes them.
      if (!isActive(campaign) && !hasCounts(campaign)) known.delete(campaignId);
      else if (campaign.state !== 'running') await stateNow(campaignId).catch(() => undefined);
    }
    cancelTimer = undefined;
    arm();
  };
  const verdictOnCampaign = async (campaignId: string): Promise<GuardVerdict> => {
    const state = await stateNow(campaignId);
    if (state === 'cancelled') return { verdict: 'refuse', error: new NotSentError('cancelled') };
    if (state === 'stopped') return { verdict: 'refuse', error: new NotSentError('campaign-stopped') };
    if (state === 'paused')
      return {
        verdict: 'hold',
        reason: 'the campaign is paused',
        until: new Date(clock.now() + (sharedBacklog ? heldMs.inSharedQueue : heldMs.here)),
      };
    return { verdict: 'pass' };
  };
  /** Whether a campaign is active in any process, and how many of its messages are open. */
  const activity = async (campaignId: string, countedOpen: number): Promise<{ readonly isActive: boolean; readonly open: number }> => {
    const here = known.get(campaignId);
    const entries = await store.list(activePrefixOf(campaignId), { limit: maxProcesses });
    // What this process wrote of itself may be older than what it knows.
    const others = entries.filter(({ key }) => !key.endsWith(`/${owner}`));
    const isBusy = others.length > 0 || (here !== undefined && isActive(here));
    if (!sharedBacklog) {
      const open = others.reduce((total, { value }) => total + (typeof value === 'number' ? value : 0), here?.open ?? 0);
      return { isActive: isBusy, open };
    }
    const open = await sharedBacklog(countedOpen);
    return { isActive: isBusy || open > 0, open };
  };
  const count = (campaign: Known, messages: number): void => {
    if (sharedBacklog) campaign.counts.open += messages;
    else campaign.open += messages;
  };
  /** One timer, while a campaign is active. */
  const arm = (): void => {
    if (known.size > 0) cancelTimer ??= clock.schedule(() => void onTimer(), readEveryMs);
  };

  return {
    module: {
      pause: (campaignId) => set('pause', campaignId, 'paused'),
      resume: (campaignId) => set('resume', campaignId, 'running'),
      cancel: (campaignId) => set('cancel', campaignId, 'cancelled'),
      async report(campaignId): Promise<CampaignReport> {
        checkCampaignId('campaigns.report', campaignId);
        const { value, counts: allCounts } = await readCounts(campaignId);
        const { open: countedOpen, ...counts } = allCounts;
        const { isActive, open } = await activity(campaignId, countedOpen);
        const command = commandOf(value);
        const state = command === 'running' && !isActive ? 'done' : command;
        const stopped = state === 'stopped' ? stoppedOf(value) : undefined;
        return { campaignId, state, open, ...counts, ...(stopped && { stopped }) };
      },
    },
    guard: (_message, { campaignId }) => (campaignId === undefined ? { verdict: 'pass' } : verdictOnCampaign(campaignId)),
    heard,
    endOf(campaignId) {
      const state = known.get(campaignId)?.state;
      return state === 'cancelled' || state === 'stopped' ? state : undefined;
    },
    stop,
    sourceOpened(campaignId) {
      const campaign = of(campaignId);
      campaign.sources += 1;
      arm();
      return () => {
        campaign.sources -= 1;
      };
    },
    queued(campaignId) {
      count(of(campaignId), 1);
      arm();
    },
    joined(campaignId) {
      count(of(campaignId), -1);
    },
    ended(campaignId, result, replay) {
      const campaign = of(campaignId);
      count(campaign, -1);
      arm();
      if (replay) return;
      campaign.counts[result.outcome] += 1;
      if (result.outcome === 'rejected') campaign.counts.rejectedBy[result.by] += 1;
      countRejection(campaign.counts.byCode, result);
      const rejections = campaign.streak.count(result);
      if (rejections) stop(campaignId, rejections);
    },
    async close() {
      cancelTimer?.();
      for (const [campaignId, campaign] of known) {
        await flush(campaignId, campaign);
        campaign.open = campaign.sources = 0;
        await tellActive(campaignId, campaign);
      }
      known.clear();
    },
  };
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isRecord(value) ? value : {};
}

function commandOf(value: JsonValue | undefined): CampaignCommand {
  const { state } = objectOf(value);
  return state === 'paused' || state === 'cancelled' || state === 'stopped' ? state : 'running';
}

function stoppedOf(value: JsonValue | undefined): EqualRejections | undefined {
  const { stopped } = objectOf(value);
  if (!isRecord(stopped) || typeof stopped.code !== 'number' || typeof stopped.rejections !== 'number') return undefined;
  return { code: stopped.code, rejections: stopped.rejections };
}
