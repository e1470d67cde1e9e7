import fc from '../fast-check.js';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createClient,
  createCoexistence,
  createSender,
  HandoffError,
  memoryStore,
  type Coexistence,
  type CoexistenceOptions,
  type OutgoingMessage,
  type Store,
} from 'wa-coexist';
import {
  emptyHandoff,
  handoffChange,
  holdAt,
  findAssignee,
  judgeReply,
  type HandoffEvent,
  type HandoffFact,
  type HandoffState,
} from 'wa-coexist/coexistence';
import { template, text } from 'wa-coexist/messages';
import { createFakeCloudApi, fakeClock } from 'wa-coexist/testing';
import { createWebhooks, type WebhookEvent, type WebhookEventOf } from 'wa-coexist/webhooks';
import { pass } from '../sender/virtual-meta.js';

const minuteMs = 60_000;
const rules = { holdMs: 30 * minuteMs, capMs: 120 * minuteMs, automaticMs: 3_000 };
const phoneNumberId = '339900000000001';
const mara = { waId: '15550100987' };

function play(
  events: readonly (readonly [number, HandoffEvent])[],
  start: HandoffState = emptyHandoff,
): { state: HandoffState; facts: HandoffFact[] } {
  const facts: HandoffFact[] = [];
  let state = start;
  for (const [nowMs, event] of events) {
    const step = handoffChange(state, event, nowMs, rules);
    state = step.state;
    facts.push(...step.facts);
  }
  return { state, facts };
}
const person = (messageId: string, atMs: number): HandoffEvent => ({ type: 'person-wrote', messageId, atMs });
const customer = (messageId: string, atMs: number): HandoffEvent => ({ type: 'customer-wrote', messageId, atMs });

