import { describe, expect, test } from 'vitest';
import fc from '../fast-check.js';
import { createClient, createSender, InvalidArgumentError, silentLogger, type MessageTemplate } from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { createTemplateCatalog, type TemplateCatalogOptions, type TemplateEvent } from 'wa-coexist/templates';
import { fakeClock } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { acceptedMessage, graphError, recordMeta } from '../meta/recorder.js';

const wabaId = '102290129340398';
const phoneNumberId = '106540352242922';
const shipped: MessageTemplate = {
  id: '1',
  name: 'order_shipped',
  language: 'en_US',
  status: 'APPROVED',
  category: 'UTILITY',
  components: [{ type: 'BODY', text: 'Hello {{first_name}}, order {{order}} is on its way.' }],
};
const values = { body: { first_name: 'Ana', order: '1042' } };
const message = { to: '15550100987', ...template(shipped, values) };
const withoutName = { to: '15550100987', ...template(shipped, { body: { order: '1042' } }) };

function setUp(options: TemplateCatalogOptions = {}) {
  const clock = fakeClock();
  const account = {
    templates: [shipped],
    reads: 0,
    isBroken: false,
    waitFor: undefined as Promise<void> | undefined,
    onRead: (): void => undefined,
  };
  const sent: unknown[] = [];
  const { fetch } = recordMeta(async ({ method, body }) => {
    if (method === 'POST') {
      sent.push(body);
      return acceptedMessage;
    }
    if (account.isBroken) return graphError(10, { status: 403 });
    account.reads += 1;
    const data = [...account.templates];
    account.onRead();
    await account.waitFor;
    return { data };
  });
  const client = createClient({ accessToken: 'token', wabaId, phoneNumberId, fetch, clock, logger: silentLogger });
  return { clock, account, sent, client, catalog: createTemplateCatalog(client, options) };
}

function event(type: TemplateEvent['type'], value: object, ofWaba: string | undefined = wabaId): TemplateEvent {
  const reference = { message_template_id: '1', message_template_name: 'order_shipped', message_template_language: 'en-US' };
  return { type, field: type, key: '1', raw: {}, ...(ofWaba && { wabaId: ofWaba }), value: { ...reference, ...value } } as TemplateEvent;
}
const status = (what: string): TemplateEvent => event('message_template_status_update', { event: what });

