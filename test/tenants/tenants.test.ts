import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import {
  createClient,
  createSender,
  getPhoneNumber,
  MissingCredentialsError,
  NotSentError,
  sendMessage,
  silentLogger,
  type OutgoingMessage,
  type SendGuard,
} from 'wa-coexist';
import { template } from 'wa-coexist/messages';
import { createTenants, TenantLookupError, type TenantRecord, type TenantTarget } from 'wa-coexist/tenants';
import { fakeClock, signWebhook } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { recordMeta } from '../meta/recorder.js';

interface Shop extends TenantRecord {
  readonly name: string;
}

const wabaId = '211987650043210';
const phoneNumberId = '339900112233445';
const bakery: Shop = { name: 'Harbor Bakery', wabaId, phoneNumberIds: [phoneNumberId], accessToken: 'token-bakery' };

/** A table of tenants, and the calls of `find`. */
function table(...shops: readonly Shop[]): {
  readonly rows: Map<string, Shop>;
  readonly calls: TenantTarget[];
  readonly find: (target: TenantTarget) => Promise<Shop | undefined>;
} {
  const rows = new Map(shops.map((shop) => [shop.wabaId, shop]));
  const calls: TenantTarget[] = [];
  const find = (target: TenantTarget): Promise<Shop | undefined> => {
    calls.push(target);
    const row = [...rows.values()].find((shop) =>
      target.wabaId === undefined ? shop.phoneNumberIds?.includes(target.phoneNumberId ?? '') : shop.wabaId === target.wabaId,
    );
    return Promise.resolve(row);
  };
  return { rows, calls, find };
}

/** A client whose requests return a number, and the tokens that it sent. */
function recordingClient(accessToken: ReturnType<typeof createTenants>['accessToken'], answer?: () => Response) {
  const sent: { readonly token: string | null; readonly url: string }[] = [];
  const { fetch } = recordMeta(({ headers, href }) => {
    sent.push({ token: headers.get('authorization'), url: href });
    return answer?.() ?? { id: phoneNumberId, messages: [{ id: 'wamid.EXAMPLE' }] };
  });
  return { client: createClient({ accessToken, fetch, logger: silentLogger }), sent };
}

function delivery(waba: string, number: string, id: string): string {
  const metadata = { display_phone_number: '15550100123', phone_number_id: number };
  const message = { from: '15550100987', id, timestamp: '1790000000', type: 'text', text: { body: 'Hello' } };
  const value = { messaging_product: 'whatsapp', metadata, messages: [message] };
  return JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: waba, changes: [{ field: 'messages', value }] }] });
}

function post(body: string, secret: string): Request {
  return new Request('https://platform.example/webhook', {
    method: 'POST',
    headers: { 'x-hub-signature-256': signWebhook(body, secret) },
    body,
  });
}

