import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { createClient, createCoexistence, memoryStore, type Coexistence, type Store } from 'wa-coexist';
import { type HistoryMedia } from 'wa-coexist/coexistence';
import { text } from 'wa-coexist/messages';
import { fakeClock } from 'wa-coexist/testing';
import { parseWebhook } from 'wa-coexist/webhooks';
import {
  delivery,
  echoed,
  phoneNumberId,
  saved,
  startMs,
  statusOf,
  timeOf,
  wamid,
  written,
  type Ids,
} from '../identity/person-webhooks.js';

const numRuns = process.env.WA_COEXIST_LONG === '1' ? 20_000 : 200;
function coexistenceOf(store: Store = memoryStore()): Coexistence {
  return createCoexistence({
    client: createClient({ accessToken: 'token', phoneNumberId }),
    store,
    clock: fakeClock({ now: new Date(startMs + 60_000) }),
    saveToken: () => undefined,
    sweepIntervalMs: false,
    costs: { keepMs: 30 * 86_400_000 },
  });
}
async function feed(coexistence: Coexistence, body: unknown): Promise<void> {
  for (const event of parseWebhook(body)) await coexistence.handle(event);
}

const sights = fc.array(fc.record({ what: fc.nat({ max: 4 }), era: fc.nat(), spelling: fc.nat(), shows: fc.nat({ max: 2 }) }), {
  minLength: 5,
  maxLength: 40,
});

test('one person with several IDs and spellings has one contact, one hand-off state and one window, in any order of events', async () => {
  await fc.assert(
    fc.asyncProperty(sights, fc.integer({ min: 1, max: 3 }), fc.infiniteStream(fc.nat()), async (seen, eras, order) => {
      const spellings = ['5511987654321', '551187654321', '+55 11 98765-4321'];
      const both: Ids[] = Array.from({ length: eras }, (_, era) => ({ number: spellings[era % 3] ?? '', user: `BR.100${String(era)}` }));
      const bodies: unknown[] = both.map((ids, era) => written(ids, `ERA${String(era)}`, era * 10));
      for (let era = 1; era < eras; era += 1) {
        const system = { type: 'user_changed_user_id', user_id: both[era]?.user, previous_user_id: both[era - 1]?.user };
        const id = `wamid.SYSTEM${String(era)}`;
        bodies.push(delivery('messages', { messages: [{ id, timestamp: timeOf(era * 10), type: 'system', system }] }));
      }
      bodies.push(saved({ number: spellings[0], user: undefined }, 1), echoed(both[0] ?? { number: '', user: '' }, 'ECHO', 5));
      bodies.push(statusOf({ number: '5511987654321', user: 'BR.1000' }, 'SENT', 6, 'sent'));
      for (const { what, era, spelling, shows } of seen) {
        const at = era % eras;
        const ids: Ids = {
          number: shows === 1 ? undefined : spellings[spelling % 3],
          user: shows === 0 ? undefined : both[at]?.user,
        };
        const second = at * 10 + 1;
        if (what === 0) bodies.push(written(ids, `T${String(bodies.length)}`, second));
        if (what === 1) bodies.push(echoed(ids, 'ECHO', 5));
        if (what === 2) bodies.push(saved(ids, second));
        if (what === 3) bodies.push(written(ids, 'ERA0', 0));
        if (what === 4) bodies.push(echoed({ ...ids, ...(shows === 1 && { number: spellings[0] }) }, `APP${String(at)}`, second));
      }
      const keyed = bodies.map((body) => ({ body, rank: Number(order.next().value) }));
      await using coexistence = coexistenceOf();
      for (const { body } of keyed.sort((left, right) => left.rank - right.rank)) await feed(coexistence, body);

      const contacts = [];
      for await (const contact of coexistence.contacts.list(phoneNumberId)) contacts.push(contact);
      expect(contacts).toHaveLength(1);
      const customers = [...spellings.map((waId) => ({ waId })), ...both.map(({ user = '' }) => ({ userId: user }))];
      const views = new Set<string>();
      for (const customer of customers) {
        const thread = { phoneNumberId, customer };
        views.add(JSON.stringify([await coexistence.handoff.get(thread), await coexistence.serviceWindow.get(thread)]));
      }
      expect([...views]).toHaveLength(1);
      expect([...views][0]).toContain('"assignee":"person"');
      expect([...views][0]).toContain('"status":"open"');
      expect((await coexistence.costs.report({ phoneNumberIds: [phoneNumberId] })).api).toBe(1);
    }),
    { numRuns },
  );
}, 3_600_000);

