import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { NotSentError, silentLogger, type GuardVerdict, type OutgoingMessage, type SenderEvents } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { webhookSource } from '../webhook-source.js';
import type { ContractBackend, ContractOptions, ContractSender } from './backend.js';
import { createMetaStub, statusOf, type MetaStub, type Plan } from './meta-stub.js';

/** The context of a test. */
export interface ContractContext {
  readonly backend: () => ContractBackend;
  readonly meta: () => MetaStub;
  /** A number that no other test sends from. */
  readonly from: () => string;
  open(options?: Partial<ContractOptions>): ContractSender;
  openQueueing(options?: Partial<ContractOptions>): ContractSender;
}

/** Times are real, because Redis and BullMQ have no virtual clock. */
const soonMs = 600;
const waiting = { timeout: 15_000, interval: 20 };

/** Returns a text message to a new recipient, unless one is given. */
export function text(body: string, to = `1555${String(1_000_000 + Math.trunc(Math.random() * 8_999_999))}`): OutgoingMessage {
  return { to, type: 'text', text: { body } };
}

/** Sends a message from a customer to a number. */
export function inbound(phoneNumberId: string): never {
  return { type: 'message', phoneNumberId, message: { type: 'text', id: 'wamid.inbound', from: '15550100777' } } as never;
}

/** Collects the events with the given names. */
export function collect(sender: ContractSender, ...names: (keyof SenderEvents)[]): string[] {
  const seen: string[] = [];
  for (const name of names) {
    sender.on(name, (event) => {
      const { key, id, campaignId, phoneNumberId } = event as Partial<Record<'key' | 'id' | 'campaignId' | 'phoneNumberId', string>>;
      seen.push(`${name} ${key ?? campaignId ?? id ?? phoneNumberId ?? ''}`.trim());
    });
  }
  return seen;
}

/** Waits until this many messages are queued. */
async function waitUntilQueued(sender: ContractSender, count = 1): Promise<void> {
  await vi.waitFor(async () => {
    expect((await sender.fleetStats()).queued).toBeGreaterThanOrEqual(count);
  }, waiting);
}