describe('the cache', () => {
  test('simultaneous calls share one look-up, and later calls use the cache until it expires', async () => {
    const clock = fakeClock();
    const { calls, find } = table(bakery);
    const tenants = createTenants({ find, clock, cacheMs: 1_000 });
    const found = await Promise.all([tenants.get({ wabaId }), tenants.get({ wabaId }), tenants.get({ wabaId })]);
    expect(found).toEqual([bakery, bakery, bakery]);
    await clock.advance(999);
    await tenants.get({ wabaId });
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    await tenants.get({ wabaId });
    expect(calls).toHaveLength(2);
  });

  test('an unknown tenant is found soon after it was added, and immediately after invalidate', async () => {
    const clock = fakeClock();
    const { rows, calls, find } = table();
    const tenants = createTenants({ find, clock, missingCacheMs: 500 });
    expect(await tenants.get({ wabaId })).toBeUndefined();
    rows.set(wabaId, bakery);
    expect(await tenants.get({ wabaId })).toBeUndefined();
    expect(calls).toHaveLength(1);
    await clock.advance(500);
    expect(await tenants.get({ wabaId })).toEqual(bakery);
    rows.delete(wabaId);
    expect(await tenants.get({ wabaId })).toEqual(bakery);
    tenants.invalidate({ wabaId });
    expect(await tenants.get({ wabaId })).toBeUndefined();
    rows.set(wabaId, bakery);
    tenants.invalidate();
    expect(await tenants.get({ wabaId })).toEqual(bakery);
  });

  test('invalidating a WABA also removes the entries of its numbers, and vice versa', async () => {
    const { calls, find } = table(bakery);
    const tenants = createTenants({ find });
    for (const target of [{ wabaId }, { phoneNumberId }]) {
      await tenants.get({ phoneNumberId });
      await tenants.get({ wabaId });
      const before = calls.length;
      tenants.invalidate(target);
      await tenants.get({ phoneNumberId });
      await tenants.get({ wabaId });
      expect(calls.length - before).toBe(2);
    }
  });

  test('a call that waits for an outdated look-up makes a new one', async () => {
    const answers: ((shop: Shop | undefined) => void)[] = [];
    const tenants = createTenants<Shop>({ find: () => new Promise((resolve) => answers.push(resolve)) });
    const found = tenants.get({ wabaId });
    await Promise.resolve();
    tenants.invalidate({ wabaId });
    answers[0]?.(bakery);
    await expect.poll(() => answers.length).toBe(2);
    answers[1]?.(undefined);
    expect(await found).toBeUndefined();
    expect(await tenants.get({ wabaId })).toBeUndefined();
  });

  test('unknown targets never evict tenants, and the number of tenants is limited', async () => {
    const books: Shop = { ...bakery, wabaId: '2', phoneNumberIds: ['22'] };
    const { calls, find } = table(bakery, books);
    const tenants = createTenants({ find, maxCached: 1 });
    await tenants.get({ wabaId });
    for (let stranger = 0; stranger < 2_000; stranger += 1) await tenants.get({ wabaId: `stranger-${String(stranger)}` });
    const before = calls.length;
    await tenants.get({ wabaId });
    expect(calls.length).toBe(before);
    await tenants.get({ wabaId: '2' });
    await tenants.get({ wabaId });
    expect(calls.length).toBe(before + 2);
  });
});

describe('failed look-ups', () => {
  test('an error of find is not cached, and names the WABA without the credential', async () => {
    let fails = true;
    const tenants = createTenants<Shop>({
      find: () => {
        if (fails) throw new Error('the password is EAAsecret');
        return bakery;
      },
    });
    const { client, sent } = recordingClient(tenants.accessToken);
    const error: unknown = await getPhoneNumber(client.for({ wabaId, phoneNumberId })).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(MissingCredentialsError);
    expect(String(error)).toContain(wabaId);
    expect(String(error)).toContain(phoneNumberId);
    expect(String(error)).not.toContain('EAAsecret');
    expect(sent).toEqual([]);
    fails = false;
    await getPhoneNumber(client.for({ wabaId, phoneNumberId }));
    expect(sent.map(({ token }) => token)).toEqual(['Bearer token-bakery']);
  });

  test('a find that hangs ends after timeoutMs', async () => {
    const clock = fakeClock();
    let calls = 0;
    const tenants = createTenants<Shop>({
      find: () => {
        calls += 1;
        return calls === 1 ? new Promise(() => undefined) : bakery;
      },
      clock,
      timeoutMs: 200,
    });
    const failed = expect(tenants.get({ wabaId })).rejects.toMatchObject({ name: 'TenantLookupError', problem: 'timeout', wabaId });
    await clock.advance(200);
    await failed;
    expect(await tenants.get({ wabaId })).toEqual(bakery);
  });

  test.each([
    ['of another WABA', { ...bakery, wabaId: '2' }, 'wrong-tenant'],
    ['of another number', { ...bakery, phoneNumberIds: ['1'] }, 'wrong-tenant'],
    ['without a WABA', { name: 'x' }, 'invalid'],
    ['that is a text', 'shop', 'invalid'],
    ['that is a list', [bakery], 'invalid'],
    ['with a WABA that is a number', { ...bakery, wabaId: 211987650043210 }, 'invalid'],
    [
      'whose getter throws',
      {
        get wabaId() {
          throw new Error('EAAsecret');
        },
      },
      'invalid',
    ],
  ])('a row %s is never used', async (_name, row, problem) => {
    const tenants = createTenants({ find: () => row as never, logger: silentLogger });
    await expect(tenants.get({ wabaId, phoneNumberId })).rejects.toMatchObject({ problem });
    const { client, sent } = recordingClient(tenants.accessToken);
    await expect(getPhoneNumber(client.for({ wabaId, phoneNumberId }))).rejects.toThrow(MissingCredentialsError);
    expect(sent).toEqual([]);
    await expect(tenants.get({ wabaId, phoneNumberId })).rejects.not.toThrow(/EAAsecret|token-bakery/);
  });

  test('a tenant without a token sends nothing', async () => {
    const tenants = createTenants({ find: () => ({ wabaId }) });
    const { client, sent } = recordingClient(tenants.accessToken);
    await expect(
      sendMessage(client.for({ wabaId, phoneNumberId }), { to: '15550100987', type: 'text', text: { body: 'Hi' } }),
    ).rejects.toThrow(/WABA 211987650043210, phone number 339900112233445/);
    expect(sent).toEqual([]);
  });

  test('a token that Meta rejects is looked up again', async () => {
    const { rows, find } = table({ ...bakery, accessToken: 'token-old' });
    const tenants = createTenants({ find });
    const answers = [Response.json({ error: { message: 'expired', code: 190 } }, { status: 401 }), Response.json({ id: '1' })];
    const { client, sent } = recordingClient(tenants.accessToken, () => answers.shift()!);
    await tenants.get({ wabaId, phoneNumberId });
    rows.set(wabaId, bakery);
    await getPhoneNumber(client.for({ wabaId, phoneNumberId }));
    expect(sent.map(({ token }) => token)).toEqual(['Bearer token-old', 'Bearer token-bakery']);
  });

  test.each([
    [{}],
    [{ find: 7 }],
    [{ find: (): undefined => undefined, cacheMs: -1 }],
    [{ find: (): undefined => undefined, appSecret: '' }],
    [{ find: (): undefined => undefined, verifyToken: [] }],
  ])('the options %j are rejected', (options) => {
    expect(() => createTenants(options as never)).toThrow(/createTenants/);
  });
});