describe('a catalog', () => {
  test('reads the account one time, and again after its TTL', async () => {
    const { clock, account, catalog } = setUp({ ttlMs: 60_000 });
    await Promise.all([catalog.check(message), catalog.check(message), catalog.get('order_shipped', 'en-US')]);
    expect(account.reads).toBe(1);
    await clock.advance(59_000);
    expect(await catalog.list()).toEqual([shipped]);
    expect(account.reads).toBe(1);
    await clock.advance(1_000);
    await catalog.check(message);
    expect(account.reads).toBe(2);
  });

  test.each([
    ['a missing value', withoutName, 'body.first_name is missing'],
    ['an unknown template', { ...message, template: { ...message.template, name: 'order_shiped' } }, "name doesn't exist in the account"],
    ['an unknown language', { ...message, template: { ...message.template, language: { code: 'es' } } }, 'which has en_US'],
  ])('rejects %s before the request', async (_what, wrong, text) => {
    const { clock, client, sent, catalog } = setUp();
    const sender = createSender({ client, throughput: 20, guards: [catalog.guard] });
    const sending = Promise.all([sender.send(message), sender.send(wrong)]);
    await clock.advance(5_000);
    const [right, rejected] = await sending;
    expect(right).toMatchObject({ outcome: 'accepted' });
    expect(rejected).toMatchObject({ outcome: 'rejected', by: 'guard' });
    expect(rejected.outcome === 'rejected' && rejected.error.message).toContain(text);
    await expect(catalog.check(wrong)).rejects.toThrow(text);
    expect(sent).toHaveLength(1);
    await sender.close();
  });

  test('lets plan check a whole campaign before the first message', async () => {
    const { client, sent, catalog } = setUp();
    const sender = createSender({ client, throughput: 20, guards: [catalog.guard] });
    const plan = await sender.plan([message, withoutName, withoutName], { messagingLimit: 250 });
    expect(plan).toMatchObject({ messages: 3, rejected: 2, problems: [{ index: 1, messages: 2, error: { field: 'body.first_name' } }] });
    expect(sent).toEqual([]);
    await sender.close();
  });

  test('a plan of a long list in memory lets timers run', async () => {
    const { fetch } = recordMeta(() => ({ data: [shipped] }));
    const client = createClient({ accessToken: 'token', wabaId, phoneNumberId, fetch, logger: silentLogger });
    const sender = createSender({ client, throughput: 20, guards: [createTemplateCatalog(client).guard] });
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const source = Array.from({ length: 5_000 }, (_, index) => ({ ...withoutName, to: `1555${String(1_000_000 + index)}` }));
    const plan = await sender.plan(source, { messagingLimit: 250 });
    clearInterval(timer);
    expect(plan).toMatchObject({ messages: 5_000, rejected: 5_000, problems: [{ messages: 5_000 }] });
    expect(ticks).toBeGreaterThan(5);
    await sender.close();
  });

  test('learns statuses from webhooks, whose languages have a dash', async () => {
    const webhooks = createWebhooks({ appSecret: 'secret', verifyToken: 'token', logger: silentLogger });
    const { account, catalog } = setUp({ webhooks });
    await catalog.check(message);
    catalog.observe(status('PAUSED'));
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    catalog.observe(status('REJECTED'));
    await expect(catalog.check(message)).rejects.toThrow('status is REJECTED');
    catalog.observe(status('FLAGGED'));
    await expect(catalog.check(message)).rejects.toThrow('status is REJECTED');
    expect(account.reads).toBe(1);
    catalog.observe(status('APPROVED'));
    await catalog.check(message);
    expect(account.reads).toBe(2);
    catalog.close();
  });

  test('learns quality and category, and reads changed components again', async () => {
    const { account, catalog } = setUp();
    await catalog.list();
    catalog.observe(event('message_template_quality_update', { new_quality_score: 'RED' }));
    catalog.observe(event('template_category_update', { new_category: 'UTILITY', correct_category: 'MARKETING' }));
    expect(await catalog.get('order_shipped', 'en_US')).toMatchObject({ category: 'UTILITY', quality_score: { score: 'RED' } });
    catalog.observe(event('template_category_update', { previous_category: 'UTILITY', new_category: 'MARKETING' }));
    expect(await catalog.get('order_shipped', 'en_US')).toMatchObject({ category: 'MARKETING' });
    expect(account.reads).toBe(1);
    account.templates = [{ ...shipped, components: [{ type: 'BODY', text: 'Order {{order}} is on its way.' }] }];
    catalog.observe(event('message_template_components_update', {}));
    await expect(catalog.check(message)).rejects.toThrow('body.first_name is unknown');
    expect(account.reads).toBe(2);
  });

  test('ignores events of other accounts', async () => {
    const { catalog } = setUp();
    await catalog.check(message);
    catalog.observe(event('message_template_status_update', { event: 'PAUSED' }, '999'));
    await catalog.check(message);
  });

  test('reads again if a webhook arrives during the read', async () => {
    const { account, catalog } = setUp();
    account.onRead = () => {
      account.onRead = () => undefined;
      account.templates = [{ ...shipped, status: 'PAUSED' }];
      catalog.observe(status('PAUSED'));
    };
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    expect(account.reads).toBe(2);
  });

  test('looks for a new template after ten seconds', async () => {
    const { clock, account, catalog } = setUp();
    const later = { ...message, template: { ...message.template, name: 'order_late' } };
    await expect(catalog.check(later)).rejects.toThrow('order_late');
    account.templates = [shipped, { ...shipped, name: 'order_late' }];
    await expect(catalog.check(later)).rejects.toThrow('order_late');
    await clock.advance(10_000);
    await catalog.check(later);
    expect(account.reads).toBe(2);
  });

  test('lets messages pass if it cannot read the account, and uses earlier templates', async () => {
    const { clock, account, catalog } = setUp({ ttlMs: 1_000 });
    account.isBroken = true;
    expect(await catalog.guard(withoutName, { phoneNumberId })).toEqual({ verdict: 'pass' });
    await expect(catalog.refresh()).rejects.toThrow('(#10) Rejected');
    account.isBroken = false;
    await clock.advance(10_000);
    expect(await catalog.guard(withoutName, { phoneNumberId })).toMatchObject({ verdict: 'reject' });
    account.isBroken = true;
    await clock.advance(10_000);
    expect(await catalog.guard(withoutName, { phoneNumberId })).toMatchObject({ verdict: 'reject' });
  });

  test('asks wabaOf for the account of a number, and passes messages of other types', async () => {
    const { account, catalog } = setUp({ wabaOf: (id) => (id === '1' ? wabaId : undefined) });
    expect(catalog.guard(withoutName, { phoneNumberId: '2' })).toEqual({ verdict: 'pass' });
    expect(catalog.guard({ type: 'text' }, { phoneNumberId: '1' })).toEqual({ verdict: 'pass' });
    expect(account.reads).toBe(0);
    expect(await catalog.guard(withoutName, { phoneNumberId: '1' })).toMatchObject({ verdict: 'reject' });
  });

  test('a read that hangs holds up messages for at most 8 seconds, less than the time of a guard', async () => {
    const { clock, account, sent, client, catalog } = setUp();
    account.waitFor = new Promise(() => undefined);
    const sender = createSender({ client, throughput: 20, guards: [catalog.guard] });
    const sending = sender.send(message);
    await clock.advance(8_000);
    expect(await sending).toMatchObject({ outcome: 'accepted' });
    // The next messages don't wait for the same read.
    const others = Promise.all([sender.send(message), sender.send(withoutName)]);
    await clock.advance(200);
    expect((await others).map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect(sent).toHaveLength(3);
    await sender.close();
  });

  test('uses the earlier templates while a new read hangs, and the new ones afterwards', async () => {
    const { clock, account, catalog } = setUp({ ttlMs: 60_000 });
    await catalog.refresh();
    let end = (): void => undefined;
    account.waitFor = new Promise((resolve) => {
      end = () => {
        resolve();
      };
    });
    await clock.advance(60_000);
    account.templates = [{ ...shipped, status: 'DISABLED' }];
    const verdicts = Promise.all([message, withoutName].map(async (one) => catalog.guard(one, { phoneNumberId })));
    await clock.advance(8_000);
    expect(await verdicts).toMatchObject([{ verdict: 'pass' }, { verdict: 'reject', error: { field: 'body.first_name' } }]);
    end();
    await clock.advance(1);
    expect(await catalog.guard(message, { phoneNumberId })).toMatchObject({ verdict: 'reject', error: { field: 'status' } });
    expect(account.reads).toBe(2);
  });

  test('one malformed template does not hide the others', async () => {
    const { account, catalog } = setUp();
    account.templates = [null, 7, [], { name: 'x' }, { name: 1, language: 'en' }, { language: 'en' }, shipped] as never;
    await expect(catalog.check(withoutName)).rejects.toThrow('body.first_name is missing');
    expect(await catalog.list()).toEqual([shipped]);
  });

  test('events in any order lead to the status of the latest one', async () => {
    const { catalog } = setUp();
    const at = (what: string, second: number): TemplateEvent => ({
      ...status(what),
      occurredAt: new Date(Date.UTC(2030, 0, 1, 0, 0, second)),
    });
    await catalog.check(message);
    catalog.observe(at('APPROVED', 20));
    catalog.observe(at('PAUSED', 10));
    await catalog.check(message);
    catalog.observe(at('PAUSED', 30));
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    catalog.observe(at('DISABLED', 25));
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
  });

  test.each<[string, (now: number) => readonly [what: string, at: number][]]>([
    ['an event from before the read', (now) => [['PAUSED', now - 3_600_000]]],
    [
      'the last of two events of the same second',
      (now) => [
        ['APPROVED', now + 1_000],
        ['PAUSED', now + 1_000],
      ],
    ],
  ])('%s applies for 10 seconds, and then the account is read again', async (_what, eventsAt) => {
    const { clock, account, catalog } = setUp();
    await catalog.check(message);
    for (const [what, at] of eventsAt(clock.now())) {
      catalog.observe({ ...status(what), occurredAt: new Date(at) });
      if (what === 'APPROVED') await catalog.check(message);
    }
    const reads = account.reads;
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    await clock.advance(9_000);
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    expect(account.reads).toBe(reads);
    await clock.advance(1_000);
    await catalog.check(message);
    expect(account.reads).toBe(reads + 1);
    await clock.advance(60_000);
    await catalog.check(message);
    expect(account.reads).toBe(reads + 1);
  });

  test('the status of an event is not replaced by a list that does not contain it yet', async () => {
    const { clock, account, catalog } = setUp();
    await catalog.check(message);
    await clock.advance(60_000);
    catalog.observe({ ...status('PAUSED'), occurredAt: new Date(clock.now()) });
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    expect(account.reads).toBe(1);
    await clock.advance(600_000);
    await catalog.check(message);
    expect(account.reads).toBe(2);
  });

  test('a change during each of many reads is not lost', async () => {
    const { account, catalog } = setUp();
    account.onRead = () => {
      catalog.observe(status('PAUSED'));
    };
    await expect(catalog.check(message)).rejects.toMatchObject({ reason: 'template-paused' });
    expect(account.reads).toBe(3);
  });

  test('many wrong messages at the same time cause one more read', async () => {
    const { clock, account, catalog } = setUp();
    await catalog.refresh();
    await clock.advance(10_000);
    const checks = await Promise.allSettled(Array.from({ length: 100 }, () => catalog.check(withoutName)));
    expect(checks.every((check) => check.status === 'rejected')).toBe(true);
    expect(account.reads).toBe(2);
  });

  test('ignores other events, and values that are no events', async () => {
    const { account, catalog } = setUp();
    await catalog.check(message);
    const others: unknown[] = [
      undefined,
      null,
      7,
      'message',
      {},
      { type: 'message', message: {} },
      { type: 'constructor', value: {} },
      { type: 'message_template_status_update' },
      { type: 'message_template_status_update', value: null },
    ];
    for (const other of others) catalog.observe(other as never);
    await catalog.check(message);
    expect(account.reads).toBe(1);
  });

  test('hostile events never throw, and never change another template', async () => {
    const { catalog } = setUp();
    await catalog.refresh();
    const value = fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'order_shipped', 'en_US'),
      fc.integer(),
      fc.constant(null),
    );
    const types = fc.constantFrom(
      'message_template_status_update',
      'message_template_quality_update',
      'message_template_components_update',
      'template_category_update',
    );
    const names = ['message_template_name', 'message_template_language', 'event', 'new_quality_score', 'new_category', 'previous_category'];
    await fc.assert(
      fc.asyncProperty(
        types,
        fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }),
        async (type, fields) => {
          catalog.observe({ type, field: type, key: 'k', raw: {}, wabaId, value: fields } as never);
          expect(await catalog.get('order_shipped', 'en_US')).toMatchObject({ name: 'order_shipped', language: 'en_US' });
          expect(await catalog.list()).toHaveLength(1);
        },
      ),
      { numRuns: 200 },
    );
    expect(({} as Record<string, unknown>).status).toBeUndefined();
  });

  test('caches the 1,000 accounts that were used last', async () => {
    const { account, catalog } = setUp();
    for (let waba = 0; waba < 1_001; waba += 1) await catalog.list({ wabaId: String(waba) });
    expect(account.reads).toBe(1_001);
    await catalog.list({ wabaId: '1000' });
    expect(account.reads).toBe(1_001);
    await catalog.list({ wabaId: '0' });
    expect(account.reads).toBe(1_002);
  });

  test('wrong arguments are errors of the library', async () => {
    const { catalog } = setUp();
    await expect(catalog.check(undefined as never)).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(catalog.get(undefined as never, 'en')).rejects.toBeInstanceOf(InvalidArgumentError);
    await expect(catalog.get('x', 7 as never)).rejects.toBeInstanceOf(InvalidArgumentError);
  });

  test('waits for an asynchronous wabaOf, and passes messages if it fails', async () => {
    const logged: unknown[] = [];
    const logger = {
      warn: (...entry: unknown[]) => void logged.push(entry),
      debug: () => undefined,
      info: () => undefined,
      error: () => undefined,
    };
    const { catalog } = setUp({
      logger,
      wabaOf: async (id) => {
        await Promise.resolve();
        if (id === '3') throw new Error('The database is down.');
        return id === '1' ? wabaId : undefined;
      },
    });
    expect(await catalog.guard(withoutName, { phoneNumberId: '1' })).toMatchObject({ verdict: 'reject' });
    expect(await catalog.guard(withoutName, { phoneNumberId: '2' })).toEqual({ verdict: 'pass' });
    expect(await catalog.guard(withoutName, { phoneNumberId: '3' })).toEqual({ verdict: 'pass' });
    expect(logged).toMatchObject([['templates.waba_not_found', { phoneNumberId: '3' }]]);
  });

  test('rejects wrong options', () => {
    expect(() => setUp({ ttlMs: -1 })).toThrow('ttlMs');
    expect(() => setUp({ wabaOf: 'waba' as never })).toThrow('wabaOf');
    expect(() => setUp({ webhooks: {} as never })).toThrow('webhooks');
  });
});