test('an echo of our own message in the other spelling leaves the thread with the bot, whichever arrives first', async () => {
  const both: Ids = { number: '15550100987', user: 'US.1001' };
  for (const [sentTo, echoTo] of [
    ['15550100987', 'US.1001'],
    ['US.1001', '15550100987'],
  ] as const) {
    for (const isEchoFirst of [true, false]) {
      await using coexistence = coexistenceOf();
      await feed(coexistence, written(both, 'HELLO', 0));
      const record = (): Promise<void> => coexistence.handoff.recordSend({ phoneNumberId, messageId: wamid(sentTo, 'OWN') });
      const echo = echoed(
        { number: echoTo.startsWith('US') ? undefined : echoTo, user: echoTo.startsWith('US') ? echoTo : undefined },
        'OWN',
        9,
      );
      if (!isEchoFirst) await record();
      await feed(coexistence, echo);
      if (isEchoFirst) await record();
      expect(await coexistence.handoff.get({ phoneNumberId, customer: { userId: 'US.1001' } })).toEqual({ assignee: 'bot' });
      // The same token in another conversation is another message.
      await feed(coexistence, echoed({ number: '15550100777', user: undefined }, 'OWN', 9));
      expect(await coexistence.handoff.get({ phoneNumberId, customer: { waId: '15550100777' } })).toMatchObject({ assignee: 'person' });
    }
  }
});

test('an echo is recognized as our own if the statuses of two merged conversations spelled the wamid differently', async () => {
  await using coexistence = coexistenceOf();
  const [long, short]: [Ids, Ids] = [
    { number: '5511987654321', user: undefined },
    { number: undefined, user: 'BR.1001' },
  ];
  for (const ids of [long, short]) {
    await feed(coexistence, written(ids, `HELLO${ids.user ?? ''}`, 0));
    await coexistence.handoff.recordSend({ phoneNumberId, messageId: wamid(ids.number ?? ids.user ?? '', 'OWN') });
  }
  await feed(coexistence, written({ number: long.number, user: short.user }, 'LINK', 1));
  await feed(coexistence, echoed({ number: '551187654321', user: undefined }, 'OWN', 9));
  expect(await coexistence.handoff.get({ phoneNumberId, customer: { userId: 'BR.1001' } })).toEqual({ assignee: 'bot' });
});

test('an echo turns out to be our own if a later message of the customer links the IDs in both spellings', async () => {
  await using coexistence = coexistenceOf();
  const customer = { waId: '15550100987' };
  const released: string[] = [];
  coexistence.on('handoff.released', ({ reason }) => {
    released.push(reason);
  });
  await coexistence.handoff.recordSend({ phoneNumberId, messageId: wamid('US.1001', 'OWN') });
  await feed(coexistence, echoed({ number: '15550100987', user: undefined }, 'OWN', 9));
  // No event has linked the number and the user ID yet.
  expect(await coexistence.handoff.get({ phoneNumberId, customer })).toMatchObject({ assignee: 'person' });
  await feed(coexistence, written({ number: '15550100987', user: 'US.1001' }, 'LINK', 20));
  expect(await coexistence.handoff.get({ phoneNumberId, customer })).toEqual({ assignee: 'bot' });
  expect(released).toEqual(['own-send']);
  // Messages that a person wrote in the app still count.
  await feed(coexistence, echoed({ number: '15550100987', user: undefined }, 'APP', 30));
  await feed(coexistence, written({ number: '15550100987', user: 'US.1001' }, 'MORE', 40));
  expect(await coexistence.handoff.get({ phoneNumberId, customer })).toMatchObject({ assignee: 'person' });
});

test('guards know a person by the user ID of the parent portfolio, which a message can name as its recipient', async () => {
  await using coexistence = coexistenceOf();
  const ids: Ids = { number: undefined, user: 'US.1001', parent: 'US.ENT.1' };
  await feed(coexistence, written(ids, 'HELLO', 0));
  await feed(coexistence, echoed({ number: undefined, user: 'US.1001' }, 'REPLY', 50));
  const context = { phoneNumberId, priority: 'normal' as const };
  for (const recipient of ['US.1001', 'US.ENT.1']) {
    expect(await coexistence.handoff.guard({ recipient, ...text('Hello') }, context)).toMatchObject({ verdict: 'hold' });
    expect(await coexistence.serviceWindow.get({ phoneNumberId, customer: { parentUserId: 'US.ENT.1' } })).toMatchObject({
      status: 'open',
    });
    expect(await coexistence.serviceWindow.guard({ recipient, ...text('Hello') }, context)).toEqual({ verdict: 'pass' });
  }
});