describe('webhooks of tenants with their own apps', () => {
  const books: Shop = { name: 'Corner Books', wabaId: '2', phoneNumberIds: ['22'], appSecret: ['secret-books-new', 'secret-books'] };
  const own: Shop = { ...bakery, appSecret: 'secret-bakery' };
  const { find } = table(own, books, { name: 'Flower Bar', wabaId: '3' });
  const open = () => {
    const tenants = createTenants({ find, appSecret: 'secret-platform', verifyToken: 'verify-platform' });
    const webhooks = createWebhooks({
      appSecret: tenants.appSecret,
      verifyToken: tenants.verifyToken,
      route: tenants.route,
      logger: silentLogger,
    });
    const received: string[] = [];
    webhooks.on('message', (event) => void received.push(event.tenant.name));
    return { webhooks, received };
  };

  test('a delivery must have a secret of its WABA', async () => {
    const { webhooks, received } = open();
    const status = async (body: string, secret: string): Promise<number> => (await webhooks.fetch(post(body, secret))).status;
    expect(await status(delivery(wabaId, phoneNumberId, 'wamid.1'), 'secret-bakery')).toBe(200);
    expect(await status(delivery('2', '22', 'wamid.2'), 'secret-books')).toBe(200);
    expect(await status(delivery('3', '33', 'wamid.3'), 'secret-platform')).toBe(200);
    expect(received).toEqual(['Harbor Bakery', 'Corner Books', 'Flower Bar']);
    for (const secret of ['secret-books', 'secret-platform', ''])
      expect(await status(delivery(wabaId, phoneNumberId, 'wamid.4'), secret)).toBe(401);
    const [one, two] = [delivery(wabaId, phoneNumberId, 'wamid.5'), delivery('2', '22', 'wamid.6')].map(
      (body) => JSON.parse(body) as { entry: object[] },
    );
    const both = JSON.stringify({ ...one, entry: [...one!.entry, ...two!.entry] });
    for (const secret of ['secret-bakery', 'secret-books', 'secret-platform']) expect(await status(both, secret)).toBe(401);
    for (const body of ['[', '{}', '{"entry":7}']) expect(await status(body, 'secret-books')).toBe(401);
    expect(received).toHaveLength(3);
    await webhooks.close();
  });

  test("a delivery of one WABA can't name a number of another tenant", async () => {
    const byNumber = (target: TenantTarget): Promise<Shop | undefined> =>
      find(target.phoneNumberId === undefined ? target : { phoneNumberId: target.phoneNumberId });
    const tenants = createTenants({ find: byNumber, verifyToken: 'v', logger: silentLogger });
    const clock = fakeClock();
    const webhooks = createWebhooks({
      appSecret: tenants.appSecret,
      verifyToken: 'v',
      route: tenants.route,
      parkMs: 0,
      clock,
      logger: silentLogger,
    });
    const received: unknown[] = [];
    webhooks.on('message', (event) => void received.push(event));
    await webhooks.fetch(post(delivery('2', phoneNumberId, 'wamid.7'), 'secret-books'));
    await clock.advance(60_000);
    expect(received).toEqual([]);
    await webhooks.close();
  });

  test('the handshake uses the verify token of the path, or that of the platform', async () => {
    const tenants = createTenants({
      find: ({ path }): Shop | undefined => {
        if (path === '/broken') throw new Error('no database');
        return path === '/bakery' ? { ...own, verifyToken: 'verify-bakery' } : undefined;
      },
      verifyToken: 'verify-platform',
      logger: silentLogger,
    });
    const webhooks = createWebhooks({ appSecret: 's', verifyToken: tenants.verifyToken, logger: silentLogger });
    const status = async (path: string, token: string): Promise<number> =>
      (await webhooks.fetch(new Request(`https://platform.example${path}?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${token}`)))
        .status;
    expect(await status('/bakery', 'verify-bakery')).toBe(200);
    expect(await status('/bakery', 'verify-platform')).toBe(200);
    expect(await status('/books', 'verify-bakery')).toBe(403);
    expect(await status('/broken', 'verify-platform')).toBe(200);
    await webhooks.close();
  });
});

