import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { HandoffError, InvalidArgumentError, NotSentError, type OutgoingMessage } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { GraphApiError } from 'wa-coexist/errors';
import { graphError, recordMeta } from '../../meta/recorder.js';
import { redisInstalled } from '../../stores/redis/server.js';
import { webhookSource } from '../../sender/webhook-source.js';
import { from, startSenders, type Senders } from './senders.js';

if (!redisInstalled) console.log('Left out: opt-outs and template stops on BullMQ, because there is no redis-server on the PATH.');

const text = (to: string): OutgoingMessage => ({ to, type: 'text', text: { body: 'x' } });
const spring = (to: string): OutgoingMessage => ({ to, ...template('spring', 'en_US') });

describe.runIf(redisInstalled)('senders of several processes', () => {
  const sent: string[] = [];
  const refusals = new Map<string, number>();
  let senders: Senders;
  beforeAll(async () => {
    const recorder = recordMeta(({ body }) => {
      const { to } = body as { readonly to: string };
      sent.push(to);
      const code = refusals.get(to);
      if (code === undefined) return { messages: [{ id: `wamid.${to}` }] };
      return graphError(code, { error_data: { details: 'Details' }, fbtrace_id: 'AbC' });
    });
    senders = await startSenders(recorder);
  });
  afterAll(() => senders.stop());
  const sentTo = (to: string): number => sent.filter((each) => each === to).length;

  test('reject marketing for a customer who opted out in another process, and send it again once they return', async () => {
    const webhooks = webhookSource();
    const one = senders.open({ numbers: 0, webhooks: webhooks.source });
    const other = senders.open();
    const preference = async (value: 'stop' | 'resume'): Promise<void> => {
      await webhooks.deliver({
        type: 'user_preferences',
        phoneNumberId: from,
        value: { wa_id: '15550100001', category: 'marketing_messages', value, detail: '', timestamp: '1' },
      } as never);
    };
    await preference('stop');
    for (const sender of [one, other]) {
      const result = await sender.send(spring('15550100001'), { campaignId: 'spring' });
      expect(result).toMatchObject({ outcome: 'rejected', by: 'guard', error: { reason: 'opted-out' } });
      expect(result.outcome === 'rejected' && result.error).toBeInstanceOf(NotSentError);
    }
    expect(await one.send(spring('15550100001'), { category: 'marketing' })).toMatchObject({ error: { reason: 'opted-out' } });
    expect(await one.send(text('15550100001'))).toMatchObject({ outcome: 'accepted' });
    await preference('resume');
    expect(await one.send(spring('15550100001'), { campaignId: 'spring' })).toMatchObject({ outcome: 'accepted' });
    await Promise.all([one.close(), other.close()]);
  }, 60_000);

  test('learn opt-outs from rejections and from failed statuses', async () => {
    const webhooks = webhookSource();
    const one = senders.open({ numbers: 0, webhooks: webhooks.source });
    const other = senders.open();
    refusals.set('15550100002', 131_050);
    const refused = await one.send(spring('15550100002'), { campaignId: 'spring' });
    expect(refused).toMatchObject({
      by: 'meta',
      error: { name: 'UndeliverableError', code: 131_050, details: 'Details', fbtraceId: 'AbC', httpStatus: 400 },
    });
    expect(refused.outcome === 'rejected' && refused.error).toBeInstanceOf(GraphApiError);
    await webhooks.deliver({
      type: 'status',
      phoneNumberId: from,
      customer: { waId: '15550100003' },
      status: {
        id: 'wamid.9',
        status: 'failed',
        recipient_id: '15550100003',
        timestamp: '1',
        errors: [{ code: 131_050, title: 'Stopped' }],
      },
    } as never);
    for (const to of ['15550100002', '15550100003']) {
      expect(await one.send(spring(to), { campaignId: 'spring' })).toMatchObject({ by: 'guard', error: { reason: 'opted-out' } });
    }
    expect([sentTo('15550100002'), sentTo('15550100003')]).toEqual([1, 0]);
    await Promise.all([one.close(), other.close()]);
  }, 60_000);

  test('reject a template that was disabled in another process, and hold one that is paused', async () => {
    const webhooks = webhookSource();
    const one = senders.open({ numbers: 0, webhooks: webhooks.source });
    const other = senders.open();
    const report = async (event: string): Promise<void> => {
      await webhooks.deliver({
        type: 'message_template_status_update',
        value: { event, message_template_name: 'autumn', message_template_language: 'en_US', message_template_id: 1 },
      } as never);
    };
    await report('DISABLED');
    const autumn = { to: '15550100004', ...template('autumn', 'en_US') };
    expect(await one.send(autumn, { category: 'utility' })).toMatchObject({
      by: 'guard',
      error: { name: 'NotSentError', reason: 'template-disabled' },
    });
    await report('APPROVED');
    // Senders read stops again after a second. Before that, the guard rejects the message, so sending it again creates
    // no duplicate.
    await vi.waitFor(
      async () => {
        expect(await one.send(autumn, { category: 'utility' })).toMatchObject({ outcome: 'accepted' });
      },
      { timeout: 10_000 },
    );
    expect(sentTo('15550100004')).toBe(1);

    refusals.set('15550100005', 132_015);
    const winter = { to: '15550100005', ...template('winter', 'en_US') };
    await one.enqueue(winter, { category: 'utility', key: 'winter' });
    await vi.waitUntil(() => sentTo('15550100005') > 0, { timeout: 20_000, interval: 50 });
    expect(await one.send(text('15550100006'))).toMatchObject({ outcome: 'accepted' });
    await Promise.all([one.close(), other.close()]);
    expect(await senders.connect().zcard(`wa-coexist:messages-${from}:delayed`)).toBe(1);
    expect(sentTo('15550100005')).toBe(1);
  }, 60_000);

  test('keep the class of a guard’s error', async () => {
    const one = senders.open({ numbers: 0 });
    const other = senders.open({ guards: [() => ({ verdict: 'reject', error: new HandoffError('person-holds') })] });
    const result = await one.send(text('15550100007'));
    expect(result).toMatchObject({
      outcome: 'rejected',
      by: 'guard',
      error: { name: 'HandoffError', kind: 'handoff', reason: 'person-holds' },
    });
    expect(result.outcome === 'rejected' && result.error).toBeInstanceOf(HandoffError);
    await Promise.all([one.close(), other.close()]);
  }, 60_000);

  test("time out a guard that hangs, and close() doesn't wait for it", async () => {
    const hanging = senders.open({ guards: [() => new Promise(() => undefined)], guardTimeoutMs: 300 });
    expect(await hanging.send(text('15550100008'))).toMatchObject({ by: 'guard', error: { reason: 'guard-failed' } });
    await hanging.close();
    const patient = senders.open({ guards: [() => new Promise(() => undefined)] });
    await patient.enqueue(text('15550100008'));
    await vi.waitUntil(() => patient.stats().inFlight > 0, { timeout: 20_000, interval: 50 });
    const startedAtMs = performance.now();
    await patient.close();
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect(sentTo('15550100008')).toBe(0);
    const next = senders.open();
    await vi.waitUntil(() => sentTo('15550100008') > 0, { timeout: 20_000, interval: 50 });
    expect(sentTo('15550100008')).toBe(1);
    await next.close();
  }, 60_000);

  test('reject wrong options at creation, and wrong calls before Redis', async () => {
    for (const options of [
      { throughput: 0 },
      { numbers: -1 },
      { numbers: NaN },
      { concurrency: '8' },
      { guardTimeoutMs: 0 },
      { pacing: 'fast' },
      { guards: [1] },
      { prefix: '' },
      { connection: {} },
      { webhooks: {} },
      { client: null },
    ]) {
      expect(() => senders.open(options as never)).toThrow(InvalidArgumentError);
    }
    const sender = senders.open({ numbers: 0 });
    const wrong: readonly (readonly [unknown, unknown?])[] = [
      [null],
      [text('1'), { priority: 'urgent' }],
      [text('1'), { expiresAt: '2027-01-01' }],
      [text('1'), { options: { key: 'k' } }],
      [text('1'), { guard: () => ({ verdict: 'pass' }) }],
      [{ ...text('1'), extra: 1n }],
    ];
    for (const [message, options] of wrong) {
      expect(await sender.send(message as never, options as never)).toMatchObject({ outcome: 'rejected', by: 'guard' });
      await expect(sender.enqueue(message as never, options as never)).rejects.toMatchObject({
        kind: expect.stringMatching(/^invalid-/) as string,
      });
    }
    await sender.close();
  }, 60_000);
});
