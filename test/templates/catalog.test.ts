import { describe, expect, test } from 'vitest';
import { createClient, createSender, silentLogger, type MessageTemplate } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { createTemplateCatalog, type TemplateCatalogOptions, type TemplateEvent } from 'wa-coexist/templates';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';

const wabaId = '102290129340398';
const phoneNumberId = '106540352242922';
const to = '15550100987';
const content = {
  name: 'order_shipped',
  components: [{ type: 'BODY', text: 'Hello {{first_name}}, order {{order}} is on its way.' }],
} as const;
const shipped: MessageTemplate = {
  ...content,
  id: '1',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [...content.components],
};
const values = { body: { first_name: 'Ana', order: '1042' } };
const message = { to, ...template(shipped, values) };
const withoutName = { to, ...template(shipped, { body: { order: '1042' } }) };

function setUp(options: TemplateCatalogOptions = {}) {
  const clock = fakeClock();
  const fake = createFakeCloudApi({ clock });
  const { accessToken } = fake.cloudApiNumber({ wabaId, phoneNumberId });
  const id = fake.addTemplate(wabaId, content);
  /** How often the templates of the account were read. */
  const reads = (): number => fake.requests.filter(({ path, status }) => path.endsWith('message_templates') && status === 200).length;
  const client = createClient({ accessToken, wabaId, phoneNumberId, fetch: fake.fetch, clock, maxRetries: 0, logger: silentLogger });
  return { clock, fake, id, reads, client, catalog: createTemplateCatalog(client, options) };
}

function event(type: TemplateEvent['type'], value: object, ofWaba: string | undefined = wabaId): TemplateEvent {
  const reference = { message_template_id: '1', message_template_name: 'order_shipped', message_template_language: 'en-US' };
  return { type, field: type, key: '1', raw: {}, ...(ofWaba && { wabaId: ofWaba }), value: { ...reference, ...value } } as TemplateEvent;
}
const status = (what: string): TemplateEvent => event('message_template_status_update', { event: what });