describe('400 tenants that come and go', () => {
  test('no webhook reaches another tenant, and no request uses the token of another WABA', async () => {
    let webhooksSeen = 0;
    let requestsSeen = 0;
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat({ max: 399 })), fc.infiniteStream(fc.nat({ max: 9 })), async (numbers, choices) => {
        const count = 400;
        const shopOf = (index: number): Shop => ({
          name: `shop-${String(index)}`,
          wabaId: `1000${String(index)}`,
          phoneNumberIds: [`2000${String(index)}`],
          accessToken: `token-${String(index)}`,
          ...(index % 2 === 0 && { appSecret: `secret-${String(index)}` }),
        });
        const rows = new Map<string, Shop>();
        let turn = 0;
        const tenants = createTenants<Shop>({
          // A database that returns rows out of order, fails at times, and sometimes returns the row of another tenant.
          find: async ({ wabaId: waba, phoneNumberId: number }) => {
            turn += 1;
            const mine = turn;
            if (mine % 7 === 0) await new Promise((resolve) => setTimeout(resolve, mine % 3));
            if (mine % 31 === 0) throw new Error('the connection was lost');
            if (mine % 37 === 0) return [...rows.values()][mine % Math.max(1, rows.size)];
            return [...rows.values()].find((shop) =>
              waba === undefined ? shop.phoneNumberIds?.includes(number ?? '') : shop.wabaId === waba,
            );
          },
          appSecret: 'secret-platform',
          missingCacheMs: 1,
          cacheMs: 5,
          logger: silentLogger,
        });
        const problems: string[] = [];
        const client = createClient({
          accessToken: tenants.accessToken,
          logger: silentLogger,
          maxRetries: 0,
          fetch: recordMeta(({ token, href }) => {
            requestsSeen += 1;
            const number = /\/2000(\d+)/.exec(href)?.[1];
            if (number === undefined || token !== `token-${number}`) problems.push(`request of ${String(number)} with ${String(token)}`);
            return { id: '1' };
          }).fetch,
        });
        const webhooks = createWebhooks({
          appSecret: tenants.appSecret,
          verifyToken: 'v',
          route: tenants.route,
          parkMs: 20,
          retry: { firstDelayMs: 1, maxDelayMs: 5 },
          logger: silentLogger,
        });
        webhooks.on('message', async (event) => {
          webhooksSeen += 1;
          const { phoneNumberId: number, tenant } = event;
          if (tenant.phoneNumberIds?.[0] !== number || tenant.wabaId !== event.wabaId)
            problems.push(`${tenant.name} got ${String(number)}`);
          await getPhoneNumber(client.for({ wabaId: event.wabaId, phoneNumberId: number })).catch(() => undefined);
        });
        const next = <Value>(stream: fc.Stream<Value>): Value => stream.next().value as Value;
        const added = new Set<number>();
        const work: Promise<unknown>[] = [];
        const arrive = (index: number): void => {
          const { wabaId: waba, phoneNumberIds, appSecret } = shopOf(index);
          const body = delivery(waba, phoneNumberIds?.[0] ?? '', `wamid.${String(work.length)}`);
          work.push(webhooks.fetch(post(body, typeof appSecret === 'string' ? appSecret : 'secret-platform')));
        };
        for (let step = 0; step < count * 3; step += 1) {
          const index = step < count ? step : next(numbers);
          const shop = shopOf(index);
          if (next(choices) < 2 && added.has(index)) {
            rows.delete(shop.wabaId);
            added.delete(index);
          } else {
            rows.set(shop.wabaId, shop);
            added.add(index);
          }
          if (next(choices) < 8) tenants.invalidate({ wabaId: shop.wabaId });
          arrive(index);
          arrive(next(numbers));
          if (step % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 0));
        }
        await Promise.all(work);
        await webhooks.close();
        expect(problems).toEqual([]);
      }),
      { numRuns: 5 },
    );
    expect(webhooksSeen).toBeGreaterThan(5_000);
    expect(requestsSeen).toBeGreaterThan(4_000);
  }, 60_000);

  test('a guard applies the policy of the tenant of each number, after changes too, and rejects numbers without a tenant', async () => {
    interface Limited extends Shop {
      readonly languages: readonly string[];
    }
    const other = {
      ...bakery,
      name: 'Corner Books',
      wabaId: '211987650043211',
      phoneNumberIds: ['339900112233446'],
      accessToken: 'token-books',
    };
    const rows = new Map<string, Limited>([
      [phoneNumberId, { ...bakery, languages: ['en_US'] }],
      ['339900112233446', { ...other, languages: ['en_US', 'de'] }],
    ]);
    const tenants = createTenants<Limited>({ find: (target) => rows.get(target.phoneNumberId ?? '') });
    const { client, sent } = recordingClient(tenants.accessToken);
    const languages: SendGuard = tenants.guard((shop, message: OutgoingMessage) =>
      message.type === 'template' && !shop.languages.includes(message.template.language.code)
        ? { verdict: 'reject', error: new NotSentError('guard-failed') }
        : { verdict: 'pass' },
    );
    const sender = createSender({ client, throughput: 20, guards: [languages], logger: silentLogger });
    const send = async (from: string) => {
      const result = await sender.send({ to: '15550100987', ...template('offer', 'de') }, { from: { phoneNumberId: from } });
      return result.outcome === 'rejected' ? [result.by, result.error.cause] : result.outcome;
    };
    expect(await send(phoneNumberId)).toEqual(['guard', undefined]);
    expect(await send('339900112233446')).toBe('accepted');
    expect(sent).toMatchObject([{ token: 'Bearer token-books' }]);
    rows.set(phoneNumberId, { ...bakery, languages: ['de'] });
    tenants.invalidate({ phoneNumberId });
    expect(await send(phoneNumberId)).toBe('accepted');
    expect(await send('339900112233447')).toEqual(['guard', expect.objectContaining({ problem: 'unknown' })]);
    await sender.close();
    // A caller without TypeScript can pass anything.
    expect(() => tenants.guard('policy' as never)).toThrow('decide');
  });

  test('TenantLookupError is a WhatsAppError with its own kind', () => {
    expect(new TenantLookupError({ wabaId }, 'timeout', 'late').kind).toBe('tenant-lookup');
  });
});
