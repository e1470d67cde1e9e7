import type { Client } from '../client/client.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import { coexistencePolicy, type CoexistencePolicy } from '../policy/policy.js';
import { resolveClock } from '../runtime/clock-guard.js';
import type { Clock } from '../runtime/clock.js';
import { resolveInstrument } from '../runtime/instrument-guard.js';
import type { Instrument } from '../runtime/instrument.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import type { Logger } from '../runtime/logger.js';
import { memoryStore } from '../stores/memory.js';
import type { Store } from '../stores/store.js';
import type { StatusEvent } from '../webhooks/fields/messages.js';
import { rejectionLimit } from './campaigns/rejection-streak.js';
import type { CampaignCommand } from './campaigns/campaign-record.js';
import { createCampaigns, type CampaignsShell } from './campaigns/create-campaigns.js';
import { defaultGuardTimeoutMs, type SendGuard } from './guard.js';
import { createPeople, type SenderPeople, type SenderPeopleOptions } from './queue/sender-people.js';
import { createReporting, type Reporting } from './reporting.js';
import { createSendIds, type SendIds } from './send-ids.js';
import type { SenderOptions } from './sender-options.js';
import { createOptOuts, type OptOuts } from './stops/opt-outs.js';
import { createTemplateStops, type TemplateStops } from './stops/template-stops.js';
import { createThroughputReadings, type About, type ThroughputReadings } from './pacing/throughput-readings.js';
import { capOf } from './pacing/throughput.js';
import { wireWebhooks } from './settlement/webhook-wiring.js';

/** Options that work the same in one process and in many. */
export type CommonSenderOptions = Pick<
  SenderOptions,
  | 'client'
  | 'policy'
  | 'clock'
  | 'logger'
  | 'instrument'
  | 'guards'
  | 'guardTimeoutMs'
  | 'throughput'
  | 'webhooks'
  | 'chargeInbound'
  | 'maxEqualRejections'
  | 'optOutKeywords'
>;

/** Selects the messages whose guards run again. */
export type WhichMessages = (message: OutgoingMessage, campaignId: string | undefined) => boolean;

/** The engine, as the parts of a sender use it. */
export interface SenderPartsHost {
  /** Returns the WABA of a number, if it is known. */
  wabaOf(phoneNumberId: string): string | undefined;
  /** Runs the guards again for delayed messages. */
  rerunGuards(which: WhichMessages): void;
  /** Joins two recipient queues of a number that belong to one person. */
  join(phoneNumberId: string, from: string, to: string): void;
  /** Counts a message from a customer to a number. */
  charge(phoneNumberId: string): void;
  /** Called when the throughput of numbers may have changed. */
  accountChanged(about: About): void;
  /** Called when this process paused, resumed or cancelled a campaign. */
  commanded(campaignId: string, command: CampaignCommand): Promise<void>;
  /** Settles an unknown send with a status. */
  settle(event: StatusEvent): Promise<unknown>;
}

/** Dependencies of {@link createSenderParts}. */
export interface SenderPartsOptions {
  /** The function that the caller used, for error messages. */
  readonly owner: 'createSender' | 'createBullSender';
  readonly options: CommonSenderOptions;
  /** A store that other processes, or earlier ones, write to. @defaultValue a store in memory */
  readonly store: Store | undefined;
  /**
   * Returns how many of the counted messages can still be open, by a queue that all processes share.
   * @defaultValue each process has its own messages
   */
  readonly sharedBacklog: ((counted: number) => Promise<number>) | undefined;
  /** Milliseconds until the guard checks a message with a paused template again. */
  readonly templateHoldMs: number;
  readonly host: SenderPartsHost;
}

/** The parts that are the same for senders in one process and in many: everything except the queue. */
export interface SenderParts {
  readonly client: Client;
  readonly store: Store;
  readonly policy: CoexistencePolicy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly instrument: Instrument;
  readonly ids: SendIds;
  /** Messages per second of a number whose throughput isn't known yet. */
  readonly cap: number;
  readonly reporting: Reporting;
  readonly people: SenderPeople;
  readonly campaigns: CampaignsShell;
  readonly optOuts: OptOuts;
  readonly templates: TemplateStops;
  /** Reads the throughput of numbers, if it is `'auto'`. */
  readonly readings: ThroughputReadings | undefined;
  /** The sender's own guards, followed by those of the caller. */
  readonly guards: readonly SendGuard[];
  readonly guardTimeoutMs: number;
  /** Equal rejections in a row after which a campaign stops. `Infinity` turns this off. */
  readonly maxEqualRejections: number;
  /** Calls `look` when the state of a campaign changes. Returns a function that unsubscribes. */
  onCampaign(look: (campaignId: string, command: CampaignCommand) => void): () => void;
  /** Removes the webhook handlers. */
  unwire(): void;
}

