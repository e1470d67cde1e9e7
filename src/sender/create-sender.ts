import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { NotSentError } from '../errors/not-sent-error.js';
import { MissingTargetError } from '../errors/usage-errors.js';
import type { OutgoingMessage } from '../messages/outgoing/outgoing-message.js';
import { coexistencePolicy } from '../policy/policy.js';
import { noInstrument } from '../runtime/instrument.js';
import { memoryStore } from '../stores/memory.js';
import { createCampaigns } from './campaigns/create-campaigns.js';
import { createJob, type Job, type OnResult, type SubmitOptions } from './job.js';
import { createNumberSenders } from './number-senders.js';
import { createLedger } from './outbox/ledger.js';
import { createOutbox } from './outbox/outbox.js';
import { createResumption } from './outbox/resumption.js';
import { makePlan } from './plan.js';
import { createReporting } from './reporting.js';
import { runSendAll, type Queued } from './send-all.js';
import { createSendIds } from './send-ids.js';
import type { From } from './send-options.js';
import type { SenderOptions } from './sender-options.js';
import type { SenderStats } from './sender-stats.js';
import type { Sender } from './sender.js';
import { createSettling } from './settling.js';
import { createOptOuts } from './stops/opt-outs.js';
import { createTemplateStops, templateOf } from './stops/template-stops.js';
import { createThroughputReadings } from './throughput-readings.js';
import { capOf } from './throughput.js';
import { wireWebhooks } from './webhook-wiring.js';

/** Messages of one source that may be open, where the caller does not say: this many, or so many seconds of the throughput. */
const leastOpenMessages = 1_000;
const openSeconds = 2;

/** What holds where the caller does not say. */
const defaultTakeOverAfterMs = 15_000;
const defaultUnsettledAfterMs = 3_600_000;

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
 * @throws `RangeError` if the throughput is no whole number from 1 up.
 *
 * @example
 * ```ts
 * import { createClient, createSender, text } from 'wa-coexist';
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
export function createSender<Coexistence extends boolean>(options: SenderOptions<Coexistence>): Sender<Coexistence> {
  const { client, store, throughput = 'auto', unsettledAfterMs = defaultUnsettledAfterMs } = options;
  const policy = options.policy ?? client.policy ?? coexistencePolicy();
  const clock = options.clock ?? client.clock;
  const logger = options.logger ?? client.logger;
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
  let closed = false;
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
  const cap = throughput === 'auto' ? readings.firstCap : capOf(throughput, policy);
  const campaigns = createCampaigns({
    store: kept,
    clock,
    logger,
    askAgain: (campaignId) => {
      numbers.askAgain(({ extras }) => extras?.campaignId === campaignId);
    },
    changed: (campaignId, state) => {
      reporting.notify(state === 'running' ? 'resumed' : 'paused', () => ({ ...stats(), campaignId }));
    },
  });
  const templates = createTemplateStops({
    clock,
    placeOf: (phoneNumberId) => ({
      wabaId: numbers.find(phoneNumberId)?.client.target.wabaId,
      isOwn: phoneNumberId === client.target.phoneNumberId,
    }),
    askAgain: (template) => {
      numbers.askAgain(({ message }) => templateOf(message) === template);
    },
  });
  const optOuts = createOptOuts(kept, logger);
  const outbox =
    store &&
    createOutbox({
      store,
      clock,
      logger,
      name: ids.prefix,
      takeOverAfterMs: options.takeOverAfterMs ?? defaultTakeOverAfterMs,
      resume: createResumption({ ledger, numberOf: (from) => (closed ? undefined : numbers.of(from)) }),
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
      instrument: options.instrument ?? noInstrument,
      ledger,
      outbox,
      recordsAll: store !== undefined,
      ids,
      settlements,
      unsettledAfterMs,
      onUnknown: options.onUnknown ?? 'report',
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
          reporting.notify('idle', stats);
          endDrains();
        },
      };
    },
  });

  const submit = (
    message: OutgoingMessage,
    { from, ...submitted }: SubmitOptions & { readonly from?: From },
    onResult: OnResult,
  ): Queued | undefined => {
    const number = closed ? undefined : numbers.of(from);
    if (number) {
      const job = number.submit(message, submitted, onResult);
      return job && { job, number };
    }
    const by = closed ? 'closed' : 'guard';
    const error = closed ? new NotSentError('closed') : new MissingTargetError('send', 'phoneNumberId');
    const job = createJob(message, 'normal', onResult, submitted);
    job.state = 'over';
    onResult({ outcome: 'rejected', by, error }, job);
    return undefined;
  };
  const enqueue: Sender['enqueue'] = (message, enqueued = {}) => {
    if (!outbox) {
      const rule = 'is needed: give createSender one that is durable, as sqliteStore';
      return Promise.reject(new InvalidArgumentError('enqueue', 'store', rule));
    }
    const known = enqueued.key === undefined || closed ? undefined : numbers.of(enqueued.from)?.find(enqueued.key);
    return new Promise((resolve, reject) => {
      const queued: { job: Job | undefined } = { job: known };
      if (!known) {
        const onResult: OnResult = (result, job) => {
          // An outcome that is there before the message is queued: it was refused, or its key is on record.
          if (result.outcome === 'rejected' && result.by !== 'meta') reject(result.error);
          else resolve(job.sendId ?? '');
        };
        queued.job = submit(message, { ...enqueued, durable: true }, onResult)?.job;
      }
      void queued.job?.extras?.writing?.then(() => {
        if (queued.job?.state !== 'over') resolve(queued.job?.sendId ?? '');
      });
    });
  };
  const drain = async (): Promise<void> => {
    if (numbers.open > 0) {
      await new Promise<void>((resolve) => {
        drains.push(resolve);
      });
    }
  };
  const end = async (): Promise<void> => {
    unwire?.();
    readings.close();
    const left: Job[] = [];
    await numbers.close((job, number) => {
      if (outbox && job.extras?.durable) left.push(job);
      else number.reject(job, 'closed', new NotSentError('closed'));
    });
    for (const job of left) await job.extras?.writing;
    endDrains();
    await outbox?.close().catch((error: unknown) => {
      logger.warn('the outbox was left without a word, so that what is in it waits until this process is taken for dead', { error });
    });
    await campaigns.close();
    settling.close();
  };
  const close = (): Promise<void> => {
    closed = true;
    return (closing ??= end());
  };
  const unwire =
    options.webhooks &&
    wireWebhooks(options.webhooks, {
      status: settle,
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
      reporting.emitter.on(name, handler);
    },
    once: (name, handler) => {
      reporting.emitter.once(name, handler);
    },
    off: (name, handler) => {
      reporting.emitter.off(name, handler);
    },
    send: (message, sendOptions = {}) =>
      new Promise((resolve) => {
        submit(message, sendOptions, resolve);
      }),
    enqueue,
    sendAll: (source, sendAllOptions = {}) =>
      runSendAll(
        {
          clock,
          logger,
          defaultConcurrency: Math.max(leastOpenMessages, openSeconds * cap),
          submit,
          isClosed: () => closed,
          isCancelled: campaigns.isCancelled,
        },
        source,
        sendAllOptions,
      ),
    plan: async (source, planOptions = {}) => {
      const number = numbers.of(planOptions.from);
      if (!number) throw new MissingTargetError('plan', 'phoneNumberId');
      const { ceiling, queued } = number.activity();
      const host = { client: number.client, phoneNumberId: number.phoneNumberId, policy, perSecond: ceiling, queued };
      return makePlan(host, source, planOptions);
    },
    campaigns: campaigns.module,
    settle,
    async sweep({ limit } = {}) {
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
