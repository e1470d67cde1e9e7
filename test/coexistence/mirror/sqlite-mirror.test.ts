import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from '../../fast-check.js';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError, memoryStore } from 'wa-coexist';
import { type ConversationEvent } from 'wa-coexist/coexistence';
import { sqliteMirror, sqliteStore, type SqliteMirror } from 'wa-coexist/sqlite';
import { fakeClock, signWebhook, webhookPayload } from 'wa-coexist/testing';
import { createWebhooks } from 'wa-coexist/webhooks';
import { isLong } from '../../long-runs.js';
import { collect } from '../collect.js';
import { useMirrors } from './mirrors.js';
import {
  anyOrders,
  chunk,
  contact,
  echo,
  edit,
  imageOf,
  mara,
  message,
  newUserId,
  pastMedia,
  phoneNumberId,
  placeholder,
  reaction,
  revoke,
  sent,
  status,
  textOf,
  timeAt,
} from './script.js';

const { folder, open, fed, closeAll } = useMirrors();
let files = 0;
const newFile = (): string => join(folder, `${String((files += 1))}.db`);
/** Returns all data of a mirror. */
async function everything(mirror: SqliteMirror): Promise<unknown> {
  const threads = await mirror.threads(phoneNumberId, { limit: 1_000 });
  return { threads, records: await collect(mirror.export(phoneNumberId)) };
}
const jon = { waId: '15550100988', userId: 'US.90000000000000000002', name: 'Jon' };

