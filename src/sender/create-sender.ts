import { checkedCopy, checkNumbers, readOptions } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { NotSentError } from '../errors/not-sent-error.js';
import { MissingTargetError } from '../errors/usage-errors.js';
import { coexistencePolicy } from '../policy/policy.js';
import { resolveClock } from '../runtime/clock-guard.js';
import { resolveInstrument } from '../runtime/instrument-guard.js';
import { resolveLogger } from '../runtime/logger-guard.js';
import { memoryStore } from '../stores/memory.js';
import { createCampaigns } from './campaigns/create-campaigns.js';
import { checkSend, type CheckedSend } from './check-send.js';
import { checkListener, checkSenderOptions } from './check-sender-options.js';
import { defaultGuardTimeoutMs } from './guard.js';
import { createJob, type Job, type OnResult, type SubmitOptions } from './job.js';
import type { NumberSender } from './number-sender.js';
import { createNumberSenders } from './number-senders.js';
import { createLedger } from './outbox/ledger.js';
import { createOutbox } from './outbox/outbox.js';
import { createResumption } from './outbox/resumption.js';
import { createPeople, type SenderPeopleOptions } from './people.js';
import { checkPlanOptions, makePlan } from './plan.js';
import { createReporting } from './reporting.js';
import { within } from '../runtime/within.js';
import { checkSource, runSendAll, type Queued } from './send-all.js';
import { createSendIds } from './send-ids.js';
import type { SendItem } from './send-options.js';
import type { SenderOptions } from './sender-options.js';
import type { SenderStats } from './sender-stats.js';
import type { Sender } from './sender.js';
import { createSettling } from './settling.js';
import { createOptOuts } from './stops/opt-outs.js';
import { createTemplateStops, probeAfterMs, templateOf } from './stops/template-stops.js';
import { createThroughputReadings } from './throughput-readings.js';
import { capOf } from './throughput.js';
import { wireWebhooks } from './webhook-wiring.js';

/** A call that was checked, or a message that goes through the outbox. */
type CheckedSubmit = Omit<CheckedSend, 'options'> & { readonly options: SubmitOptions & CheckedSend['options'] };

/** Messages of one source that may be open, where the caller does not say: this many, or so many seconds of the throughput. */
const leastOpenMessages = 1_000;
const openSeconds = 2;

/** What holds where the caller does not say. */
const defaultTakeOverAfterMs = 15_000;
const defaultUnsettledAfterMs = 3_600_000;

/** How long closing waits for each of its steps in the store. */
const closeStepMs = 5_000;
/** The same once one of them was too late. */
const lateStepMs = 100;

/**
 * Makes a sender: it queues messages, lets them out as fast as Meta takes them from each number and no faster, and tells of each one of
 * three outcomes.
 *
 * Recipients take turns, so that one with many messages, or one that Meta's pair rate holds back (one message in 6 seconds, 45 ahead),
 * holds up nobody else. The pace is that of Meta's window as it looks from there: travel times are allowed for, and a refusal (130429)
 * widens the margin. Nothing that Meta may have taken is sent again: Cloud API has no idempotency key.
 *
 * One sender serves one number, or with `from` many, each with lanes, pace and pair rate of its own for as long as it has something to do.
 *
 * It keeps no timer while it has nothing to do; `close()` it, or use `await using`, to refuse what still waits at the end.
 *
 * @throws `InvalidArgumentError` if an option is not valid.
 *
 * @example
 * ```ts
 * import { createClient, createSender } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const sender = createSender({ client, throughput: 'coexistence' });
 * const result = await sender.send({ to: '15550100987', ...text('Hello') });
 * if (result.outcome === 'accepted') console.log(result.messageId);
 * if (result.outcome === 'unknown') console.log(await result.settled);
 * await sender.drain();
 * await sender.close();
 * ```
 */
export function createSender<Coexistence extends boolean>(given: SenderOptions<Coexistence>): Sender<Coexistence> {
  return readOptions('createSender', given, (options) => {
    checkSenderOptions(options);
    return buildSender(options);
  });
}