/** Creates the parts of one sender, and registers its webhook handlers. */
export function createSenderParts(given: SenderPartsOptions): SenderParts {
  const { owner, options, sharedBacklog, templateHoldMs, host } = given;
  const { client, throughput = 'auto', webhooks } = options;
  const policy = options.policy ?? client.policy ?? coexistencePolicy();
  const logger = resolveLogger(options.logger ?? client.logger);
  const clock = resolveClock(options.clock ?? client.clock, logger);
  const store = given.store ?? memoryStore({ clock });
  const isShared = given.store !== undefined;
  const ids = createSendIds();
  const reporting = createReporting(clock, logger);
  const campaignLooks = new Set<(campaignId: string, command: CampaignCommand) => void>();
  const maxEqualRejections = rejectionLimit(options.maxEqualRejections);
  const readings =
    throughput === 'auto'
      ? createThroughputReadings({
          ...{ store, policy, clock, logger },
          changed: (change) => {
            reporting.notify('throughput', () => change);
          },
        })
      : undefined;
  const campaigns = createCampaigns({
    ...{ store, clock, logger, sharedBacklog },
    owner: ids.prefix,
    maxEqualRejections,
    rerunGuards: (campaignId) => {
      host.rerunGuards((_message, other) => other === campaignId);
    },
    commanded: (campaignId, command) => host.commanded(campaignId, command),
    changed: (campaignId, command) => {
      for (const look of campaignLooks) look(campaignId, command);
    },
  });
  const templates = createTemplateStops({
    ...{ store, clock, logger },
    own: client.target,
    wabaOf: (phoneNumberId) => host.wabaOf(phoneNumberId),
    holdMs: templateHoldMs,
    rerunGuards: (isOf) => {
      host.rerunGuards(isOf);
    },
  });
  // A store in memory contains no opt-outs of earlier versions.
  const onLearned: SenderPeopleOptions['onLearned'] = isShared ? (...learned) => optOuts.learned(...learned) : undefined;
  const people = createPeople({
    ...{ store, isShared, clock, logger, onLearned },
    onJoined: (phoneNumberId, from, to) => {
      host.join(phoneNumberId, from, to);
    },
  });
  const optOuts = createOptOuts({ store, clock, logger }, people);
  const unwire = webhooks && wireSender(webhooks, { host, options, people, templates, optOuts, readings });

  return {
    ...{ client, store, policy, clock, logger, ids, reporting, people, campaigns, optOuts, templates, readings },
    instrument: resolveInstrument(options.instrument, clock, logger),
    cap: throughput === 'auto' ? policy.limits.throughput : capOf(owner, throughput, policy),
    guards: [campaigns.guard, templates.guard, optOuts.guard, ...(options.guards ?? [])],
    guardTimeoutMs: options.guardTimeoutMs ?? defaultGuardTimeoutMs,
    maxEqualRejections,
    onCampaign(look) {
      campaignLooks.add(look);
      return () => {
        campaignLooks.delete(look);
      };
    },
    unwire() {
      unwire?.();
      readings?.close();
    },
  };
}

/** Passes webhook events to the parts of a sender. Returns a function that stops this. */
function wireSender(
  webhooks: NonNullable<CommonSenderOptions['webhooks']>,
  {
    host,
    options,
    people,
    templates,
    optOuts,
    readings,
  }: Pick<SenderPartsOptions, 'host' | 'options'> & Pick<SenderParts, 'people' | 'templates' | 'optOuts' | 'readings'>,
): () => void {
  const { chargeInbound, optOutKeywords } = options;
  return wireWebhooks(webhooks, {
    identity: people.learn,
    status: async (event) => {
      await optOuts.failed(event);
      await host.settle(event);
    },
    template: templates.observe,
    preference: optOuts.observe,
    keyword: optOutKeywords && ((event) => optOuts.wrote(event, optOutKeywords)),
    inbound: chargeInbound === true ? host.charge.bind(host) : undefined,
    throughput: readings && host.accountChanged.bind(host),
  });
}