/** Registers the tests that every kind of sender passes. */
export function senderContract(
  name: string,
  create: () => Promise<ContractBackend>,
  more: (context: ContractContext) => void = () => undefined,
): void {
  describe(name, { timeout: 60_000 }, () => {
    let backend: ContractBackend;
    let meta: MetaStub;
    let number = 106540352240000;
    const senders: ContractSender[] = [];
    const from = (): string => String(number);
    const optionsOf = (options: Partial<ContractOptions>): ContractOptions => ({
      client: meta.client({ phoneNumberId: from() }),
      throughput: 200,
      logger: silentLogger,
      ...options,
    });
    const kept = (sender: ContractSender): ContractSender => {
      senders.push(sender);
      return sender;
    };
    const open = (options: Partial<ContractOptions> = {}): ContractSender => kept(backend.open(optionsOf(options)));
    const context: ContractContext = {
      backend: () => backend,
      meta: () => meta,
      from,
      open,
      openQueueing: (options = {}) => kept((backend.openQueueing ?? backend.open)(optionsOf(options))),
    };
    const plan = (body: string, planned: Plan): void => {
      const before = meta.planOf;
      meta.planOf = (each) => (each === body ? planned : before(each));
    };

    beforeAll(async () => {
      backend = await create();
    });
    beforeEach(() => {
      meta = createMetaStub();
      number += 1;
    });
    afterEach(async () => {
      await Promise.all(senders.splice(0).map((sender) => sender.close()));
    });
    afterAll(async () => {
      await backend.close();
    });

    test('send reports each of the three outcomes', async () => {
      const sender = open();
      const events = collect(sender, 'sent', 'rejected', 'unknown');
      plan('refused', { code: 131_026 });
      plan('lost', 'lost');
      expect(await sender.send(text('sent'), { key: 'a' })).toMatchObject({ outcome: 'accepted', messageId: meta.idOf('sent') });
      expect(await sender.send(text('refused'), { key: 'b' })).toMatchObject({ outcome: 'rejected', by: 'meta', error: { code: 131_026 } });
      expect(await sender.send(text('lost'), { key: 'c' })).toMatchObject({ outcome: 'unknown' });
      await vi.waitFor(() => {
        expect(events).toEqual(['sent a', 'rejected b', 'unknown c']);
      }, waiting);
      expect(sender.stats()).toMatchObject({ accepted: 1, rejected: 1, unknown: 1 });
    });

    test('a key is sent one time', async () => {
      const sender = open();
      const results = await Promise.all([1, 2].map(() => sender.send(text('once'), { key: 'once' })));
      results.push(await sender.send(text('again'), { key: 'once' }));
      for (const result of results) expect(result).toMatchObject({ outcome: 'accepted', messageId: meta.idOf('once') });
      expect(meta.textsOf(from())).toEqual(['once']);
    });

    test('wrong calls are rejected before anything is queued', async () => {
      const sender = open();
      const wrong: readonly unknown[] = [
        { priority: 'urgent' },
        { notBefore: 'tomorrow' },
        { expiresAt: NaN },
        { notBefore: new Date(2_000), expiresAt: 1_000 },
        { campaignId: '' },
      ];
      for (const options of wrong) {
        const result = await sender.send(text('wrong'), options as never);
        expect(result).toMatchObject({ outcome: 'rejected', by: 'guard', error: { name: 'InvalidArgumentError' } });
      }
      expect(meta.accepted).toEqual([]);
    });

    test('guards reject a message, or hold it until later', async () => {
      const verdicts: GuardVerdict[] = [{ verdict: 'hold', reason: 'not yet', until: new Date(Date.now() + 1_000) }];
      const sender = open({
        guards: [
          (message, { key, campaignId }) => {
            if (key === 'no') return { verdict: 'reject', error: new NotSentError('guard-failed', { cause: campaignId }) };
            return message.to === '15550100111' ? (verdicts.shift() ?? { verdict: 'pass' }) : { verdict: 'pass' };
          },
        ],
      });
      const startedAtMs = Date.now();
      expect(await sender.send(text('no'), { key: 'no' })).toMatchObject({
        outcome: 'rejected',
        by: 'guard',
        error: { reason: 'guard-failed' },
      });
      expect(await sender.send(text('later', '15550100111'))).toMatchObject({ outcome: 'accepted' });
      expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(990);
      // A rejected message releases its key.
      expect(meta.textsOf(from())).toEqual(['later']);
    });

    test('opt-outs and stopped templates apply', async () => {
      const webhooks = webhookSource();
      const sender = open({ webhooks: webhooks.source });
      const to = `1555${from().slice(-7)}`;
      await webhooks.deliver({
        type: 'user_preferences',
        phoneNumberId: from(),
        value: { wa_id: to, category: 'marketing_messages', value: 'stop', detail: '', timestamp: '1' },
      } as never);
      const spring = { to, ...template(`spring_${from()}`, 'en_US') };
      expect(await sender.send(spring, { campaignId: 'spring' })).toMatchObject({ by: 'guard', error: { reason: 'opted-out' } });
      expect(await sender.send(spring, { category: 'utility' })).toMatchObject({ outcome: 'accepted' });
      plan(`autumn_${from()}`, { code: 132_016 });
      const autumn = template(`autumn_${from()}`, 'en_US');
      expect(await sender.send({ to, ...autumn }, { category: 'utility' })).toMatchObject({ by: 'meta', error: { code: 132_016 } });
      const next = await sender.send({ to: '15550100333', ...autumn }, { category: 'utility' });
      expect(next).toMatchObject({ by: 'guard', error: { reason: 'template-disabled' } });
    });

    test('an unknown outcome is settled by a status, or reported after a time', async () => {
      const sender = open({ unsettledAfterMs: soonMs });
      const events = collect(sender, 'settled');
      plan('heard', 'lost');
      plan('silent', 'lost');
      const heard = await sender.send(text('heard'), { key: 'heard' });
      const accepted = meta.accepted.find((each) => each.text === 'heard');
      if (!accepted || heard.outcome !== 'unknown') throw new Error('The message was not sent.');
      expect(await sender.settle(statusOf(accepted))).toBe(true);
      expect(await sender.settle(statusOf(accepted))).toBe(false);
      expect(await heard.settled).toMatchObject({ outcome: 'accepted', messageId: meta.idOf('heard') });
      const silent = await sender.send(text('silent'), { key: 'silent' });
      if (silent.outcome !== 'unknown') throw new Error('The outcome is known.');
      expect(await silent.settled).toEqual({ outcome: 'unsettled' });
      await vi.waitFor(() => {
        expect(events).toEqual(['settled heard', 'settled silent']);
      }, waiting);
    });

    test("onUnknown: 'resend' sends a message again", async () => {
      const sender = open();
      let attempts = 0;
      meta.planOf = (body) => (body === 'doubt' && (attempts += 1) === 1 ? 'lost' : undefined);
      expect(await sender.send(text('doubt'), { onUnknown: 'resend' })).toMatchObject({ outcome: 'accepted' });
      expect(meta.textsOf(from())).toEqual(['doubt', 'doubt']);
    });

    test('pause and resume apply to all numbers, or to one', async () => {
      const sender = open();
      const other = `9${from()}`;
      await sender.send(text('before'));
      await sender.pause({ from: from() });
      const held = sender.send(text('held'));
      expect(await sender.send(text('other'), { from: other })).toMatchObject({ outcome: 'accepted' });
      expect(meta.textsOf(from())).toEqual(['before']);
      await sender.pause();
      const alsoHeld = sender.send(text('other held'), { from: other });
      // A number stays paused while all numbers are paused.
      await sender.resume({ from: from() });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(meta.accepted.map(({ text: body }) => body)).toEqual(['before', 'other']);
      await vi.waitFor(() => {
        expect(sender.stats().paused).toBe(true);
      }, waiting);
      await sender.resume();
      expect(await held).toMatchObject({ outcome: 'accepted' });
      expect(await alsoHeld).toMatchObject({ outcome: 'accepted' });
    });

    test('paused and resumed are emitted with the number', async () => {
      const sender = open();
      const events = collect(sender, 'paused', 'resumed');
      await sender.pause();
      expect(sender.stats().paused).toBe(true);
      await sender.pause();
      await sender.resume();
      expect(sender.stats().paused).toBe(false);
      await sender.pause({ from: from() });
      await sender.resume({ from: from() });
      await vi.waitFor(() => {
        expect(events).toEqual(['paused', 'resumed', `paused ${from()}`, `resumed ${from()}`]);
      }, waiting);
    });

    test('a late event about a pause does not undo a later resume', async () => {
      const sender = open();
      const events = collect(sender, 'paused', 'resumed');
      const states = new Set<boolean>();
      const rounds = 20;
      for (let round = 1; round <= rounds; round += 1) {
        await sender.pause();
        await sender.resume();
        await vi.waitUntil(() => {
          states.add(sender.stats().paused);
          return events.length === 2 * round;
        }, waiting);
      }
      expect([...states]).toEqual([false]);
    });

    test('drain resolves when no message waits', async () => {
      const sender = open();
      const sends = Array.from({ length: 20 }, (_, index) => sender.send(text(String(index))));
      await sender.drain();
      expect(meta.accepted).toHaveLength(20);
      await Promise.all(sends);
      await sender.drain();
    });

    test('messages to one recipient keep their order, and urgent messages are sent first', async () => {
      const sender = open();
      await sender.send(text('before'));
      await sender.pause();
      const to = '15550100444';
      const sends = (['low', 'normal', 'high', 'low', 'normal', 'high'] as const).map((priority, index) =>
        sender.send(text(`${priority} ${String(index)}`, to), { priority }),
      );
      await waitUntilQueued(sender, 6);
      await sender.resume();
      await Promise.all(sends);
      expect(meta.textsOf(from())).toEqual(['before', 'high 2', 'high 5', 'normal 1', 'normal 4', 'low 0', 'low 3']);
    });

    test('expiresAt as a Date or as milliseconds rejects a message that is late', async () => {
      const sender = open();
      for (const expiresAt of [new Date(Date.now() - 1), Date.now() - 1]) {
        expect(await sender.send(text('late'), { expiresAt })).toMatchObject({ by: 'expired', error: { reason: 'expired' } });
      }
      expect(await sender.send(text('in time'), { expiresAt: Date.now() + 30_000 })).toMatchObject({ outcome: 'accepted' });
    });

    test('notBefore sends a message at its time, and delays no other', async () => {
      const sender = open();
      const to = '15550100555';
      const atMs = Date.now() + 1_500;
      const later = sender.send(text('later', to), { notBefore: atMs + 300 });
      const scheduled = sender.send(text('scheduled', to), { notBefore: new Date(atMs) });
      expect(await sender.send(text('now', to))).toMatchObject({ outcome: 'accepted' });
      expect(Date.now()).toBeLessThan(atMs);
      expect(await scheduled).toMatchObject({ outcome: 'accepted' });
      expect(Date.now()).toBeGreaterThanOrEqual(atMs);
      await later;
      expect(meta.textsOf(from())).toEqual(['now', 'scheduled', 'later']);
    });

    test('cancel ends a message that waits, and no other', async () => {
      const sender = open();
      const events = collect(sender, 'rejected');
      const scheduled = sender.send(text('scheduled'), { key: 'scheduled', notBefore: Date.now() + 60_000 });
      await vi.waitFor(async () => {
        expect(await sender.cancel('scheduled')).toBe('cancelled');
      }, waiting);
      const result = await scheduled;
      expect(result).toMatchObject({ outcome: 'rejected', by: 'cancelled', error: { reason: 'cancelled' } });
      expect(result.outcome === 'rejected' && result.error).toBeInstanceOf(NotSentError);
      await vi.waitFor(() => {
        expect(events).toEqual(['rejected scheduled']);
      }, waiting);
      // The key is free again.
      await vi.waitFor(async () => {
        expect(await sender.send(text('instead'), { key: 'scheduled' })).toMatchObject({ outcome: 'accepted' });
      }, waiting);
      expect(await sender.cancel('scheduled')).toBe('already-sent');
      expect(await sender.cancel('never queued')).toBe('unknown');
      expect(meta.textsOf(from())).toEqual(['instead']);
    });

    test('a message in flight cannot be cancelled', async () => {
      const sender = open();
      let answer = (): void => undefined;
      const answered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      let requests = 0;
      meta.planOf = () => {
        requests += 1;
        return answered;
      };
      const sending = sender.send(text('in flight'), { key: 'in flight' });
      await vi.waitFor(() => {
        expect(requests).toBe(1);
      }, waiting);
      expect(await sender.cancel('in flight')).toBe('already-sent');
      answer();
      expect(await sending).toMatchObject({ outcome: 'accepted' });
    });

    test('a signal takes a message back', async () => {
      const sender = open();
      const controller = new AbortController();
      const sending = sender.send(text('scheduled'), { notBefore: Date.now() + 60_000, signal: controller.signal });
      await waitUntilQueued(sender);
      controller.abort();
      expect(await sending).toMatchObject({ outcome: 'rejected', by: 'aborted' });
      expect(await sender.send(text('aborted'), { signal: controller.signal })).toMatchObject({ by: 'aborted' });
      expect(meta.accepted).toEqual([]);
    });

    test('sendAll takes no more than its concurrency from the source, and sends all', async () => {
      const sender = open();
      let taken = 0;
      let most = 0;
      const total = 40;
      function* source() {
        for (; taken < total; taken += 1) {
          most = Math.max(most, taken - meta.accepted.length);
          yield { key: `all-${String(taken)}`, message: text(`all ${String(taken)}`) };
        }
      }
      const done: number[] = [];
      const result = await sender.sendAll(source(), { concurrency: 8, onProgress: (progress) => done.push(progress.done) });
      expect(result).toMatchObject({ taken: total, accepted: total, rejected: 0, unknown: 0 });
      expect(most).toBeLessThanOrEqual(8);
      expect(done.at(-1)).toBe(total);
      expect(new Set(meta.textsOf(from())).size).toBe(total);
      // In a second run, no key is sent twice.
      const again = Array.from({ length: total }, (_, index) => ({ key: `all-${String(index)}`, message: text('again') }));
      expect(await sender.sendAll(again)).toMatchObject({ accepted: total });
      expect(meta.accepted).toHaveLength(total);
    });

    test('sendAll ends when its signal aborts', async () => {
      const sender = open();
      const controller = new AbortController();
      await sender.send(text('before'));
      await sender.pause();
      function* endless() {
        for (let index = 0; ; index += 1) yield text(String(index));
      }
      const running = sender.sendAll(endless(), { concurrency: 3, signal: controller.signal });
      await waitUntilQueued(sender, 3);
      controller.abort();
      expect(await running).toMatchObject({ stoppedBy: 'aborted', taken: 3, rejectedBy: { aborted: 3 } });
      await sender.resume();
    });

    test('plan reads a source and sends nothing', async () => {
      const sender = open();
      const plan = await sender.plan([text('one', '15550100661'), text('two', '15550100662'), text('three', '15550100661')]);
      expect(plan).toMatchObject({ messages: 3, recipients: 2, perSecond: 200, messagingLimit: { limit: 2_000, beyond: 0 } });
      expect(meta.accepted).toEqual([]);
    });

    test('campaigns are paused, resumed, reported and cancelled', async () => {
      const sender = open();
      const campaignId = `campaign-${from()}`;
      const events = collect(sender, 'paused', 'resumed');
      await sender.campaigns.pause(campaignId);
      const items = Array.from({ length: 5 }, (_, index) => ({ key: String(index), message: text(String(index)) }));
      const running = sender.sendAll(items, { campaignId });
      expect(await sender.send(text('other'))).toMatchObject({ outcome: 'accepted' });
      await vi.waitFor(async () => {
        expect(await sender.campaigns.report(campaignId)).toMatchObject({ state: 'paused', open: 5, accepted: 0 });
      }, waiting);
      expect(meta.textsOf(from())).toEqual(['other']);
      await sender.campaigns.resume(campaignId);
      expect(await running).toMatchObject({ accepted: 5 });
      await vi.waitFor(async () => {
        expect(await sender.campaigns.report(campaignId)).toMatchObject({ state: 'done', open: 0, accepted: 5 });
      }, waiting);
      await sender.campaigns.cancel(campaignId);
      const refused = await sender.send(text('after'), { campaignId });
      expect(refused).toMatchObject({ by: 'guard', error: { reason: 'cancelled' } });
      await vi.waitFor(async () => {
        expect(await sender.campaigns.report(campaignId)).toMatchObject({ state: 'cancelled', rejectedBy: { guard: 1 } });
      }, waiting);
      expect(events.slice(0, 2)).toEqual([`paused ${campaignId}`, `resumed ${campaignId}`]);
    });

    test('a campaign stops after equal rejections in a row, reports their code, and can be resumed', async () => {
      const sender = open({ maxEqualRejections: 5 });
      const campaignId = `stopped-${from()}`;
      plan('wrong', { code: 132_000 });
      const items = Array.from({ length: 30 }, (_, index) => ({ key: String(index), message: text(index === 2 ? 'right' : 'wrong') }));
      const result = await sender.sendAll(items, { campaignId, concurrency: 1 });
      expect(result).toMatchObject({ stoppedBy: 'rejections', accepted: 1, byCode: { 132000: 7 }, rejectedBy: { meta: 7 } });
      await vi.waitFor(async () => {
        expect(await sender.campaigns.report(campaignId)).toMatchObject({
          state: 'stopped',
          byCode: { 132000: 7 },
          stopped: { code: 132_000, rejections: 5 },
        });
      }, waiting);
      expect(await sender.send(text('after'), { campaignId })).toMatchObject({ by: 'guard', error: { reason: 'campaign-stopped' } });
      await sender.campaigns.resume(campaignId);
      await vi.waitFor(async () => {
        expect(await sender.send(text('again'), { campaignId })).toMatchObject({ outcome: 'accepted' });
      }, waiting);
      expect(await sender.campaigns.report(campaignId)).not.toHaveProperty('stopped');
    });

    test('sendAll without a campaign stops after equal rejections, unless that is turned off', async () => {
      plan('wrong', { code: 132_001 });
      const items = Array.from({ length: 25 }, () => text('wrong'));
      const stopped = await open().sendAll(items, { concurrency: 1 });
      expect(stopped).toMatchObject({ stoppedBy: 'rejections', taken: 20, byCode: { 132001: 20 } });
      const all = await open({ maxEqualRejections: false }).sendAll(items);
      expect(all).toMatchObject({ taken: 25, byCode: { 132001: 25 } });
      expect(all).not.toHaveProperty('stoppedBy');
    });

    test('plan finds messages that Meta or a guard for plans would reject', async () => {
      const refuse = Object.assign((): GuardVerdict => ({ verdict: 'reject', error: new NotSentError('template-paused') }), {
        inPlans: true,
      });
      const items = [{ key: 'a', message: text('one') }, { message: text('') }, text('two')];
      expect(await open().plan(items)).toMatchObject({ rejected: 1, problems: [{ index: 1, messages: 1, error: { field: 'text.body' } }] });
      const all = await open({ guards: [refuse] }).plan(items);
      expect(all).toMatchObject({ rejected: 3, problems: [{ index: 0, key: 'a', messages: 2 }, { index: 1 }] });
      expect(meta.accepted).toEqual([]);
    });

    test("throughput: 'auto' reads a number one time", async () => {
      const sender = open({ throughput: 'auto' });
      const changes: number[] = [];
      sender.on('throughput', ({ perSecond }) => {
        changes.push(perSecond);
      });
      await sender.send(text('one'));
      await vi.waitFor(() => {
        expect(changes).toEqual([80]);
      }, waiting);
      await sender.send(text('two'));
      expect(meta.reads).toEqual([from()]);
    });

    test('the messages of customers count towards the throughput', async () => {
      const webhooks = webhookSource();
      const sender = open({ webhooks: webhooks.source, chargeInbound: true, throughput: 10, pacing: 'ack' });
      await sender.send(text('one'));
      for (let index = 0; index < 10; index += 1) await webhooks.deliver(inbound(from()));
      const startedAtMs = performance.now();
      await sender.send(text('two'));
      expect(performance.now() - startedAtMs).toBeGreaterThan(700);
    });

    test('fleetStats counts what waits', async () => {
      const sender = open();
      expect(await sender.fleetStats()).toMatchObject({ processes: expect.any(Number) as number });
      const scheduled = sender.send(text('scheduled'), { key: 'fleet', notBefore: Date.now() + 60_000 });
      await vi.waitFor(async () => {
        expect((await sender.fleetStats()).queued).toBe(1);
      }, waiting);
      await sender.cancel('fleet');
      await scheduled;
      await vi.waitFor(async () => {
        expect((await sender.fleetStats()).queued).toBe(0);
      }, waiting);
    });

    test('sweep finds nothing to do while all is well', async () => {
      const sender = open();
      await sender.send(text('one'));
      expect(await sender.sweep()).toEqual({ recovered: 0, unsettled: 0 });
    });

    test('a closed sender rejects, and open sends have an outcome', async () => {
      const sender = open();
      const scheduled = sender.send(text('scheduled'), { key: 'scheduled', notBefore: Date.now() + 60_000 });
      await waitUntilQueued(sender);
      await sender.close();
      expect(['rejected', 'unknown']).toContain((await scheduled).outcome);
      // Otherwise, later tests would wait for it when they drain.
      expect(await open().cancel('scheduled')).not.toBe('already-sent');
      expect(await sender.send(text('after'))).toMatchObject({ outcome: 'rejected', by: 'closed', error: { reason: 'closed' } });
      await expect(sender.enqueue(text('after'))).rejects.toMatchObject({ kind: expect.any(String) as string });
    });

    more(context);
  });
}