describe('the pure functions of the hand-off', () => {
  test('an echo assigns the thread to the person for a time', () => {
    const { state, facts } = play([[0, person('1', 0)]]);
    expect(facts).toEqual([{ type: 'taken', by: 'echo', atMs: 0, untilMs: 30 * minuteMs }]);
    expect(findAssignee(state, 30 * minuteMs - 1, rules)).toBe('person');
    expect(findAssignee(state, 30 * minuteMs, rules)).toBe('bot');
    expect(handoffChange(state, { type: 'time' }, 31 * minuteMs, rules).facts).toEqual([
      { type: 'returned', reason: 'time', atMs: 30 * minuteMs },
    ]);
  });

  test('each echo extends the assignment, up to the maximum', () => {
    const echoes = Array.from({ length: 12 }, (_, index) => [index * 20 * minuteMs, person(String(index), index * 20 * minuteMs)] as const);
    const { facts } = play(echoes);
    expect(facts.slice(0, 3)).toEqual([
      { type: 'taken', by: 'echo', atMs: 0, untilMs: 30 * minuteMs },
      { type: 'returned', reason: 'cap', atMs: 120 * minuteMs },
      { type: 'taken', by: 'echo', atMs: 120 * minuteMs, untilMs: 150 * minuteMs },
    ]);
  });

  test('late echoes and duplicates extend nothing', () => {
    expect(play([[180 * minuteMs, person('old', 0)]])).toMatchObject({ state: { echoes: [{ id: 'old' }] }, facts: [] });
    const given = play([
      [10_000, person('1', 10_000)],
      [10_400, { type: 'given' }],
    ]).state;
    expect(handoffChange(given, person('1', 10_000), 10_500, rules)).toEqual({ state: given, facts: [] });
    const once = play([[0, person('1', 0)]]).state;
    expect(handoffChange(once, person('1', 0), 20 * minuteMs, rules)).toEqual({ state: once, facts: [] });
  });

  test("an assignment lasts until the release, which also ends the hold of an echo, and an earlier echo doesn't restore it", () => {
    const taken = play([[0, { type: 'taken', person: 'Ida' }]]);
    expect(taken.facts).toEqual([{ type: 'taken', by: 'call', atMs: 0, person: 'Ida' }]);
    expect(findAssignee(taken.state, 1e12, rules)).toBe('person');
    const given = play(
      [
        [5 * minuteMs, person('1', 5 * minuteMs)],
        [10 * minuteMs, { type: 'given' }],
        [11 * minuteMs, person('late', 9 * minuteMs)],
      ],
      taken.state,
    );
    expect(given.facts).toEqual([{ type: 'returned', reason: 'call', atMs: 10 * minuteMs }]);
    expect(findAssignee(given.state, 11 * minuteMs, rules)).toBe('bot');
    expect(play([[12 * minuteMs, person('new', 12 * minuteMs)]], given.state).facts).toMatchObject([{ type: 'taken' }]);
  });

  test('an assignment with an end is released automatically', () => {
    const { facts } = play([
      [0, { type: 'taken', untilMs: 10 }],
      [10, { type: 'time' }],
    ]);
    expect(facts).toMatchObject([{ type: 'taken' }, { type: 'returned', reason: 'time', atMs: 10 }]);
  });

  test('an echo of our own message releases the thread, unless a person wrote, too', () => {
    expect(
      play([
        [0, person('own', 0)],
        [1, { type: 'own-send', messageId: 'own' }],
      ]).facts,
    ).toMatchObject([{ type: 'taken' }, { type: 'returned', reason: 'own-send' }]);
    const both = play([
      [0, person('own', 0)],
      [minuteMs, person('typed', minuteMs)],
      [2 * minuteMs, { type: 'own-send', messageId: 'own' }],
    ]);
    expect(both.facts).toHaveLength(1);
    expect(both.state.hold).toMatchObject({ sinceMs: minuteMs, untilMs: 31 * minuteMs });
    expect(play([[0, { type: 'own-send', messageId: 'x' }]])).toMatchObject({ state: { echoes: [], own: ['x'] }, facts: [] });
  });

  test('a guard rejects while a person has the thread, and after the person or the customer wrote', () => {
    const asked = play([[0, customer('q', 0)]]).state;
    const answered = { id: 'q', atMs: 0 };
    expect(judgeReply(asked, answered, 1, rules)).toEqual({ allowed: true });
    expect(judgeReply(play([[5, person('p', 5)]], asked).state, answered, 6, rules)).toEqual({ allowed: false, reason: 'person-holds' });
    expect(judgeReply(play([[5, person('p', 5)]], asked).state, answered, 60 * minuteMs, rules)).toEqual({
      allowed: false,
      reason: 'person-wrote',
    });
    expect(judgeReply(play([[5, customer('q2', 5)]], asked).state, answered, 6, rules)).toEqual({
      allowed: false,
      reason: 'customer-wrote',
    });
    expect(judgeReply(play([[0, customer('q2', 0)]], asked).state, answered, 6, rules)).toEqual({
      allowed: false,
      reason: 'customer-wrote',
    });
    expect(judgeReply(play([[0, customer('q2', 0)]], asked).state, { id: 'q2', atMs: 0 }, 6, rules)).toEqual({ allowed: true });
  });

  test("an older message that arrives late doesn't make a reply outdated", () => {
    const { state } = play([
      [10, customer('new', 10)],
      [11, customer('old', 5)],
    ]);
    expect(judgeReply(state, { id: 'new', atMs: 10 }, 12, rules)).toEqual({ allowed: true });
    expect(judgeReply(state, { id: 'old', atMs: 5 }, 12, rules)).toEqual({ allowed: false, reason: 'customer-wrote' });
  });

  test('the same messages in any order and repeatedly lead to the same assignee and the same permit', () => {
    const said = fc.record({
      type: fc.constantFrom('person-wrote' as const, 'customer-wrote' as const, 'own-send' as const),
      second: fc.integer({ min: 0, max: 8_000 }),
      id: fc.nat(8),
      mayBeAutomatic: fc.boolean(),
    });
    const events = fc
      .uniqueArray(said, {
        maxLength: 18,
        selector: ({ type, id }) => (type === 'customer-wrote' ? `c${String(id)}` : `${type}${String(id)}`),
      })
      .chain((list) =>
        fc.tuple(
          fc.constant(list),
          fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2 }),
          fc.integer({ min: 8_000, max: 12_000 }),
        ),
      );
    fc.assert(
      fc.property(events, ([list, mixed, nowSecond]) => {
        const eventOf = ({ type, id, second, mayBeAutomatic }: (typeof list)[number]): HandoffEvent => {
          const messageId = `${type === 'customer-wrote' ? 'c' : 'e'}${String(id)}`;
          return type === 'own-send'
            ? { type, messageId }
            : { type, messageId, atMs: second * 1_000, ...(type === 'person-wrote' && mayBeAutomatic && { mayBeAutomatic }) };
        };
        const nowMs = nowSecond * 1_000;
        const outcome = (order: typeof list) => {
          const { state } = play(order.map((item) => [nowMs, eventOf(item)] as const));
          // Messages of the same second are distinguished by their arrival, which differs here. The assertions
          // therefore cover each second as a whole.
          const asked = list.filter(({ type }) => type === 'customer-wrote').map(({ second }) => ({ id: 'none', atMs: second * 1_000 }));
          return [holdAt(state, nowMs, rules), asked.map((answered) => judgeReply(state, answered, nowMs, rules))];
        };
        expect(outcome(mixed)).toEqual(outcome(list));
      }),
      { numRuns: 2_000 },
    );
  });

  test('the state is bounded, a hold never exceeds the maximum, and no fact is emitted twice in a row', () => {
    const events = fc.array(
      fc.tuple(
        fc.integer({ min: 0, max: 20 * minuteMs }),
        fc.oneof(
          fc.tuple(fc.nat(60), fc.nat(40 * minuteMs)).map(([id, agoMs]) => ({ id, agoMs, type: 'person' as const })),
          fc.nat(60).map((id) => ({ id, agoMs: 0, type: 'customer' as const })),
          fc.nat(60).map((id) => ({ id, agoMs: 0, type: 'own' as const })),
          fc.constantFrom({ id: 0, agoMs: 0, type: 'give' as const }, { id: 0, agoMs: 0, type: 'time' as const }),
        ),
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(events, (list) => {
        let nowMs = 100 * minuteMs;
        let state: HandoffState = emptyHandoff;
        const facts: HandoffFact[] = [];
        for (const [waitMs, { type, id, agoMs }] of list) {
          nowMs += waitMs;
          const messageId = `wamid.${type === 'customer' ? 'c' : 'p'}${String(id)}`;
          const atMs = nowMs - agoMs;
          const event: HandoffEvent =
            type === 'person'
              ? { type: 'person-wrote', messageId, atMs }
              : type === 'customer'
                ? { type: 'customer-wrote', messageId, atMs }
                : type === 'own'
                  ? { type: 'own-send', messageId }
                  : type === 'give'
                    ? { type: 'given' }
                    : { type: 'time' };
          const step = handoffChange(state, event, nowMs, rules);
          state = step.state;
          facts.push(...step.facts);
          const { hold } = state;
          if (hold?.untilMs !== undefined) expect(hold.untilMs - hold.sinceMs).toBeLessThanOrEqual(rules.capMs);
        }
        expect(JSON.stringify(state).length).toBeLessThan(4_000);
        facts.forEach((fact, index) => {
          expect(fact.type).toBe(index % 2 === 0 ? 'taken' : 'returned');
        });
      }),
      { numRuns: 2_000 },
    );
  });
});

