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

/** Dependencies of {@link createCampaigns}. */
export interface CampaignsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Runs the guards again for the delayed messages of a campaign in this process. */
  readonly rerunGuards: (campaignId: string) => void;
  /** Called when a command of this process was recorded in the store. */
  readonly commanded: (campaignId: string, command: CampaignCommand) => Promise<void>;
  /** Called when this process learns that a campaign was paused, resumed or cancelled. */
  readonly changed: (campaignId: string, command: CampaignCommand) => void;
  /**
   * Whether messages wait in a queue that all processes share. Any process may then send a message, and open messages
   * are counted in the store.
   * @defaultValue each process sends the messages that it queued
   */
  readonly sharedBacklog: (() => Promise<boolean>) | undefined;
  /** Equal rejections in a row after which a campaign stops. `Infinity` turns this off. */
  readonly maxEqualRejections: number;
  /** ID of this process in the store. */
  readonly owner: string;
}

/** The campaigns, as the sender uses them. */
export interface CampaignsShell {
  readonly module: Campaigns;
  /** Delays messages of paused campaigns, and rejects those of cancelled ones. */
  readonly guard: SendGuard;
  /** Returns the state of a campaign that is known to be over. */
  readonly endOf: (campaignId: string) => 'cancelled' | 'stopped' | undefined;
  /** Stops a running campaign after equal rejections. */
  readonly stop: (campaignId: string, rejections: EqualRejections) => void;
  /** Applies a command of another process. */
  readonly heard: (campaignId: string, command: CampaignCommand) => void;
  queued(campaignId: string): void;
  /** A message joined another one, and has no separate outcome. */
  joined(campaignId: string): void;
  /** Registers a source with messages of a campaign. Returns a function that removes it. */
  readonly sourceOpened: (campaignId: string) => () => void;
  /** Counts the outcome of a message. A `replay` was recorded before. */
  ended(campaignId: string, result: SendResult, replay: boolean): void;
  /** Writes the last counts. */
  close(): Promise<void>;
}

/** The local state of a campaign. */
interface Known {
  state: CampaignCommand;
  /** When the state was last read, in monotonic milliseconds. */
  readAtMs: number;
  /** The pending read of the state. */
  reading: Promise<void> | undefined;
  open: number;
  /** Number of its sources that are being read. */
  sources: number;
  /** When this process last recorded that it works on the campaign. `-Infinity` if it isn't recorded. */
  activeAtMs: number;
  /** Rejections by Meta in this process. */
  readonly streak: RejectionStreak;
  /** Number of open messages that the store has for this process. */
  reportedOpen: number;
  /** Counts that aren't in the store yet. */
  counts: CampaignCounts;
  /** The pending write of earlier counts. */
  flushing: Promise<void> | undefined;
  /** Number of writes so far. */
  flushes: number;
}

/** Interval of reads of the state and of writes of the counts. */
const readEveryMs = 1_000;

/**
 * Maximum delay of messages of a paused campaign. `resume` normally releases them, except those that a guard was just
 * delaying.
 */
const heldMs = { here: 3_600_000, inSharedQueue: 300_000 };

/** How long a campaign stays in the store after its last outcome. */
const campaignTtlMs = 90 * 86_400_000;

/** Interval at which a process records that a campaign is active, and how long such a record is valid. */
const activeEveryMs = 5_000;
const activeTtlMs = 15_000;

/** Maximum number of processes whose messages are counted. */
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

/** Creates campaigns whose state is in a store. */
export function createCampaigns({
  store,
  clock,
  logger,
  rerunGuards,
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
    if (before === 'paused' && !sharedBacklog) rerunGuards(campaignId);
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
    // Ignores the result of the read if this process has executed a command in the meantime.
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
  /** Adds the local counts to the store. */
  const flush = async (campaignId: string, campaign: Known): Promise<void> => {
    // When the sender closes, another write can be in progress, or another call can start the next one first.
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
      // The value may include a write that started in the meantime.
      if (known.get(campaignId) === here && here?.flushes === flushes)
        return { value, counts: sumCounts(countsOf(value), here?.counts ?? noCounts()) };
    }
  };
  /** Records for other processes whether the campaign is active here. */
  const recordActive = async (campaignId: string, campaign: Known): Promise<void> => {
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
      await recordActive(campaignId, campaign);
      // Outcomes can arrive during the writes above. The next run writes them.
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
  /** Returns whether a campaign is active in any process, and the number of its open messages. */
  const activity = async (campaignId: string, countedOpen: number): Promise<{ readonly isActive: boolean; readonly open: number }> => {
    const here = known.get(campaignId);
    const entries = await store.list(activePrefixOf(campaignId), { limit: maxProcesses });
    // The record of this process may be older than its local state.
    const others = entries.filter(({ key }) => !key.endsWith(`/${owner}`));
    const isBusy = others.length > 0 || (here !== undefined && isActive(here));
    if (!sharedBacklog) {
      const open = others.reduce((total, { value }) => total + (typeof value === 'number' ? value : 0), here?.open ?? 0);
      return { isActive: isBusy, open };
    }
    // A crashed process may not have counted its last outcomes.
    const hasOpen = countedOpen > 0 && (await sharedBacklog());
    return { isActive: isBusy || hasOpen, open: hasOpen ? countedOpen : 0 };
  };
  const count = (campaign: Known, messages: number): void => {
    if (sharedBacklog) campaign.counts.open += messages;
    else campaign.open += messages;
  };
  /** Runs one timer while a campaign is active. */
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
        await recordActive(campaignId, campaign);
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