function buildSender<Coexistence extends boolean>(options: SenderOptions<Coexistence>): Sender<Coexistence> {
  const { client, store, throughput = 'auto', unsettledAfterMs = defaultUnsettledAfterMs } = options;
  const policy = options.policy ?? client.policy ?? coexistencePolicy();
  const logger = resolveLogger(options.logger ?? client.logger);
  const clock = resolveClock(options.clock ?? client.clock, logger);
  const ids = createSendIds();
  const reporting = createReporting(clock, logger);
  const kept = store ?? memoryStore({ clock });
  const ledger = createLedger(kept);
  const { settlements, settle, reportUnsettled, ...settling } = createSettling({
    clock,
    logger,
    ledger,
    unsettledAfterMs,
    settled: (facts) => {
      reporting.settled(facts);
    },
  });
  const drains: (() => void)[] = [];
  /** Every `sendAll` in progress: each looks whether it has to stop. */
  const lookers = new Set<() => void>();
  let closed = false;
  let stepMs = closeStepMs;
  let closing: Promise<void> | undefined;

  const stats = (): SenderStats => ({ ...numbers.activity(), ...reporting.counts() });
  const endDrains = (): void => {
    for (const resolve of drains.splice(0)) resolve();
  };
  const readings = createThroughputReadings({
    policy,
    clock,
    logger,
    changed: (change) => {
      reporting.notify('throughput', () => change);
    },
  });
  const cap = throughput === 'auto' ? readings.firstCap : capOf('createSender', throughput, policy);
  const campaigns = createCampaigns({
    store: kept,
    clock,
    logger,
    owner: ids.prefix,
    askAgain: (campaignId) => {
      numbers.askAgain(({ extras }) => extras?.campaignId === campaignId);
    },
    changed: (campaignId, state) => {
      for (const look of lookers) look();
      reporting.notify(state === 'running' ? 'resumed' : 'paused', () => ({ ...stats(), campaignId }));
    },
  });
  const templates = createTemplateStops({
    store: kept,
    clock,
    logger,
    own: client.target,
    wabaOf: (phoneNumberId) => numbers.find(phoneNumberId)?.client.target.wabaId,
    holdMs: probeAfterMs,
    askAgain: (template) => {
      numbers.askAgain(({ message }) => templateOf(message) === template);
    },
  });
  const onJoined: SenderPeopleOptions['onJoined'] = (phoneNumberId, ...names) => {
    numbers.find(phoneNumberId)?.join(...names);
  };
  // A store of this process contains no opt-outs of earlier versions.
  const onLearned: SenderPeopleOptions['onLearned'] = store && ((...learned) => optOuts.learned(...learned));
  const people = createPeople({ store: kept, isShared: store !== undefined, clock, logger, onJoined, onLearned });
  const optOuts = createOptOuts({ store: kept, clock, logger }, people);
  const outbox =
    store &&
    createOutbox({
      store,
      clock,
      logger,
      name: ids.prefix,
      takeOverAfterMs: options.takeOverAfterMs ?? defaultTakeOverAfterMs,
      resumption: createResumption({
        ledger,
        numberOf: (from) => (closed ? undefined : numbers.of(from)),
        find: (phoneNumberId) => numbers.find(phoneNumberId),
      }),
    });
  const numbers = createNumberSenders({
    client,
    settings: {
      cap,
      pacing: options.pacing ?? 'even',
      concurrency: options.concurrency,
      policy,
      clock,
      logger,
      people,
      instrument: resolveInstrument(options.instrument, clock, logger),
      ledger,
      outbox,
      recordsAll: store !== undefined,
      ids,
      settlements,
      unsettledAfterMs,
      onUnknown: options.onUnknown ?? 'report',
      guardTimeoutMs: options.guardTimeoutMs ?? defaultGuardTimeoutMs,
      guards: [campaigns.guard, templates.guard, optOuts.guard, ...(options.guards ?? [])],
    },
    onOpen: (number) => {
      if (throughput === 'auto') readings.read(number);
    },
    listenerOf: (phoneNumberId) => {
      const told = reporting.listenerOf(phoneNumberId);
      return {
        ...told,
        queued: ({ extras }) => {
          if (extras?.campaignId !== undefined) campaigns.queued(extras.campaignId);
        },
        joined: ({ extras }) => {
          if (extras?.campaignId !== undefined) campaigns.joined(extras.campaignId);
        },
        outcome: (job, result, replay) => {
          if (!replay) told.outcome(job, result);
          if (job.extras?.campaignId !== undefined) campaigns.ended(job.extras.campaignId, result, replay);
        },
        refused: ({ message }, error) => {
          optOuts.refused(message, phoneNumberId, error);
          return templates.refused(message, phoneNumberId, error);
        },
        idle: () => {
          if (numbers.open > 0) return;
          void outbox?.flush();
          reporting.notify('idle', stats);
          endDrains();
        },
      };
    },
  });

  const submit = ({ message, options: sendOptions, fault }: CheckedSubmit, onResult: OnResult): Queued | undefined => {
    const { from, ...own } = sendOptions;
    const submitted: SubmitOptions = fault ? { ...own, fault } : own;
    if (fault) logger.warn('sender.message_rejected', { error: fault });
    const number = closed ? undefined : numbers.of(from);
    if (number) {
      const job = number.submit(message, submitted, onResult);
      return job && { job, number };
    }
    const by = closed ? 'closed' : 'guard';
    const error = closed ? new NotSentError('closed') : (fault ?? new MissingTargetError('send', 'phoneNumberId'));
    const job = createJob(message, 'normal', onResult, submitted);
    job.state = 'over';
    onResult({ outcome: 'rejected', by, error }, job);
    return undefined;
  };
  const enqueue: Sender['enqueue'] = (given, givenOptions) => {
    if (!outbox) {
      const rule = 'is needed: give createSender one that is durable, as sqliteStore';
      return Promise.reject(new InvalidArgumentError('enqueue', 'store', rule));
    }
    const checked = checkSend('enqueue', given, givenOptions, ['guard', 'signal']);
    if (checked.fault) return Promise.reject(checked.fault);
    return new Promise((resolve, reject) => {
      const onResult: OnResult = (result, job) => {
        if (result.outcome === 'rejected' && result.by !== 'meta') reject(result.error);
        else resolve(job.sendId ?? '');
      };
      const onDurable = (job: Job): void => {
        resolve(job.sendId ?? '');
      };
      submit({ ...checked, options: { ...checked.options, durable: true, onDurable } }, onResult);
    });
  };
  const drain = async (): Promise<void> => {
    if (numbers.open > 0) {
      await new Promise<void>((resolve) => {
        drains.push(resolve);
      });
    }
    // Outcomes whose events were emitted.
    if (outbox) await within(clock, closeStepMs, () => outbox.flush());
  };
  /** Works on the store while the sender closes. Returns whether that succeeded in time. */
  const withinDeadline = async (work: () => Promise<void>): Promise<boolean> => {
    const waitMs = stepMs;
    try {
      if ((await within(clock, waitMs, work)).type === 'done') return true;
      logger.warn('sender.close_incomplete', { waitedMs: waitMs });
      stepMs = lateStepMs;
    } catch (error) {
      logger.warn('sender.close_incomplete', { error });
    }
    return false;
  };
  const end = async (): Promise<void> => {
    unwire?.();
    readings.close();
    const left: { readonly job: Job; readonly number: NumberSender }[] = [];
    await numbers.close((job, number) => {
      if (outbox && job.extras?.durable) left.push({ job, number });
      else number.reject(job, 'closed', new NotSentError('closed'));
    });
    const written = await withinDeadline(async () => {
      for (const { job } of left) await job.extras?.writing;
    });
    for (const { job, number } of left) {
      if (written) number.leaveInStore(job);
      else number.reject(job, 'closed', new NotSentError('closed'));
    }
    endDrains();
    if (outbox) await withinDeadline(() => outbox.close());
    await withinDeadline(() => campaigns.close());
    settling.close();
  };
  const close = (): Promise<void> => {
    closed = true;
    for (const look of lookers) look();
    return (closing ??= end());
  };
  const unwire =
    options.webhooks &&
    wireWebhooks(options.webhooks, {
      identity: people.learn,
      status: async (event) => {
        await optOuts.failed(event);
        return settle(event);
      },
      template: templates.observe,
      preference: optOuts.observe,
      inbound: options.chargeInbound === true ? (phoneNumberId) => numbers.find(phoneNumberId)?.charge() : undefined,
      throughput:
        throughput === 'auto'
          ? (about) => {
              readings.readAgain(about, numbers.all());
            }
          : undefined,
    });
  void outbox?.recover();

  return {
    on: (name, handler) => {
      checkListener(handler);
      return reporting.emitter.on(name, handler);
    },
    once: (name, handler) => {
      checkListener(handler);
      return reporting.emitter.once(name, handler);
    },
    off: (name, handler) => {
      reporting.emitter.off(name, handler);
    },
    send: (message, sendOptions) =>
      new Promise((resolve) => {
        submit(checkSend('send', message, sendOptions), resolve);
      }),
    enqueue,
    sendAll: async (source, sendAllOptions = {}) =>
      runSendAll(
        {
          clock,
          logger,
          defaultConcurrency: Math.max(leastOpenMessages, openSeconds * cap),
          submit,
          isClosed: () => closed,
          isCancelled: campaigns.isCancelled,
          sourceOpened: campaigns.sourceOpened,
          onStop: (look) => {
            lookers.add(look);
            return () => {
              lookers.delete(look);
            };
          },
        },
        anySource(source),
        sendAllOptions,
      ),
    plan: async (source, givenOptions = {}) => {
      checkSource('plan', source);
      const planOptions = checkedCopy('plan', givenOptions, checkPlanOptions);
      const number = numbers.of(planOptions.from);
      if (!number) throw new MissingTargetError('plan', 'phoneNumberId');
      const { ceiling, queued } = number.activity();
      const host = {
        client: number.client,
        phoneNumberId: number.phoneNumberId,
        policy,
        perSecond: ceiling,
        queued,
        clock,
        logger,
        people,
      };
      return makePlan(host, anySource(source), planOptions);
    },
    campaigns: campaigns.module,
    settle,
    async sweep(sweepOptions = {}) {
      const { limit } = checkedCopy('sweep', sweepOptions, (options) => {
        checkNumbers('sweep', options, { limit: {} });
      });
      return { recovered: (await outbox?.recover()) ?? 0, unsettled: await reportUnsettled(limit) };
    },
    pause: () => {
      if (!closed && numbers.pause()) reporting.notify('paused', stats);
    },
    resume: () => {
      if (!closed && numbers.resume()) reporting.notify('resumed', stats);
    },
    drain,
    close,
    [Symbol.asyncDispose]: close,
    stats,
  };
}

/** What a coexistence number may send is part of what any number may send, which a type parameter can't show to the compiler. */
function anySource<Coexistence extends boolean>(source: SendSource<Coexistence>): SendSource<boolean> {
  return source as SendSource<boolean>;
}

type SendSource<Coexistence extends boolean> = Iterable<SendItem<Coexistence>> | AsyncIterable<SendItem<Coexistence>>;
