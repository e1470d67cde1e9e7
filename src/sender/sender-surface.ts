import { checkedCopy, checkNumbers } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { MissingTargetError } from '../errors/usage-errors.js';
import type { StatusEvent } from '../webhooks/fields/messages.js';
import { checkFrom, checkSend } from './attempts/check-send.js';
import { checkListener } from './check-sender-options.js';
import type { Fleet } from './fleet.js';
import { checkPlanOptions, makePlan } from './campaigns/plan.js';
import { checkSource, runSendAll } from './campaigns/send-all.js';
import type { SendEngine } from './send-engine.js';
import type { SendItem, SendOptions } from './send-options.js';
import type { SenderParts } from './sender-parts.js';
import type { SenderStats } from './sender-stats.js';
import type { SenderNumberOptions, Sender, SenderSweepResult } from './sender.js';

/** Dependencies of {@link createSenderSurface}. */
export interface SenderSurfaceOptions {
  readonly engine: SendEngine;
  readonly parts: SenderParts;
  readonly fleet: Fleet;
  /** Options of single sends that the engine doesn't support. */
  readonly unsupported: readonly (keyof SendOptions)[];
  /** Settles the unknown send of a status. Resolves with whether there was one. */
  readonly settle: (event: StatusEvent) => Promise<boolean>;
  /** Handles due work in the store. */
  readonly sweep: (limit: number | undefined) => Promise<SenderSweepResult>;
}

/** Default for the open messages of one `sendAll`: this many, or this many seconds of the throughput. */
const minOpenMessages = 1_000;
const openSeconds = 2;

/** Options that can't be stored, so they are lost if the process ends. */
const notStored: readonly (keyof SendOptions)[] = ['guard', 'signal'];

/** Creates the public interface of an engine. */
export function createSenderSurface({ engine, parts, fleet, unsupported, settle, sweep }: SenderSurfaceOptions): Sender {
  const { clock, logger, policy, people, reporting, campaigns } = parts;
  /** All running `sendAll` calls. Each one checks whether it has to stop. */
  const lookers = new Set<() => void>();
  let isClosed = false;
  const stats = (): SenderStats => ({ ...engine.activity(), ...reporting.counts() });
  const lookAll = (): void => {
    for (const look of lookers) look();
  };
  const endCampaigns = parts.onCampaign((campaignId, command) => {
    lookAll();
    reporting.notify(command === 'running' ? 'resumed' : 'paused', () => ({ ...stats(), campaignId }));
  });
  const sendAllHost = {
    ...{ clock, logger },
    defaultConcurrency: Math.max(minOpenMessages, openSeconds * parts.cap),
    notStored: unsupported,
    submit: engine.submit.bind(engine),
    isClosed: () => isClosed,
    endOf: campaigns.endOf.bind(campaigns),
    stopCampaign: campaigns.stop.bind(campaigns),
    maxEqualRejections: parts.maxEqualRejections,
    sourceOpened: campaigns.sourceOpened.bind(campaigns),
    onStop: (look: () => void) => {
      lookers.add(look);
      return () => {
        lookers.delete(look);
      };
    },
  };
  const setPaused = async (action: 'pause' | 'resume', given: SenderNumberOptions): Promise<void> => {
    const { from } = checkedCopy(action, given, (options) => {
      checkFrom(action, options.from);
    });
    if (!isClosed) await engine.setPaused(action === 'pause', from);
  };
  const close = (): Promise<void> => {
    isClosed = true;
    lookAll();
    endCampaigns();
    return engine.close();
  };

  return {
    ...subscriptions(parts),
    send: (message, options) =>
      new Promise((onResult, onError) => {
        engine.submit(checkSend('send', message, options, unsupported), { onResult, onError });
      }),
    async enqueue(message, options) {
      const checked = checkSend('enqueue', message, options, notStored);
      if (checked.fault) throw checked.fault;
      return engine.enqueue(checked);
    },
    sendAll: async (source, options = {}) => runSendAll(sendAllHost, source, options),
    async plan(source, givenOptions = {}) {
      checkSource('plan', source);
      const options = checkedCopy('plan', givenOptions, checkPlanOptions);
      const number = await engine.planned(options.from);
      if (!number) throw new MissingTargetError('plan', 'phoneNumberId');
      const guards = parts.guards.filter(({ inPlans }) => inPlans === true);
      return makePlan({ ...number, policy, clock, logger, people, guards }, source, options);
    },
    campaigns: campaigns.module,
    cancel: async (idOrKey, given = {}) => engine.cancel(...checkCancel(idOrKey, given)),
    settle,
    async sweep(given = {}) {
      const { limit } = checkedCopy('sweep', given, (options) => {
        checkNumbers('sweep', options, { limit: {} });
      });
      return sweep(limit);
    },
    pause: (options = {}) => setPaused('pause', options),
    resume: (options = {}) => setPaused('resume', options),
    drain: () => engine.drain(),
    close,
    [Symbol.asyncDispose]: close,
    stats,
    fleetStats: () => fleet.stats(),
  };
}

function checkCancel(idOrKey: string, given: SenderNumberOptions): [idOrKey: string, from: SenderNumberOptions['from']] {
  const { from } = checkedCopy('cancel', given, (options) => {
    checkFrom('cancel', options.from);
  });
  if (typeof idOrKey === 'string' && idOrKey !== '') return [idOrKey, from];
  throw new InvalidArgumentError('cancel', 'idOrKey', 'must be the ID of a send or its key');
}

function subscriptions({ reporting }: SenderParts): Pick<Sender, 'on' | 'once' | 'off'> {
  const { emitter } = reporting;
  return {
    on: (name, handler) => {
      checkListener(handler);
      return emitter.on(name, handler);
    },
    once: (name, handler) => {
      checkListener(handler);
      return emitter.once(name, handler);
    },
    off: (name, handler) => {
      emitter.off(name, handler);
    },
  };
}

/**
 * Returns the sender with the type of the messages that it accepts. A coexistence number accepts a subset of the
 * messages of other numbers, which the compiler can't derive from a type parameter.
 */
export function senderFor<Coexistence extends boolean>(sender: Sender): Sender<Coexistence> {
  return {
    ...sender,
    sendAll: (source, options) => sender.sendAll(source as SendSource, options),
    plan: (source, options) => sender.plan(source as SendSource, options),
  };
}

type SendSource = Iterable<SendItem> | AsyncIterable<SendItem>;