test('statuses of one message in two spellings count once, and equal tokens in two conversations count twice', async () => {
  await using coexistence = coexistenceOf();
  await feed(coexistence, written({ number: '15550100987', user: 'US.1001' }, 'HELLO', 0));
  await feed(coexistence, statusOf({ number: '15550100987', user: undefined }, 'T', 1, 'sent'));
  await feed(coexistence, statusOf({ number: undefined, user: 'US.1001' }, 'T', 2, 'delivered'));
  await feed(coexistence, statusOf({ number: '15550100777', user: undefined }, 'T', 2, 'delivered'));
  expect(await coexistence.costs.report({ phoneNumberIds: [phoneNumberId] })).toMatchObject({ api: 2, billed: 2 });
});

test('statuses of one message in several spellings that arrive at the same time count once', async () => {
  const spellings: readonly Ids[] = [
    { number: '5511987654321', user: undefined },
    { number: undefined, user: 'BR.1001' },
    { number: '551187654321', user: undefined },
  ];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 0, 1, 2], { minLength: 2 }), fc.nat(6), async (order, pausedAt) => {
      await using coexistence = coexistenceOf();
      await feed(coexistence, written({ number: '5511987654321', user: 'BR.1001' }, 'HELLO', 0));
      let count = 0;
      let resume: () => void = () => undefined;
      const paused = new Promise<void>((resolve) => (resume = resolve));
      coexistence.on('cost.recorded', () => {
        count += 1;
        if (count === pausedAt) return paused;
        if (count > pausedAt) resume();
        return undefined;
      });
      const bodies = order.map((index, second) => statusOf(spellings[index] ?? { number: '', user: '' }, 'T', second, 'sent'));
      const handled = Promise.all(bodies.map((body) => feed(coexistence, body)));
      await new Promise((resolve) => setImmediate(resolve));
      resume();
      await handled;
      expect(await coexistence.costs.report({ phoneNumberIds: [phoneNumberId] })).toMatchObject({ api: 1, billed: 1 });
    }),
    { numRuns },
  );
});

test('an echo of our own message in a third spelling leaves the thread with the bot, also if all arrive at the same time', async () => {
  const spellings: readonly Ids[] = [
    { number: '5511987654321', user: undefined },
    { number: undefined, user: 'BR.1001' },
    { number: '551187654321', user: undefined },
  ];
  const steps = fc.array(fc.record({ isEcho: fc.boolean(), spelling: fc.nat(2) }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(2), fc.boolean(), fc.boolean(), async (drawn, own, isOneByOne, isLinkedLast) => {
      await using coexistence = coexistenceOf();
      const link = (): Promise<void> => feed(coexistence, written({ number: '5511987654321', user: 'BR.1001' }, 'HELLO', 0));
      if (!isLinkedLast) await link();
      const calls = [...drawn, { isEcho: false, spelling: own }].map(({ isEcho, spelling }) => (): Promise<void> => {
        const ids = spellings[spelling] ?? { number: '', user: '' };
        if (isEcho) return feed(coexistence, echoed(ids, 'OWN', 9));
        return coexistence.handoff.recordSend({ phoneNumberId, messageId: wamid(ids.number ?? ids.user ?? '', 'OWN') });
      });
      if (isOneByOne) for (const call of calls) await call();
      else await Promise.all(calls.map((call) => call()));
      if (isLinkedLast) await link();
      // A later status, for example `read`.
      await feed(coexistence, statusOf(spellings[own] ?? { number: '', user: '' }, 'OWN', 10, 'read'));
      await feed(coexistence, echoed(spellings[(own + 1) % 3] ?? { number: '', user: '' }, 'OWN', 9));
      expect(await coexistence.handoff.get({ phoneNumberId, customer: { userId: 'BR.1001' } })).toEqual({ assignee: 'bot' });
    }),
    { numRuns },
  );
});