describe('a catalog', () => {
  test('reads the account one time, and again after its TTL', async () => {
    const { clock, reads, catalog } = setUp({ ttlMs: 60_000 });
    await Promise.all([catalog.check(message), catalog.check(message), catalog.get('order_shipped', 'en-US')]);
    expect(reads()).toBe(1);
    await clock.advance(59_000);
    expect((await catalog.list()).map(({ name }) => name)).toEqual(['hello_world', 'order_shipped']);
    expect(reads()).toBe(1);
    await clock.advance(1_000);
    await catalog.check(message);
    expect(reads()).toBe(2);
  });

  test.each([
    ['a missing value', withoutName, 'body.first_name is missing'],
    ['an unknown template', { ...message, template: { ...message.template, name: 'order_shiped' } }, "name doesn't exist in the account"],
    ['an unknown language', { ...message, template: { ...message.template, language: { code: 'es' } } }, 'which has en_US'],
  ])('rejects %s before the request', async (_what, wrong, text) => {
    const { clock, client, fake, catalog } = setUp();
    const sender = createSender({ client, throughput: 20, guards: [catalog.guard] });
    const sending = Promise.all([sender.send(message), sender.send(wrong)]);
    await clock.advance(5_000);
    const [right, rejected] = await sending;
    expect(right).toMatchObject({ outcome: 'accepted' });
    expect(rejected).toMatchObject({ outcome: 'rejected', by: 'guard' });
    expect(rejected.outcome === 'rejected' && rejected.error.message).toContain(text);
    await expect(catalog.check(wrong)).rejects.toThrow(text);
    expect(fake.sent).toHaveLength(1);
    await sender.close();
  });

  test('lets plan check a whole campaign before the first message', async () => {
    const { client, fake, catalog } = setUp();
    const sender = createSender({ client, throughput: 20, guards: [catalog.guard] });
    const plan = await sender.plan([message, withoutName, withoutName], { messagingLimit: 250 });
    expect(plan).toMatchObject({ messages: 3, rejected: 2, problems: [{ index: 1, messages: 2, error: { field: 'body.first_name' } }] });
    expect(fake.sent).toEqual([]);
    await sender.close();
  });

  test('learns statuses from webhooks, whose languages have a dash', async () => {
    const webhooks = createWebhooks({ appSecret: 'fake-app-secret', verifyToken: 'token', logger: silentLogger });
    const { fake, id, reads, catalog } = setUp({ webhooks });
    fake.app.subscribedFields.add('message_template_status_update');
    fake.deliverTo(webhooks.fetch);
    await catalog.check(message);
    fake.template(id).pause();
    await fake.settled();
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    fake.template(id).reject();
    await fake.settled();
    await expect(catalog.check(message)).rejects.toThrow('status is REJECTED');
    catalog.observe(status('FLAGGED'));
    await expect(catalog.check(message)).rejects.toThrow('status is REJECTED');
    expect(reads()).toBe(1);
    fake.template(id).approve();
    await fake.settled();
    await catalog.check(message);
    expect(reads()).toBe(2);
    catalog.close();
  });

  test('learns quality and category, and reads changed components again', async () => {
    const { fake, reads, catalog } = setUp();
    await catalog.list();
    catalog.observe(event('message_template_quality_update', { new_quality_score: 'RED' }));
    catalog.observe(event('template_category_update', { new_category: 'UTILITY', correct_category: 'MARKETING' }));
    expect(await catalog.get('order_shipped', 'en_US')).toMatchObject({ category: 'UTILITY', quality_score: { score: 'RED' } });
    catalog.observe(event('template_category_update', { previous_category: 'UTILITY', new_category: 'MARKETING' }));
    expect(await catalog.get('order_shipped', 'en_US')).toMatchObject({ category: 'MARKETING' });
    expect(reads()).toBe(1);
    fake.addTemplate(wabaId, { name: content.name, body: 'Order {{order}} is on its way.' });
    catalog.observe(event('message_template_components_update', {}));
    await expect(catalog.check(message)).rejects.toThrow('body.first_name is unknown');
    expect(reads()).toBe(2);
  });

  test('ignores events of other accounts', async () => {
    const { catalog } = setUp();
    await catalog.check(message);
    catalog.observe(event('message_template_status_update', { event: 'PAUSED' }, '999'));
    await catalog.check(message);
  });

  test('reads again if a webhook arrives during the read', async () => {
    const { fake, id, reads, catalog } = setUp();
    const stop = fake.on('request', () => {
      stop();
      fake.template(id).pause();
      catalog.observe(status('PAUSED'));
    });
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    expect(reads()).toBe(2);
  });

  test('looks for a new template after ten seconds', async () => {
    const { clock, fake, reads, catalog } = setUp();
    const later = { ...message, template: { ...message.template, name: 'order_late' } };
    await expect(catalog.check(later)).rejects.toThrow('order_late');
    fake.addTemplate(wabaId, { ...content, name: 'order_late' });
    await expect(catalog.check(later)).rejects.toThrow('order_late');
    await clock.advance(10_000);
    await catalog.check(later);
    expect(reads()).toBe(2);
  });

  test('lets messages pass if it cannot read the account, and uses earlier templates', async () => {
    const { clock, fake, catalog } = setUp({ ttlMs: 1_000 });
    const refuse = (): (() => void) => fake.faults.add({ kind: 'refuse', code: 10, endpoint: 'message_templates' });
    const lift = refuse();
    expect(await catalog.guard(withoutName, { phoneNumberId })).toEqual({ verdict: 'pass' });
    await expect(catalog.refresh()).rejects.toMatchObject({ code: 10 });
    lift();
    await clock.advance(10_000);
    expect(await catalog.guard(withoutName, { phoneNumberId })).toMatchObject({ verdict: 'refuse' });
    refuse();
    await clock.advance(10_000);
    expect(await catalog.guard(withoutName, { phoneNumberId })).toMatchObject({ verdict: 'refuse' });
  });

  test('asks wabaOf for the account of a number, and passes messages of other types', async () => {
    const { reads, catalog } = setUp({ wabaOf: (id) => (id === '1' ? wabaId : undefined) });
    expect(catalog.guard(withoutName, { phoneNumberId: '2' })).toEqual({ verdict: 'pass' });
    expect(catalog.guard({ type: 'text' }, { phoneNumberId: '1' })).toEqual({ verdict: 'pass' });
    expect(reads()).toBe(0);
    expect(await catalog.guard(withoutName, { phoneNumberId: '1' })).toMatchObject({ verdict: 'refuse' });
  });

  test('rejects wrong options', () => {
    expect(() => setUp({ ttlMs: -1 })).toThrow('ttlMs');
    expect(() => setUp({ wabaOf: 'waba' as never })).toThrow('wabaOf');
    expect(() => setUp({ webhooks: {} as never })).toThrow('webhooks');
  });
});