describe('the mirror in SQLite', () => {
  test('contains the same conversations after any order and any repetition', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrders(), async ([events, mixed]) => {
        const [straight, shuffled] = [await fed(events), open()];
        await shuffled.handle(mixed);
        expect(await everything(shuffled)).toEqual(await everything(straight));
        await closeAll();
      }),
      { numRuns: isLong ? 5_000 : 80 },
    );
  }, 600_000);

  test('contains one conversation as both sides see it', async () => {
    const mirror = await fed([
      chunk(mara, [
        { id: 'wamid.01', second: 1, content: textOf('Do you have rye bread?') },
        { id: 'wamid.02', second: 2, content: placeholder, outbound: true },
      ]),
      pastMedia(mara, 'wamid.02', 2, imageOf('880011223344', 'Front window'), true),
      message(mara, 'wamid.03', 3, { ...textOf('Two, please'), context: { id: 'wamid.02' } }),
      sent(mara, 'wamid.04', 4, textOf('Noted!')),
      status(mara, 'wamid.04', 5, 'delivered'),
      message(mara, 'wamid.05', 6, reaction('wamid.04', '👍')),
      echo(mara, 'wamid.06', 7, textOf('We close at six')),
      echo(mara, 'wamid.07', 8, edit('wamid.06', textOf('We close at seven'))),
      message(mara, 'wamid.08', 9, textOf('Wrong chat')),
      message(mara, 'wamid.09', 10, revoke('wamid.08')),
      contact(mara, 11, 'Mara Lindqvist'),
    ]);
    const { items } = await mirror.messages(phoneNumberId, { waId: '+1 555-010-0987' }, { order: 'oldest-first' });
    expect(items.map(({ messageId, author, direction, text, status: word }) => [messageId, author, direction, text, word])).toEqual([
      ['wamid.01', 'customer', 'inbound', 'Do you have rye bread?', 'read'],
      ['wamid.02', 'app', 'outbound', 'Front window', 'read'],
      ['wamid.03', 'customer', 'inbound', 'Two, please', undefined],
      ['wamid.04', 'api', 'outbound', 'Noted!', 'delivered'],
      ['wamid.06', 'app', 'outbound', 'We close at seven', undefined],
      ['wamid.08', 'customer', 'inbound', 'Wrong chat', undefined],
    ]);
    expect(items[1]).toMatchObject({ type: 'image', media: { id: '880011223344' }, occurredAt: timeAt(2) });
    expect(items[2]).toMatchObject({ answers: 'wamid.02' });
    expect(items[3]).toMatchObject({ statusAt: timeAt(5), reactions: [{ reactor: 'customer', emoji: '👍', reactedAt: timeAt(6) }] });
    expect(items[4]).toMatchObject({ original: { text: { body: 'We close at six' } }, editedAt: timeAt(8) });
    expect(items[5]).toMatchObject({ revokedAt: timeAt(10) });
    expect(await mirror.edits(phoneNumberId, 'wamid.06')).toEqual([
      { editId: 'wamid.07', editedAt: timeAt(8), text: 'We close at seven', content: textOf('We close at seven') },
    ]);
    expect(await mirror.thread(phoneNumberId, { userId: mara.userId })).toMatchObject({
      threadId: mara.userId,
      ...mara,
      contactName: 'Mara Lindqvist',
      lastMessage: { messageId: 'wamid.08' },
    });
    expect(await mirror.message(phoneNumberId, 'wamid.05')).toMatchObject({ type: 'reaction' });
    expect(await mirror.message(phoneNumberId, 'wamid.none')).toBeUndefined();
    expect(await mirror.thread(phoneNumberId, { waId: '15550100000' })).toBeUndefined();
    expect(await mirror.messages(phoneNumberId, {})).toEqual({ items: [] });
  });

  test('continues pages of threads and messages after the last item, while others arrive', async () => {
    const customers = Array.from({ length: 23 }, (_, index) => ({ waId: `1555010${String(1000 + index)}` }));
    const mirror = await fed(customers.map((person, index) => message(person, `wamid.${String(index)}`, index, textOf('Hi'))));
    const threadIds: string[] = [];
    let after: string | undefined;
    do {
      const page = await mirror.threads(phoneNumberId, { limit: 5, ...(after !== undefined && { after }) });
      threadIds.push(...page.items.map(({ threadId }) => threadId));
      await mirror.handle(message({ waId: '15550109999' }, `wamid.new${String(threadIds.length)}`, 100, textOf('New')));
      after = page.next;
    } while (after !== undefined);
    expect(threadIds).toEqual(customers.map(({ waId }) => waId).reverse());

    const many = Array.from({ length: 57 }, (_, index) => `wamid.m${String(index).padStart(2, '0')}`);
    // Several per second, some with only the number and some with only the user ID.
    await mirror.handle(
      many.map((id, index) => message(index % 2 === 0 ? { waId: jon.waId } : jon, id, Math.floor(index / 4), textOf('Hi'))),
    );
    for (const order of ['latest-first', 'oldest-first'] as const) {
      const ids: string[] = [];
      let next: string | undefined;
      do {
        const page = await mirror.messages(phoneNumberId, jon, { limit: 10, order, ...(next !== undefined && { after: next }) });
        ids.push(...page.items.map(({ messageId }) => messageId));
        next = page.next;
      } while (next !== undefined);
      expect(ids).toEqual(order === 'oldest-first' ? many : [...many].reverse());
    }
    expect((await collect(mirror.stream(phoneNumberId, jon))).map(({ messageId }) => messageId)).toEqual(many);
    expect(await collect(mirror.stream(phoneNumberId))).toHaveLength(23 + 57 + 5);
    await expect(mirror.messages(phoneNumberId, jon, { after: 'nonsense' })).rejects.toThrow(InvalidArgumentError);
    await expect(mirror.threads(phoneNumberId, { after: 'W10' })).rejects.toThrow('must be the `next` of a page');
  });

  test("keeps Meta's order for history messages of one second", async () => {
    const ids = ['wamid.z', 'wamid.a', 'wamid.m'];
    const mirror = await fed([
      chunk(
        mara,
        ids.map((id) => ({ id, second: 1, content: textOf(id) })),
      ),
    ]);
    expect((await collect(mirror.stream(phoneNumberId, mara))).map(({ messageId }) => messageId)).toEqual(ids);
  });

  test('has one conversation for a person with a new user ID, and two for a number with a new owner', async () => {
    const mirror = await fed([
      message({ waId: mara.waId }, 'wamid.1', 1, textOf('By number')),
      message(mara, 'wamid.2', 2, textOf('By both')),
      message({ userId: mara.userId }, 'wamid.3', 3, textOf('By user id')),
    ]);
    expect((await mirror.threads(phoneNumberId)).items).toMatchObject([{ threadId: mara.userId, waId: mara.waId }]);
    await mirror.handle(newUserId('15550100555', mara.userId, 'US.2', 4));
    await mirror.handle(message({ waId: '15550100555', userId: 'US.2' }, 'wamid.4', 5, textOf('From a new number')));
    expect((await mirror.threads(phoneNumberId)).items).toMatchObject([{ threadId: 'US.2', userId: 'US.2', waId: '15550100555' }]);
    expect((await collect(mirror.stream(phoneNumberId, { waId: mara.waId }))).map(({ text }) => text)).toEqual([
      'By number',
      'By both',
      'By user id',
      'From a new number',
    ]);
    await mirror.handle(message({ waId: mara.waId, userId: 'US.3' }, 'wamid.5', 9, textOf('Somebody else')));
    expect((await mirror.threads(phoneNumberId)).items.map(({ threadId }) => threadId)).toEqual(['US.3', 'US.2']);
  });

  test('contains its data when its file is opened again, next to a store in the same file', async () => {
    const file = newFile();
    const store = sqliteStore(file);
    await store.set('key', 'value');
    const mirror = sqliteMirror(file);
    await mirror.handle(message(mara, 'wamid.1', 1, textOf('Hello')));
    await mirror.close();
    await expect(mirror.handle(message(mara, 'wamid.2', 1, textOf('Hello')))).rejects.toMatchObject({ kind: 'store', reason: 'closed' });
    const again = open({ file });
    expect(await again.message(phoneNumberId, 'wamid.1')).toMatchObject({ text: 'Hello', threadId: mara.userId });
    expect((await store.get('key'))?.value).toBe('value');
    await store.close();
    expect(() => sqliteMirror(join(folder, 'no', 'such', 'folder.db'))).toThrow('Its folder must exist');
  });

  test('writes a delivery completely or not at all', async () => {
    const file = newFile();
    const mirror = open({ file });
    const other = new DatabaseSync(file);
    other.exec(
      `CREATE TRIGGER refuse BEFORE INSERT ON wa_messages WHEN new.message_id = 'wamid.bad' BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    );
    const delivery = ['wamid.1', 'wamid.2', 'wamid.bad'].map((id) => message(mara, id, 1, textOf('Hi')));
    const neighbour = mirror.handle(message(jon, 'wamid.9', 1, textOf('Hi')));
    await expect(mirror.handle(delivery)).rejects.toMatchObject({ kind: 'store', reason: 'failed' });
    await neighbour;
    expect(other.prepare('SELECT message_id FROM wa_messages').all()).toMatchObject([{ message_id: 'wamid.9' }]);
    expect((await mirror.threads(phoneNumberId)).items).toHaveLength(1);
    other.exec('DROP TRIGGER refuse');
    await mirror.handle(delivery);
    expect((await mirror.threads(phoneNumberId)).items).toHaveLength(2);
    other.close();
  });

  test('receives events from webhooks through its handler', async () => {
    const mirror = open();
    const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', store: memoryStore() });
    webhooks.on('*', mirror.handle);
    for (const payload of [
      webhookPayload('message', { message: 'Hello' }),
      webhookPayload('echo', { message: 'Hi' }),
      webhookPayload('history.chunk', {}),
    ]) {
      const body = JSON.stringify(payload);
      const headers = { 'x-hub-signature-256': signWebhook(body, 'app-secret') };
      expect((await webhooks.fetch(new Request('https://shop.example/', { method: 'POST', body, headers }))).status).toBe(200);
    }
    await webhooks.close();
    const [number = ''] = payloadNumbers(webhookPayload('message', {}));
    expect((await collect(mirror.stream(number))).map(({ author }) => author).sort()).toEqual(['app', 'app', 'customer', 'customer']);
  });

  test('exports the data of a person as JSON', async () => {
    const mirror = await fed([
      message(mara, 'wamid.1', 1, textOf('Tow loaves')),
      message(mara, 'wamid.2', 2, edit('wamid.1', textOf('Two loaves'))),
      message(jon, 'wamid.3', 3, textOf('Hi')),
    ]);
    const records = JSON.parse(JSON.stringify(await collect(mirror.export(phoneNumberId, mara)))) as unknown[];
    expect(records).toMatchObject([
      { record: 'customer', customer: { name: 'Mara', waId: mara.waId }, ids: [mara.userId, mara.waId] },
      { record: 'message', message: { messageId: 'wamid.1', text: 'Two loaves' }, edits: [{ editId: 'wamid.2' }] },
    ]);
    expect(await collect(mirror.export(phoneNumberId))).toHaveLength(4);
  });

  test('stores texts that databases reject without the rejected characters', async () => {
    const mirror = await fed([message(mara, 'wamid.1', 1, textOf('a\0b \ud800 \\u0000 👍'))]);
    expect(await mirror.message(phoneNumberId, 'wamid.1')).toMatchObject({
      text: 'a\ufffdb \ufffd \\u0000 👍',
      content: { text: { body: 'a\ufffdb \ufffd \\u0000 👍' } },
    });
  });
});

function payloadNumbers(payload: object): string[] {
  return [...JSON.stringify(payload).matchAll(/"phone_number_id":"(\d+)"/g)].map(([, id = '']) => id);
}

describe('forgetting a person', () => {
  const past = chunk({ waId: mara.waId }, [{ id: 'wamid.0', second: 0, content: textOf('Old secret') }]);
  const story = [
    past,
    message(mara, 'wamid.1', 1, textOf('My secret')),
    message(mara, 'wamid.2', 2, edit('wamid.1', imageOf('880', 'My other secret'))),
    echo(mara, 'wamid.3', 3, imageOf('881', 'Secret answer')),
    message(mara, 'wamid.4', 4, reaction('wamid.3', '👍')),
    sent(mara, 'wamid.5', 5, textOf('Secret offer')),
    status(mara, 'wamid.5', 6, 'read'),
    contact(mara, 7, 'Mara Secret'),
  ];
  const others = [message(jon, 'wamid.8', 8, textOf('Not hers')), message(jon, 'wamid.9', 9, reaction('wamid.8', '🎉'))];

  test('removes all of their data, reports it, and leaves other people alone', async () => {
    const file = newFile();
    const clock = fakeClock({ now: timeAt(20) });
    const mirror = await fed([...story, ...others], { file, clock });
    const erasure = await mirror.forget({ waId: mara.waId });
    expect([...erasure.messageIds].sort()).toEqual(['wamid.0', 'wamid.1', 'wamid.3', 'wamid.4', 'wamid.5']);
    expect([...erasure.mediaIds].sort()).toEqual(['880', '881']);
    expect(erasure).toMatchObject({ edits: 1, reactions: 1 });
    expect(erasure.ids.map(({ id }) => id).sort()).toEqual([mara.waId, mara.userId].sort());
    expect(await mirror.thread(phoneNumberId, mara)).toBeUndefined();
    expect((await mirror.threads(phoneNumberId)).items.map(({ name }) => name)).toEqual(['Jon']);
    await mirror.close();
    const bytes = [file, `${file}-wal`].map((name) => {
      try {
        return readFileSync(name, 'latin1');
      } catch {
        return '';
      }
    });
    for (const trace of ['ecret', mara.waId, mara.userId, 'mara.reads', 'wamid.1']) expect(bytes.join('')).not.toContain(trace);
  });

  test("isn't undone by redelivered or late events, and later messages are a new conversation", async () => {
    const clock = fakeClock({ now: timeAt(20) });
    const mirror = await fed([...story, ...others], { clock });
    await mirror.forget(mara);
    const late = [
      chunk(mara, [{ id: 'wamid.00', second: 0, content: textOf('Never seen secret') }]),
      chunk({ waId: mara.waId }, [{ id: 'wamid.00', second: 0, content: textOf('Never seen secret') }]),
      status(mara, 'wamid.5', 30, 'played'),
      message(mara, 'wamid.31', 31, revoke('wamid.1')),
      echo(mara, 'wamid.32', 32, edit('wamid.3', textOf('Secret again'))),
      message(mara, 'wamid.33', 33, reaction('wamid.5', '👍')),
      pastMedia(mara, 'wamid.0', 0, imageOf('882')),
    ];
    for (const event of [...story, ...late.filter((event) => event.type !== 'message'), ...story]) await mirror.handle(event);
    expect(await mirror.thread(phoneNumberId, mara)).toBeUndefined();
    expect(await mirror.message(phoneNumberId, 'wamid.1')).toBeUndefined();
    expect(JSON.stringify(await everything(mirror))).not.toMatch(/ecret|Mara|15550100987/);

    await mirror.handle(message(mara, 'wamid.40', 40, textOf('Hello again')));
    expect((await collect(mirror.stream(phoneNumberId, mara))).map(({ text }) => text)).toEqual(['Hello again']);
    expect(await mirror.thread(phoneNumberId, { waId: mara.waId })).toMatchObject({ name: 'Mara', userId: mara.userId });
    for (const event of story) await mirror.handle(event);
    expect(await collect(mirror.stream(phoneNumberId, mara))).toHaveLength(1);
  });

  test('applies to every number or to a given one, also for an unknown person', async () => {
    const clock = fakeClock({ now: timeAt(20) });
    const elsewhere = { ...message(mara, 'wamid.7', 1, textOf('Hi')), phoneNumberId: '339900000000002' } as ConversationEvent;
    const mirror = await fed([...story, elsewhere], { clock });
    expect((await mirror.forget(mara, { phoneNumberId })).messageIds).toHaveLength(5);
    expect(await mirror.message('339900000000002', 'wamid.7')).toBeDefined();
    expect((await mirror.forget(mara)).messageIds).toEqual(['wamid.7']);
    expect((await mirror.forget({ userId: 'US.9', waId: '15550100777' })).ids).toHaveLength(0);
    expect((await mirror.forget({ userId: 'US.9', waId: '15550100777' }, { phoneNumberId })).ids).toHaveLength(2);
    await mirror.handle(chunk({ waId: '15550100777' }, [{ id: 'wamid.77', second: 1, content: textOf('Hi') }]));
    expect(await mirror.message(phoneNumberId, 'wamid.77')).toBeUndefined();
  });
});
