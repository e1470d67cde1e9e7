import { NotSentError } from '../../errors/not-sent-error.js';
import type { Clock } from '../../runtime/clock.js';
import type { JsonObject, JsonValue } from '../../runtime/json.js';
import type { Logger } from '../../runtime/logger.js';
import { joinKey } from '../../runtime/keys.js';
import { updateEntry } from '../../stores/records.js';
import type { Store } from '../../stores/store.js';
import type { GuardVerdict, SendGuard } from '../guard.js';
import type { SendResult } from '../send-result.js';
import { checkCampaignId } from '../attempts/check-send.js';
import { countsOf, countsToJson, noCounts, sumCounts, type CampaignCounts } from './campaign-counts.js';
import { commandOf, recordOf, stoppedOf, type CampaignCommand } from './campaign-record.js';
import type { CampaignReport, Campaigns } from './campaigns.js';
import { countRejection, createRejectionStreak, type EqualRejections, type RejectionStreak } from './rejection-streak.js';

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
   * Returns how many of the messages that the store counts as open can still be open, if messages wait in a queue that
   * all processes share. Any process may then send a message.
   * @defaultValue each process sends the messages that it queued
   */
  readonly sharedBacklog: ((counted: number) => Promise<number>) | undefined;
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
  endOf(campaignId: string): 'cancelled' | 'stopped' | undefined;
  /** Stops a running campaign after equal rejections. */
  stop(campaignId: string, rejections: EqualRejections): void;
  /** Applies a command of another process. */
  onCommand(campaignId: string, command: CampaignCommand): void;
  queued(campaignId: string): void;
  /** A message joined another one, and has no separate outcome. */
  joined(campaignId: string): void;
  /** Registers a source with messages of a campaign. Returns a function that removes it. */
  sourceOpened(campaignId: string): () => void;
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

/** Maximum number of campaigns whose rejections in a row are counted. */
const maxStreaks = 1_000;

const keyOf = (campaignId: string): string => joinKey('sender', 'campaign', campaignId);
const activePrefixOf = (campaignId: string): string => `${joinKey('sender', 'campaign-active', campaignId)}/`;
const isActive = ({ open, sources }: Known): boolean => open + sources > 0;
const hasCounts = ({ counts: { accepted, rejected, unknown, open } }: Known): boolean => accepted + rejected + unknown > 0 || open !== 0;
const newCampaign = (): Known => ({
  state: 'running',
  readAtMs: -Infinity,
  reading: undefined,
  open: 0,
  sources: 0,
  activeAtMs: -Infinity,
  reportedOpen: 0,
  counts: noCounts(),
  flushing: undefined,
  flushes: 0,
});

/** Creates campaigns whose state is in a store. */
export function createCampaigns(options: CampaignsOptions): CampaignsShell {
  return new StoredCampaigns(options);
}

class StoredCampaigns implements CampaignsShell {
  readonly module: Campaigns;
  readonly guard: SendGuard;
  readonly #options: CampaignsOptions;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known = new Map<string, Known>();
  /** Rejections by Meta in this process. They outlast pauses between the messages of a campaign. */
  readonly #streaks = new Map<string, RejectionStreak>();
  #cancelTimer: (() => void) | undefined;

