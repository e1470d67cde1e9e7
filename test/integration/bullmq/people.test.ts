import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { template, text } from 'wa-coexist/messages';
import { parseWebhook } from 'wa-coexist/webhooks';
import { recordMeta } from '../../meta/recorder.js';
import { redisInstalled } from '../../stores/redis/server.js';
import { webhookSource } from '../../sender/webhook-source.js';
import { from, startSenders, type Senders } from './senders.js';

if (!redisInstalled) console.log('Left out: people on BullMQ, because there is no redis-server on the PATH.');

describe.runIf(redisInstalled)('a person with several IDs, in several processes', () => {
  const events: string[] = [];
  let senders: Senders;
  beforeAll(async () => {
    const recorder = recordMeta(async ({ body }) => {
      const name = (body as { readonly text?: { readonly body: string } }).text?.body ?? 'template';
      events.push(`${name} starts`);
      // Requests of different queues would overlap.
      await new Promise((resolve) => setTimeout(resolve, name === 'first' ? 300 : 20));
      events.push(`${name} ends`);
      return { messages: [{ id: `wamid.${name}` }] };
    });
    senders = await startSenders(recorder);
  });
  afterAll(() => senders.stop());
  const deliver = async (webhooks: ReturnType<typeof webhookSource>, field: string, content: object): Promise<void> => {
    const metadata = { display_phone_number: '15550100123', phone_number_id: from };
    const changes = [{ field, value: { messaging_product: 'whatsapp', metadata, ...content } }];
    for (const event of parseWebhook({ object: 'whatsapp_business_account', entry: [{ id: '102290129340398', changes }] }))
      await webhooks.deliver(event);
  };

  test('has one queue and one opt-out, by the events that another process received', async () => {
    const webhooks = webhookSource();
    const receiving = senders.open({ numbers: 0, webhooks: webhooks.source });
    const sending = senders.open();
    await deliver(webhooks, 'messages', {
      contacts: [{ profile: { name: 'Ada' }, wa_id: '5511987654321', user_id: 'BR.1001' }],
      messages: [
        { from: '5511987654321', from_user_id: 'BR.1001', id: 'wamid.in', timestamp: '1793610000', type: 'text', text: { body: 'Hi' } },
      ],
    });
    await deliver(webhooks, 'messages', {
      messages: [
        {
          id: 'wamid.system',
          timestamp: '1793610060',
          type: 'system',
          system: { type: 'user_changed_user_id', body: 'Changed', user_id: 'BR.2002', previous_user_id: 'BR.1001' },
        },
      ],
    });
    const recipients = [{ to: '+55 11 8765-4321' }, { recipient: 'BR.2002' }, { to: '5511987654321' }, { recipient: 'BR.1001' }];
    const names = ['first', 'second', 'third', 'fourth'];
    for (const [index, recipient] of recipients.entries()) await receiving.enqueue({ ...recipient, ...text(names[index] ?? '') });
    await vi.waitUntil(() => events.includes('fourth ends'), { timeout: 20_000, interval: 20 });
    expect(events).toEqual(names.flatMap((name) => [`${name} starts`, `${name} ends`]));

    await deliver(webhooks, 'user_preferences', {
      user_preferences: [{ user_id: 'BR.2002', category: 'marketing_messages', value: 'stop', timestamp: 1_793_610_120 }],
    });
    for (const recipient of recipients) {
      const result = await sending.send({ ...recipient, ...template('spring', 'en_US') }, { category: 'marketing' });
      expect(result).toMatchObject({ outcome: 'rejected', by: 'guard', error: { reason: 'opted-out' } });
    }
    await Promise.all([receiving.close(), sending.close()]);
  }, 60_000);
});