const opened: Coexistence[] = [];
afterEach(async () => {
  for (const coexistence of opened.splice(0)) await coexistence.close();
});

describe('the hand-off', () => {
  const bench = (options: Partial<CoexistenceOptions> = {}) => {
    const clock = fakeClock();
    const store = memoryStore({ clock });
    const told: string[] = [];
    const open = (): Coexistence => {
      const coexistence = createCoexistence({
        client: createClient({ clock }),
        store,
        saveToken: () => undefined,
        sweepIntervalMs: false,
        ...options,
      });
      coexistence.on('handoff.assigned', ({ by, customer: who }) => void told.push(`taken by ${by} ${who.waId ?? who.userId ?? ''}`));
      coexistence.on('handoff.released', ({ reason }) => void told.push(`returned ${reason}`));
      opened.push(coexistence);
      return coexistence;
    };
    let nextId = 0;
    const base = (who = mara) => ({
      phoneNumberId,
      raw: {},
      key: 'k',
      customer: who,
      occurredAt: new Date(Math.floor(clock.now() / 1000) * 1000),
    });
    const wrote = (who: { waId?: string; userId?: string } = mara, type: 'text' | 'reaction' = 'text'): WebhookEventOf<'message'> => {
      const id = `wamid.IN${String((nextId += 1))}`;
      const content =
        type === 'text' ? ({ type, text: { body: 'Hello' } } as const) : ({ type, reaction: { message_id: 'x', emoji: '👍' } } as const);
      return { ...base(who as typeof mara), type: 'message', field: 'messages', message: { id, ...content } };
    };
    const typed = (who: { waId?: string; userId?: string } = mara, id = `wamid.OUT${String((nextId += 1))}`): WebhookEventOf<'echo'> => ({
      ...base(who as typeof mara),
      type: 'echo',
      field: 'smb_message_echoes',
      message: { id, type: 'text', text: { body: 'We open at nine' } },
    });
    const statusOf = (id: string): WebhookEvent => ({ ...base(), type: 'status', field: 'messages', status: { id, status: 'delivered' } });
    return { clock, store, told, open, wrote, typed, statusOf };
  };
  const thread = { phoneNumberId, customer: mara };

  test('the bot replies, a person types, the bot is silent, and the thread is released automatically', async () => {
    const { clock, told, open, wrote, typed } = bench();
    const coexistence = open();
    const first = wrote();
    await coexistence.handle(first);
    const turn = await coexistence.handoff.beginReply(first);
    expect(await turn.check()).toEqual({ allowed: true });
    await turn.sent('wamid.BOT1');
    await clock.advance(5_000);
    await coexistence.handle(typed());
    expect(await coexistence.handoff.get(thread)).toEqual({ assignee: 'person', until: new Date(clock.now() + 30 * minuteMs) });
    await clock.advance(5_000);
    const second = wrote();
    expect(await (await coexistence.handoff.beginReply(second)).check()).toEqual({ allowed: false, reason: 'person-holds' });
    await clock.advance(30 * minuteMs);
    await coexistence.sweep();
    expect(told).toEqual(['taken by echo 15550100987', 'returned time']);
    const third = wrote();
    expect(await (await coexistence.handoff.beginReply(third)).check()).toEqual({ allowed: true });
  });

  test('a guard from before the person typed rejects when the message is sent', async () => {
    const { clock, open, wrote, typed } = bench();
    const [one, other] = [open(), open()];
    const question = wrote();
    const turn = await one.handoff.beginReply(question);
    await clock.advance(8_000);
    await other.handle(typed());
    expect(await turn.check()).toMatchObject({ allowed: false });
  });

  test("a second question makes the reply to the first outdated, and a reaction doesn't", async () => {
    const { clock, open, wrote } = bench();
    const coexistence = open();
    const [question, reaction, another] = [wrote(), wrote(mara, 'reaction'), wrote()];
    const turn = await coexistence.handoff.beginReply(question);
    await clock.advance(2_000);
    await coexistence.handle(reaction);
    expect(await turn.check()).toEqual({ allowed: true });
    await coexistence.handle(another);
    expect(await turn.check()).toEqual({ allowed: false, reason: 'customer-wrote' });
    expect(await (await coexistence.handoff.beginReply(another)).check()).toEqual({ allowed: true });
  });

  test('an echo, a status and a history chunk give the bot no permit', async () => {
    const { open, typed, statusOf } = bench();
    const coexistence = open();
    const past: WebhookEvent = { type: 'history.chunk', field: 'history', phoneNumberId, key: 'k', raw: {}, threads: [] };
    for (const event of [typed(), statusOf('wamid.X'), past]) {
      expect(await (await coexistence.handoff.beginReply(event)).check()).toEqual({ allowed: false, reason: 'not-a-customer-message' });
    }
  });

  test('an echo of a message that we sent is no person, whether the send, the status or the echo arrives first', async () => {
    const { told, open, typed, statusOf } = bench();
    const coexistence = open();
    await coexistence.handoff.recordSend({ ...thread, messageId: 'wamid.OWN1' });
    await coexistence.handle(typed(mara, 'wamid.OWN1'));
    expect(told).toEqual([]);
    await coexistence.handle(typed(mara, 'wamid.OWN2'));
    await coexistence.handoff.recordSend({ ...thread, messageId: 'wamid.OWN2' });
    expect(told).toEqual(['taken by echo 15550100987', 'returned own-send']);
    await coexistence.handle(typed(mara, 'wamid.OWN3'));
    await coexistence.handle(statusOf('wamid.OWN3'));
    expect(told.slice(2)).toEqual(['taken by echo 15550100987', 'returned own-send']);
    expect(await coexistence.handoff.get(thread)).toEqual({ assignee: 'bot' });
  });

  test("isPerson decides who is a person, and receives the time since the customer's last message", async () => {
    const asked: (number | undefined)[] = [];
    const { clock, told, open, wrote, typed } = bench({
      handoff: {
        isPerson: (_echo, { sinceCustomerMs }) => {
          asked.push(sinceCustomerMs);
          return sinceCustomerMs === undefined || sinceCustomerMs > 3_000;
        },
      },
    });
    const coexistence = open();
    await coexistence.handle(wrote());
    await clock.advance(1_000);
    await coexistence.handle(typed());
    expect(told).toEqual([]);
    await clock.advance(9_000);
    await coexistence.handle(typed());
    expect(told).toHaveLength(1);
    await coexistence.handle(typed({ waId: '15550100111' }));
    expect(asked).toEqual([1_000, 10_000, undefined]);
  });

  test('assignToHuman and release work by call, with the name of a person, and outlast echoes', async () => {
    const { told, open, typed } = bench();
    const coexistence = open();
    expect(await coexistence.handoff.assignToHuman({ ...thread, person: 'Ida' })).toEqual({ assignee: 'person', person: 'Ida' });
    await coexistence.handle(typed());
    expect(await coexistence.handoff.get(thread)).toEqual({ assignee: 'person', person: 'Ida' });
    expect(await coexistence.handoff.release(thread)).toEqual({ assignee: 'bot' });
    expect(told).toEqual(['taken by call 15550100987', 'returned call']);
  });

  test("edits and deletions in the app count as a person's, too", async () => {
    const { open, typed } = bench();
    const coexistence = open();
    const { message: _message, ...rest } = typed();
    const edit = {
      ...rest,
      type: 'echo.edit',
      messageId: 'wamid.E1',
      originalMessageId: 'wamid.0',
      message: { type: 'text', text: { body: 'x' } },
    } as const;
    await coexistence.handle(edit);
    expect(await coexistence.handoff.get(thread)).toMatchObject({ assignee: 'person' });
    await coexistence.handoff.release(thread);
  });

  test('a customer with a number, a user ID, or a number without its ninth digit has one thread', async () => {
    const { clock, open, wrote, typed } = bench();
    const coexistence = open();
    await coexistence.handle(wrote({ waId: '5511987654321', userId: 'BR.1' }));
    await clock.advance(5_000);
    await coexistence.handle(typed({ waId: '551187654321' }));
    await clock.advance(1_000);
    for (const who of [{ userId: 'BR.1' }, { waId: '5511987654321' }]) {
      expect(await coexistence.handoff.get({ phoneNumberId, customer: who })).toMatchObject({ assignee: 'person' });
      expect(await (await coexistence.handoff.beginReply(wrote(who))).check()).toMatchObject({ reason: 'person-holds' });
    }
    const nobody = { ...wrote(), customer: {} };
    expect(await (await coexistence.handoff.beginReply(nobody)).check()).toEqual({ allowed: false, reason: 'unknown-thread' });
  });

  test('a thread that was assigned under the user ID stays assigned when the number becomes known', async () => {
    const { clock, open, wrote, typed } = bench();
    const coexistence = open();
    await coexistence.handle(typed({ userId: 'US.1' }));
    await clock.advance(5_000);
    await coexistence.handle(wrote({ waId: '15550100987', userId: 'US.1' }));
    expect(await coexistence.handoff.get(thread)).toMatchObject({ assignee: 'person' });
    await clock.advance(30 * minuteMs);
    await coexistence.sweep();
    await coexistence.sweep();
    expect(await coexistence.handoff.get(thread)).toEqual({ assignee: 'bot' });
  });

  test("a failed listener doesn't keep the bot talking, and is called again", async () => {
    const { clock, told, open, typed } = bench();
    const coexistence = open();
    let fails = true;
    coexistence.on('handoff.assigned', () => {
      if (fails) throw new Error('the inbox is away');
    });
    const echo = typed();
    await expect(coexistence.handle(echo)).rejects.toThrow('the inbox is away');
    expect(await coexistence.handoff.get(thread)).toMatchObject({ assignee: 'person' });
    await expect(coexistence.handle(echo)).rejects.toThrow('the inbox is away');
    fails = false;
    await clock.advance(minuteMs);
    await coexistence.sweep();
    await coexistence.handle(echo);
    expect(told).toHaveLength(3);
    await clock.advance(30 * minuteMs);
    for (let sweep = 0; sweep < 3; sweep += 1) await coexistence.sweep();
    expect(told.at(-1)).toBe('returned time');
    expect(told).toHaveLength(4);
  });

  test.each([0, 3_000])(
    'a bot that replies to every event never replies to its own echoed message (automaticMs %i)',
    async (automaticMs) => {
      const { clock, open, wrote, typed, statusOf } = bench({ handoff: { automaticMs } });
      const coexistence = open();
      const runs = process.env['WA_COEXIST_LONG'] ? 10_000 : 1_500;
      const answered = new Map<WebhookEvent['type'], number>();
      let sends = 0;
      /** Tries to reply to every event. Its messages cause echoes and statuses, which it also receives. */
      const bot = async (event: WebhookEvent): Promise<readonly WebhookEvent[]> => {
        await coexistence.handle(event);
        const turn = await coexistence.handoff.beginReply(event);
        if ((await turn.guard({ to: mara.waId, ...text('Yes') }, { phoneNumberId, priority: 'normal' })).verdict !== 'pass') return [];
        answered.set(event.type, (answered.get(event.type) ?? 0) + 1);
        const id = `wamid.BOT${String((sends += 1))}`;
        const echo = typed(mara, id);
        // The echo may arrive before the response to the send, after it, or after a status.
        if (sends % 3 === 0) await coexistence.handle(echo);
        if (sends % 3 === 1) await turn.sent(id);
        return sends % 2 === 0 ? [statusOf(id), echo] : [echo, statusOf(id)];
      };
      for (let index = 0; index < runs; index += 1) {
        await clock.advance(1_000);
        const queue: WebhookEvent[] = [wrote()];
        for (let event = queue.shift(); event; event = queue.shift()) queue.push(...(await bot(event)));
      }
      expect(Object.fromEntries(answered)).toEqual({ message: runs });
      expect(sends).toBe(runs);
    },
  );

  test("an echo right after a customer's message is an automatic reply of the app: it is emitted, and the bot keeps the thread", async () => {
    const { clock, told, open, wrote, typed } = bench();
    const coexistence = open();
    const automatic: string[] = [];
    coexistence.on('handoff.automatic', ({ messageId }) => void automatic.push(messageId));
    const question = wrote();
    await coexistence.handle(question);
    const greeting = typed();
    for (let copy = 0; copy < 3; copy += 1) await coexistence.handle(greeting);
    expect(automatic).toEqual([greeting.message.id]);
    expect(told).toEqual([]);
    expect(await (await coexistence.handoff.beginReply(question)).check()).toEqual({ allowed: true });
    // The same message four seconds later is from a person, and so are quick replies from then on.
    await clock.advance(4_000);
    await coexistence.handle(typed());
    await clock.advance(60_000);
    await coexistence.handle(wrote());
    await clock.advance(1_000);
    await coexistence.handle(typed());
    expect(automatic).toHaveLength(1);
    expect(await coexistence.handoff.get(thread)).toEqual({ assignee: 'person', until: new Date(clock.now() + 30 * minuteMs) });
  });

  test("an automatic reply is recognized if its echo arrives before the customer's message", async () => {
    const { told, open, wrote, typed } = bench();
    const coexistence = open();
    const [question, greeting] = [wrote(), typed()];
    await coexistence.handle(greeting);
    await coexistence.handle(question);
    expect(told).toEqual(['taken by echo 15550100987', 'returned automatic']);
    expect(await (await coexistence.handoff.beginReply(question)).check()).toEqual({ allowed: true });
  });

  test('isPerson names the person, or leaves the decision to the library', async () => {
    const { clock, open, wrote, typed } = bench({
      handoff: { isPerson: (echo) => (echo.type === 'echo' && echo.message.id === 'wamid.IDA' ? { person: 'Ida' } : undefined) },
    });
    const coexistence = open();
    await coexistence.handle(wrote());
    await coexistence.handle(typed(mara, 'wamid.GREETING'));
    expect(await coexistence.handoff.get(thread)).toEqual({ assignee: 'bot' });
    await clock.advance(1_000);
    await coexistence.handle(typed(mara, 'wamid.IDA'));
    expect(await coexistence.handoff.get(thread)).toMatchObject({ assignee: 'person', person: 'Ida' });
  });

  test('the bot keeps the thread if an echo and recordSend race in any order of their writes', async () => {
    const { typed } = bench();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const clock = fakeClock();
        const inner = memoryStore({ clock });
        const store = new Proxy(inner, {
          get: (target, name: keyof Store) => scheduler.scheduleFunction((target[name] as () => Promise<unknown>).bind(target)),
        });
        const coexistence = createCoexistence({
          client: createClient({ clock }),
          store,
          saveToken: () => undefined,
          sweepIntervalMs: false,
        });
        const echo = { ...typed(mara, 'wamid.OWN'), occurredAt: new Date(clock.now()) };
        const all = Promise.all([coexistence.handle(echo), coexistence.handoff.recordSend({ phoneNumberId, messageId: 'wamid.OWN' })]);
        await scheduler.waitFor(all);
        const holder = coexistence.handoff.get(thread);
        expect(await scheduler.waitFor(holder)).toEqual({ assignee: 'bot' });
        await coexistence.close();
      }),
      { numRuns: process.env['WA_COEXIST_LONG'] ? 2_000 : 200 },
    );
  });
});