  constructor(options: CampaignsOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.module = {
      pause: (campaignId) => this.#set('pause', campaignId, 'paused'),
      resume: (campaignId) => this.#set('resume', campaignId, 'running'),
      cancel: (campaignId) => this.#set('cancel', campaignId, 'cancelled'),
      report: (campaignId) => this.#report(campaignId),
    };
    this.guard = (_message, { campaignId }) => (campaignId === undefined ? { verdict: 'pass' } : this.#verdictOnCampaign(campaignId));
  }

  onCommand(campaignId: string, state: CampaignCommand): void {
    const campaign = this.#of(campaignId);
    const before = campaign.state;
    campaign.state = state;
    campaign.readAtMs = this.#clock.monotonic();
    if (before === state) return;
    this.#streaks.delete(campaignId);
    this.#options.changed(campaignId, state);
    if (before === 'paused' && !this.#options.sharedBacklog) this.#options.rerunGuards(campaignId);
  }

  endOf(campaignId: string): 'cancelled' | 'stopped' | undefined {
    const state = this.#known.get(campaignId)?.state;
    return state === 'cancelled' || state === 'stopped' ? state : undefined;
  }

  stop(campaignId: string, rejections: EqualRejections): void {
    if (this.#of(campaignId).state !== 'running') return;
    this.#logger.warn('sender.campaign_stopped', { campaignId, ...rejections });
    // This process stops immediately, and the others when they read the state.
    this.onCommand(campaignId, 'stopped');
    this.#write(campaignId, 'stopped', rejections)
      .then(() => this.#options.commanded(campaignId, 'stopped'))
      .catch((error: unknown) => {
        this.#logger.warn('sender.campaign_stop_not_recorded', { campaignId, error });
      });
  }

  sourceOpened(campaignId: string): () => void {
    const campaign = this.#of(campaignId);
    campaign.sources += 1;
    this.#arm();
    return () => {
      campaign.sources -= 1;
    };
  }

  queued(campaignId: string): void {
    this.#count(this.#of(campaignId), 1);
    this.#arm();
  }

  joined(campaignId: string): void {
    this.#count(this.#of(campaignId), -1);
  }

  ended(campaignId: string, result: SendResult, replay: boolean): void {
    const campaign = this.#of(campaignId);
    this.#count(campaign, -1);
    this.#arm();
    if (replay) return;
    campaign.counts[result.outcome] += 1;
    if (result.outcome === 'rejected') campaign.counts.rejectedBy[result.by] += 1;
    countRejection(campaign.counts.byCode, result);
    const rejections = this.#streakOf(campaignId).count(result);
    if (rejections) this.stop(campaignId, rejections);
  }

  async close(): Promise<void> {
    this.#cancelTimer?.();
    for (const [campaignId, campaign] of this.#known) {
      await this.#flush(campaignId, campaign);
      campaign.open = campaign.sources = 0;
      await this.#recordActive(campaignId, campaign);
    }
    this.#known.clear();
  }

  async #report(campaignId: string): Promise<CampaignReport> {
    checkCampaignId('campaigns.report', campaignId);
    const { value, counts: allCounts } = await this.#readCounts(campaignId);
    const { open: countedOpen, ...counts } = allCounts;
    const { isActive, open } = await this.#activity(campaignId, countedOpen);
    const command = commandOf(value);
    const state = command === 'running' && !isActive ? 'done' : command;
    const stopped = state === 'stopped' ? stoppedOf(value) : undefined;
    return { campaignId, state, open, ...counts, ...(stopped && { stopped }) };
  }

  #of(campaignId: string): Known {
    let campaign = this.#known.get(campaignId);
    if (!campaign) this.#known.set(campaignId, (campaign = newCampaign()));
    return campaign;
  }

  #streakOf(campaignId: string): RejectionStreak {
    const streak = this.#streaks.get(campaignId) ?? createRejectionStreak(this.#options.maxEqualRejections);
    // The last streak in the map is the most recently used one.
    this.#streaks.delete(campaignId);
    this.#streaks.set(campaignId, streak);
    const [oldest] = this.#streaks.keys();
    if (this.#streaks.size > maxStreaks && oldest !== undefined) this.#streaks.delete(oldest);
    return streak;
  }

  async #stateNow(campaignId: string): Promise<CampaignCommand> {
    const campaign = this.#of(campaignId);
    if (this.#clock.monotonic() - campaign.readAtMs >= readEveryMs) {
      campaign.reading ??= this.#read(campaignId, campaign).finally(() => {
        campaign.reading = undefined;
      });
      await campaign.reading;
    }
    return campaign.state;
  }

  async #read(campaignId: string, campaign: Known): Promise<void> {
    const readAtMs = campaign.readAtMs;
    const value = (await this.#store.get(keyOf(campaignId)))?.value;
    // Ignores the result of the read if this process has executed a command in the meantime.
    if (campaign.readAtMs === readAtMs) this.onCommand(campaignId, commandOf(value));
  }

  async #set(action: string, campaignId: string, state: CampaignCommand): Promise<void> {
    checkCampaignId(`campaigns.${action}`, campaignId);
    await this.#write(campaignId, state, undefined);
    this.onCommand(campaignId, state);
    await this.#options.commanded(campaignId, state);
  }

  async #write(campaignId: string, state: CampaignCommand, rejections: EqualRejections | undefined): Promise<void> {
    const next = (value: JsonValue | undefined): JsonObject => {
      const { stopped: _stopped, ...rest } = recordOf(value);
      return { ...rest, state, ...(rejections && { stopped: { ...rejections } }) };
    };
    await updateEntry(this.#store, keyOf(campaignId), next, { ttlMs: campaignTtlMs });
  }

  /** Adds the local counts to the store. */
  async #flush(campaignId: string, campaign: Known): Promise<void> {
    // When the sender closes, another write can be in progress, or another call can start the next one first.
    while (campaign.flushing) await campaign.flushing;
    if (!hasCounts(campaign)) return;
    const { counts } = campaign;
    campaign.counts = noCounts();
    campaign.flushes += 1;
    campaign.flushing = this.#writeCounts(campaignId, campaign, counts).finally(() => {
      campaign.flushing = undefined;
    });
    await campaign.flushing;
  }

  async #writeCounts(campaignId: string, campaign: Known, counts: CampaignCounts): Promise<void> {
    try {
      await updateEntry(
        this.#store,
        keyOf(campaignId),
        (value) => ({ ...recordOf(value), counts: countsToJson(sumCounts(countsOf(value), counts)) }),
        {
          ttlMs: campaignTtlMs,
        },
      );
    } catch (error) {
      campaign.counts = sumCounts(campaign.counts, counts);
      this.#logger.warn('the counts of a campaign could not be written', { campaignId, error });
    }
  }

  /** Reads the campaign, and adds the counts that aren't in the store. It counts outcomes that are being written only once. */
  async #readCounts(campaignId: string): Promise<{ readonly value: JsonValue | undefined; readonly counts: CampaignCounts }> {
    for (;;) {
      const here = this.#known.get(campaignId);
      await here?.flushing;
      const flushes = here?.flushes;
      const value = (await this.#store.get(keyOf(campaignId)))?.value;
      // The value may include a write that started in the meantime.
      if (this.#known.get(campaignId) === here && here?.flushes === flushes)
        return { value, counts: sumCounts(countsOf(value), here?.counts ?? noCounts()) };
    }
  }

  /** Records for other processes whether the campaign is active here. */
  async #recordActive(campaignId: string, campaign: Known): Promise<void> {
    const key = activePrefixOf(campaignId) + this.#options.owner;
    const before = campaign.activeAtMs;
    try {
      if (!isActive(campaign)) {
        campaign.activeAtMs = -Infinity;
        if (before !== -Infinity) await this.#store.delete(key);
      } else if (campaign.open !== campaign.reportedOpen || this.#clock.monotonic() - before >= activeEveryMs) {
        campaign.activeAtMs = this.#clock.monotonic();
        campaign.reportedOpen = campaign.open;
        await this.#store.set(key, campaign.open, { ttlMs: activeTtlMs });
      }
    } catch (error) {
      campaign.activeAtMs = before;
      this.#logger.warn('sender.campaign_not_recorded', { campaignId, error });
    }
  }

  async #onTimer(): Promise<void> {
    for (const [campaignId, campaign] of this.#known) {
      await this.#flush(campaignId, campaign);
      await this.#recordActive(campaignId, campaign);
      // Outcomes can arrive during the writes above. The next run writes them.
      if (!isActive(campaign) && !hasCounts(campaign)) this.#known.delete(campaignId);
      else if (campaign.state !== 'running') await this.#stateNow(campaignId).catch(() => undefined);
    }
    this.#cancelTimer = undefined;
    this.#arm();
  }

  async #verdictOnCampaign(campaignId: string): Promise<GuardVerdict> {
    const state = await this.#stateNow(campaignId);
    if (state === 'cancelled') return { verdict: 'reject', error: new NotSentError('cancelled') };
    if (state === 'stopped') return { verdict: 'reject', error: new NotSentError('campaign-stopped') };
    if (state === 'paused')
      return {
        verdict: 'hold',
        reason: 'the campaign is paused',
        until: new Date(this.#clock.now() + (this.#options.sharedBacklog ? heldMs.inSharedQueue : heldMs.here)),
      };
    return { verdict: 'pass' };
  }

  /** Returns whether a campaign is active in any process, and the number of its open messages. */
  async #activity(campaignId: string, countedOpen: number): Promise<{ readonly isActive: boolean; readonly open: number }> {
    const here = this.#known.get(campaignId);
    const entries = await this.#store.list(activePrefixOf(campaignId), { limit: maxProcesses });
    // The record of this process may be older than its local state.
    const others = entries.filter(({ key }) => !key.endsWith(`/${this.#options.owner}`));
    const isBusy = others.length > 0 || (here !== undefined && isActive(here));
    if (!this.#options.sharedBacklog) {
      const open = others.reduce((total, { value }) => total + (typeof value === 'number' ? value : 0), here?.open ?? 0);
      return { isActive: isBusy, open };
    }
    const open = await this.#options.sharedBacklog(countedOpen);
    return { isActive: isBusy || open > 0, open };
  }

  #count(campaign: Known, messages: number): void {
    if (this.#options.sharedBacklog) campaign.counts.open += messages;
    else campaign.open += messages;
  }

  /** Runs one timer while a campaign is active. */
  #arm(): void {
    if (this.#known.size > 0) this.#cancelTimer ??= this.#clock.schedule(() => void this.#onTimer(), readEveryMs);
  }
}