test('a send that is recorded again after the store failed is known under every spelling of its wamid', async () => {
  const memory = memoryStore();
  let failures = 1;
  const store: Store = {
    ...memory,
    batch: (operations) =>
      operations.some(({ key }) => key.includes('/own-token/')) && failures-- > 0
        ? Promise.reject(new Error('The store is away.'))
        : memory.batch(operations),
  };
  await using coexistence = coexistenceOf(store);
  await feed(coexistence, written({ number: '15550100987', user: 'US.1001' }, 'HELLO', 0));
  const record = (): Promise<void> => coexistence.handoff.recordSend({ phoneNumberId, messageId: wamid('15550100987', 'OWN') });
  await expect(record()).rejects.toThrow();
  await record();
  await feed(coexistence, echoed({ number: undefined, user: 'US.1001' }, 'OWN', 9));
  expect(await coexistence.handoff.get({ phoneNumberId, customer: { userId: 'US.1001' } })).toEqual({ assignee: 'bot' });
});

/** Returns a history chunk with the placeholder of a photo, and the webhook with the photo under the other spelling of its wamid. */
function photoInHistory() {
  const item = { from: '15550100987', timestamp: timeOf(0), history_context: { status: 'READ' } };
  const chunk = delivery('history', {
    history: [
      {
        metadata: { phase: 0, chunk_order: 1, progress: 100 },
        threads: [
          {
            id: '15550100987',
            context: { wa_id: '15550100987', user_id: 'US.1001' },
            messages: [{ ...item, id: wamid('15550100987', 'PHOTO'), type: 'media_placeholder' }],
          },
        ],
      },
    ],
  });
  const { history_context: _history, from: _from, ...rest } = item;
  const photo = { mime_type: 'image/jpeg', sha256: 'x', id: '900' };
  const media = delivery('history', {
    messages: [{ ...rest, from_user_id: 'US.1001', id: wamid('US.1001', 'PHOTO'), type: 'image', image: photo }],
  });
  return { chunk, media };
}

test('media of the history find their placeholders under the other spelling, once', async () => {
  const { chunk, media } = photoInHistory();
  for (const bodies of [
    [chunk, media, media],
    [media, chunk, media],
  ]) {
    await using coexistence = coexistenceOf();
    await feed(coexistence, written({ number: '15550100987', user: 'US.1001' }, 'HELLO', 0));
    const told: HistoryMedia[] = [];
    coexistence.on('history.media', (one) => {
      told.push(one);
    });
    for (const body of bodies) await feed(coexistence, body);
    expect((await coexistence.history.get(phoneNumberId)).media).toMatchObject({ received: 1, joined: 1 });
    expect(told).toHaveLength(1);
  }
});

test('a placeholder that arrives under the other spelling while a listener has the file is joined with it', async () => {
  const { chunk, media } = photoInHistory();
  await using coexistence = coexistenceOf();
  await feed(coexistence, written({ number: '15550100987', user: 'US.1001' }, 'HELLO', 0));
  const emitted: (readonly [isJoined: boolean, messageId: string])[] = [];
  coexistence.on('history.media', async ({ joined, item: { message } }) => {
    emitted.push([joined, message.id]);
    if (emitted.length === 1) await feed(coexistence, chunk);
  });
  await feed(coexistence, media);
  expect((await coexistence.history.get(phoneNumberId)).media).toEqual({ received: 1, joined: 1, expected: 0, never: 0 });
  expect(emitted).toEqual([
    [false, wamid('US.1001', 'PHOTO')],
    [true, wamid('15550100987', 'PHOTO')],
  ]);
  await feed(coexistence, media);
  expect(emitted).toHaveLength(2);
});

test('a late event of the earlier owner of a number leaves the number with its present owner', async () => {
  await using coexistence = coexistenceOf();
  await feed(coexistence, written({ number: '15550100987', user: 'US.1' }, 'A', 0));
  await feed(coexistence, written({ number: '15550100987', user: 'US.2' }, 'B', 30));
  await feed(coexistence, written({ number: '15550100987', user: 'US.1' }, 'C', 10));
  await feed(coexistence, echoed({ number: '15550100987', user: undefined }, 'D', 40));
  const findAssignee = async (customer: object): Promise<string> => (await coexistence.handoff.get({ phoneNumberId, customer })).assignee;
  expect([await findAssignee({ userId: 'US.1' }), await findAssignee({ userId: 'US.2' })]).toEqual(['bot', 'person']);
});