describe('the guard in the sender', () => {
  const setUp = async () => {
    const clock = fakeClock();
    const fake = createFakeCloudApi({ clock });
    const number = fake.coexistenceNumber();
    const client = createClient({
      fetch: fake.fetch,
      accessToken: number.accessToken,
      phoneNumberId: number.phoneNumberId,
      clock,
    });
    const webhooks = createWebhooks({ appSecret: fake.app.secret, verifyToken: fake.app.verifyToken, clock });
    const coexistence = createCoexistence({ client, webhooks, saveToken: () => undefined, sweepIntervalMs: false });
    opened.push(coexistence);
    fake.deliverTo(webhooks.fetch);
    const questions: WebhookEventOf<'message'>[] = [];
    webhooks.on('message', (event) => void questions.push(event));
    const customer = fake.customer(mara.waId);
    return { clock, fake, number, coexistence, questions, customer, sender: createSender({ client, throughput: 'coexistence', clock }) };
  };

  test("a reply isn't sent if a person writes between the permit and the send", async () => {
    const { clock, fake, number, coexistence, questions, customer, sender } = await setUp();
    customer.send(number.phoneNumberId, 'Do you have rye bread?');
    await fake.settled();
    const turn = await coexistence.handoff.beginReply(questions[0]!);
    // While the bot prepares its reply, a person replies in the app.
    await clock.advance(8_000);
    fake.phone(number).send(mara.waId, 'Two left');
    await fake.settled();
    const result = await pass(clock, sender.send({ to: mara.waId, ...text('Yes') }, { guard: turn.guard }));
    expect(result).toMatchObject({ outcome: 'rejected', by: 'guard', error: { kind: 'handoff', reason: 'person-holds' } });
    expect(result.outcome === 'rejected' && result.error).toBeInstanceOf(HandoffError);
    expect(customer.inbox.map(({ via }) => via)).toEqual(['app']);
    await sender.close();
  });

  test("the reply to the first question isn't sent after the second question, and the second reply is", async () => {
    const { clock, fake, number, coexistence, questions, customer, sender } = await setUp();
    customer.send(number.phoneNumberId, 'Do you have rye bread?');
    await fake.settled();
    const first = await coexistence.handoff.beginReply(questions[0]!);
    await clock.advance(1_000);
    customer.send(number.phoneNumberId, 'Or wheat?');
    await fake.settled();
    const second = await coexistence.handoff.beginReply(questions[1]!);
    expect(await pass(clock, sender.send({ to: mara.waId, ...text('Yes') }, { guard: first.guard }))).toMatchObject({
      error: { reason: 'customer-wrote' },
    });
    expect(await pass(clock, sender.send({ to: mara.waId, ...text('Both') }, { guard: second.guard }))).toMatchObject({
      outcome: 'accepted',
    });
    await sender.close();
  });

  test('campaigns wait while a person has the thread until a known time, and are rejected otherwise', async () => {
    const { clock, fake, number, coexistence } = await setUp();
    fake.phone(number).send(mara.waId, 'Shall I keep one for you?');
    await fake.settled();
    const context = { phoneNumberId: number.phoneNumberId, priority: 'low' } as const;
    const ask = (message: OutgoingMessage) => coexistence.handoff.guard(message, context);
    const spring = template('spring', 'en_US');
    expect(await ask({ to: mara.waId, ...spring })).toMatchObject({ verdict: 'hold', until: new Date(clock.now() + 30 * minuteMs) });
    expect(await ask({ to: '15550100111', ...spring })).toEqual({ verdict: 'pass' });
    expect(await ask({ recipient: fake.customer(mara.waId).userId, ...spring })).toMatchObject({ verdict: 'hold' });
    await coexistence.handoff.assignToHuman({ phoneNumberId: number.phoneNumberId, customer: mara });
    expect(await ask({ to: mara.waId, ...spring })).toMatchObject({ verdict: 'reject', error: { reason: 'person-holds' } });
    await clock.advance(24 * 60 * minuteMs);
    await coexistence.handoff.release({ phoneNumberId: number.phoneNumberId, customer: mara });
    expect(await ask({ to: mara.waId, ...spring })).toEqual({ verdict: 'pass' });
  });
});
