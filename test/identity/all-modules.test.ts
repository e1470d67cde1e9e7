import fc from '../fast-check.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createClient, createCoexistence, createSender, silentLogger, wait, type Coexistence, type Sender, type Store } from 'wa-coexist';
import { template, text } from 'wa-coexist/messages';
import { sqliteStore } from 'wa-coexist/sqlite';
import { fakeClock, type FakeClock } from 'wa-coexist/testing';
import { createWebhooks, type Webhooks } from 'wa-coexist/webhooks';
import { pass } from '../sender/virtual-meta.js';
import { recordMeta } from '../meta/recorder.js';
import { changedIds, chosen, delivery, echoed, saved, startMs, statusOf, timeOf, written, type Ids } from './person-webhooks.js';

const numRuns = Number(process.env.WA_COEXIST_RUNS ?? (process.env.WA_COEXIST_LONG === '1' ? 20_000 : 200));
const folder = mkdtempSync(join(tmpdir(), 'identity-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** All modules on one store, as in one process. */
interface House extends AsyncDisposable {
  readonly coexistence: Coexistence;
  readonly sender: Sender;
  readonly webhooks: Webhooks;
  /** The start and the end of each request. */
  readonly requests: { readonly name: string; readonly startedAtMs: number; endedAtMs: number }[];
}

function open(store: Store, clock: FakeClock, phoneNumberId: string): House {
  const requests: House['requests'] = [];
  const { fetch } = recordMeta(async ({ body }) => {
    const { text } = body as { readonly text?: { readonly body: string } };
    const request = { name: text?.body ?? 'template', startedAtMs: clock.monotonic(), endedAtMs: Infinity };
    requests.push(request);
    await wait(clock, requests.length === 1 ? 300 : 20);
    request.endedAtMs = clock.monotonic();
    return { messaging_product: 'whatsapp', messages: [{ id: `wamid.${String(requests.length)}` }] };
  });
  const client = createClient({ accessToken: 'token', phoneNumberId, fetch, clock, logger: silentLogger });
  const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token', clock });
  const coexistence = createCoexistence({ client, store, webhooks, clock, saveToken: () => undefined, sweepIntervalMs: false });
  const sender = createSender({ client, store, webhooks, throughput: 1_000 });
  return {
    coexistence,
    sender,
    webhooks,
    requests,
    [Symbol.asyncDispose]: async () => {
      await webhooks.close();
      await sender.close();
      await coexistence.close();
    },
  };
}

const recipientOf = (id: string) => (/^[A-Z]{2}\./.test(id) ? { recipient: id } : { to: id });
const personOf = (id: string) => (id.includes('ENT') ? { parentUserId: id } : id.includes('.') ? { userId: id } : { waId: id });

async function isOptedOut({ sender }: House, clock: FakeClock, id: string): Promise<boolean> {
  const result = await pass(clock, sender.send({ ...recipientOf(id), ...template('spring', 'en_US') }, { category: 'marketing' }));
  if (result.outcome === 'accepted') return false;
  expect(result).toMatchObject({ outcome: 'rejected', by: 'guard', error: { reason: 'opted-out' } });
  return true;
}

/** How a person gets new IDs. */
const change = fc.record({
  /** Whether the phone number also changes. */
  moves: fc.boolean(),
  shape: fc.constantFrom('system' as const, 'old' as const, 'field' as const),
});
const sight = fc.record({ type: fc.nat(5), era: fc.nat(), spelling: fc.nat(), shows: fc.nat(3) });
const numbers = [
  ['5511987654321', '551187654321', '+55 11 98765-4321'],
  ['5215512345678', '525512345678', '+52 1 55 1234 5678'],
  ['5491123456789', '541123456789', '+54 9 11 2345-6789'],
] as const;
const life = fc.record({
  changes: fc.array(change, { maxLength: 2 }),
  hasParent: fc.boolean(),
  sights: fc.array(sight, { minLength: 1, maxLength: 30 }),
  order: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
  restarts: fc.array(fc.nat(40), { maxLength: 2 }),
});

type Life = typeof life extends fc.Arbitrary<infer Value> ? Value : never;
interface Era {
  readonly spellings: readonly string[];
  readonly user: string;
  readonly parent: string | undefined;
}

/** The report of new IDs, in one of Meta's shapes. */
function reportOf(before: Era, { spellings, user, parent }: Era, { moves, shape }: Life['changes'][number], second: number, to: string) {
  if (shape === 'field' && !moves) {
    const parents = parent === undefined ? {} : { parent_user_id: { previous: before.parent, current: parent } };
    const update = { user_id: { previous: before.user, current: user }, ...parents, timestamp: timeOf(second) };
    return delivery('user_id_update', { user_id_update: [update] }, to);
  }
  const type = moves ? 'user_changed_number' : 'user_changed_user_id';
  const current = { type, ...(moves && { wa_id: spellings[0] }), user_id: user, parent_user_id: parent };
  if (shape === 'old') return changedIds(current, String(second), second, before.spellings[0], to);
  const previous = { previous_user_id: before.user, previous_parent_user_id: before.parent };
  return changedIds({ ...current, ...previous }, String(second), second, undefined, to);
}

/** Returns all webhooks about one person, in the order of arrival, and all IDs and spellings of the person. */
function storyOf({ changes, hasParent, sights, order }: Life, to: string) {
  const eras: Era[] = [];
  for (let era = 0, place = 0; era <= changes.length; era += 1) {
    if (changes[era - 1]?.moves === true) place += 1;
    eras.push({ spellings: numbers[place] ?? [], user: `BR.${String(era)}`, parent: hasParent ? `BR.ENT.${String(era)}` : undefined });
  }
  const bodies: { readonly body: unknown }[] = [];
  const add = (second: number, make: (second: number) => unknown): void => void bodies.push({ body: make(second) });
  for (const [era, now] of eras.entries()) {
    const ids: Ids = { number: now.spellings[0], user: now.user, parent: now.parent };
    add(era * 100 + 1, (second) => written(ids, `ERA${String(era)}`, second, to));
    const [before, how] = [eras[era - 1], changes[era - 1]];
    if (before && how) add(era * 100, (second) => reportOf(before, now, how, second, to));
  }
  const [first, last] = [eras[0]?.spellings[0], eras.at(-1)?.user];
  add(2, (second) => saved({ number: first, user: undefined }, second, to));
  add(50, (second) => echoed({ number: first, user: eras[0]?.user }, 'ECHO', second, to));
  add(240, (second) => chosen({ number: undefined, user: last }, 'stop', second, to));
  for (const { type, era, spelling, shows } of sights) {
    const at = era % eras.length;
    const { spellings = [], user = '', parent } = eras[at] ?? {};
    const ids: Ids = {
      number: shows === 1 ? undefined : spellings[spelling % spellings.length],
      user: shows === 0 ? undefined : user,
      parent: shows === 3 ? parent : undefined,
    };
    const token = `T${String(bodies.length)}`;
    const writing = at * 100 + 3;
    if (type === 0) add(writing, (second) => written(ids, token, second, to));
    if (type === 1) add(at * 100 + 50, (second) => echoed(ids, token, second, to));
    if (type === 2) add(writing, (second) => saved(ids, second, to));
    if (type === 3) add(writing, (second) => statusOf(ids, token, second, 'delivered', to));
    if (type === 4) add(writing, (second) => chosen(ids, 'stop', second, to));
    if (type === 5)
      add(50, (second) => echoed({ number: ids.number === undefined ? undefined : first, user: eras[0]?.user }, 'ECHO', second, to));
  }
  const ranked = bodies.map(({ body }, index) => ({ body, rank: order[index] ?? 0 }));
  ranked.sort((left, right) => left.rank - right.rank);
  return {
    bodies: ranked.map(({ body }) => body),
    ids: [...new Set(eras.flatMap(({ spellings, user, parent = user }) => [...spellings, user, parent]))],
  };
}

/**
 * The number first arrives without a user ID, and then with the last user ID. The report of the first change arrives
 * last.
 */
const earlyNumber: Life = {
  changes: [
    { moves: false, shape: 'old' },
    { moves: false, shape: 'system' },
  ],
  hasParent: false,
  sights: [{ type: 0, era: 0, spelling: 0, shows: 0 }],
  order: [7, 6, 8, 4, 0, 1, 5, 2, 3],
  restarts: [],
};

describe('all modules on one store', () => {
  test(
    `one person has one contact, one hand-off state, one window, one opt-out and one queue (${String(numRuns)} runs)`,
    { timeout: 14_400_000 },
    async () => {
      const store = sqliteStore(join(folder, 'one.db'));
      let run = 0;
      await fc.assert(
        fc.asyncProperty(life, async (lived) => {
          run += 1;
          const phoneNumberId = String(100_000_000 + run);
          const { bodies, ids } = storyOf(lived, phoneNumberId);
          const clock = fakeClock({ now: new Date(startMs + 600_000) });
          let house = open(store, clock, phoneNumberId);
          for (const [index, body] of bodies.entries()) {
            if (lived.restarts.includes(index)) {
              await house[Symbol.asyncDispose]();
              house = open(store, clock, phoneNumberId);
            }
            await house.webhooks.process({ body });
          }
          await house[Symbol.asyncDispose]();
          await using after = open(store, clock, phoneNumberId);
          const { coexistence, sender, requests } = after;
          const contacts = [];
          for await (const contact of coexistence.contacts.list(phoneNumberId)) contacts.push(contact);
          expect(contacts).toHaveLength(1);
          const views = new Set<string>();
          for (const id of ids) {
            const thread = { phoneNumberId, customer: personOf(id) };
            const contact = await coexistence.contacts.get(phoneNumberId, personOf(id));
            views.add(JSON.stringify([contact?.key, await coexistence.handoff.get(thread), await coexistence.serviceWindow.get(thread)]));
          }
          expect([...views]).toHaveLength(1);
          expect([...views][0]).toContain('"assignee":"person"');
          expect([...views][0]).toContain('"status":"open"');
          const sends = ids.map((id, index) => sender.send({ ...recipientOf(id), ...text(String(index)) }));
          await pass(clock, Promise.all(sends));
          expect(requests.map(({ name }) => name)).toEqual(ids.map((_, index) => String(index)));
          for (const [index, { startedAtMs }] of requests.entries()) {
            if (index > 0) expect(startedAtMs).toBeGreaterThanOrEqual(requests[index - 1]?.endedAtMs ?? Infinity);
          }
          for (const id of ids) expect(await isOptedOut(after, clock, id)).toBe(true);
        }),
        { numRuns, examples: [[earlyNumber]] },
      );
    },
  );

  test(`different people are never merged (${String(numRuns)} runs)`, { timeout: 14_400_000 }, async () => {
    const store = sqliteStore(join(folder, 'many.db'));
    let run = 0;
    const owner = fc.record({
      leaves: fc.constantFrom('silently' as const, 'moves' as const, 'rotates' as const),
      hasParent: fc.boolean(),
    });
    const crowd = fc.record({
      /** The consecutive owners of the number. */
      owners: fc.array(owner, { minLength: 2, maxLength: 4 }),
      twins: fc.constantFrom(
        ['5511933334444', '551133334444'] as const,
        ['15550100987', '15550100988'] as const,
        ['525512345678', '5255123456789'] as const,
        ['5491123456789', '5491123456780'] as const,
      ),
      order: fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
      restarts: fc.array(fc.nat(20), { maxLength: 2 }),
      chosen: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(crowd, async ({ owners, twins: [number, twin], order, restarts, chosen: index }) => {
        run += 1;
        const to = String(100_000_000 + run);
        const clock = fakeClock({ now: new Date(startMs + 600_000) });
        const bodies: unknown[] = [];
        const people = owners.map(({ leaves, hasParent }, at) => {
          const user = `BR.${String(at)}`;
          const parent = hasParent ? `BR.ENT.${String(at)}` : undefined;
          const ids = [user, ...(parent === undefined ? [] : [parent])];
          const own: Ids = { number, user, parent };
          // All messages contain the same token.
          bodies.push(written(own, 'TOKEN', at * 100 + 1, to), saved(own, at * 100 + 2, to));
          if (leaves !== 'silently') {
            const next = `BR.${String(at)}0`;
            const moved = `15550100${String(at)}11`;
            const type = leaves === 'moves' ? 'user_changed_number' : 'user_changed_user_id';
            const system = { type, user_id: next, previous_user_id: user, ...(leaves === 'moves' && { wa_id: moved }) };
            bodies.push(changedIds(system, String(at), at * 100 + 60, undefined, to));
            ids.push(next, ...(leaves === 'moves' ? [moved] : []));
          }
          return ids;
        });
        people.push([twin]);
        bodies.push(written({ number: twin, user: undefined }, 'TOKEN', 5, to), saved({ number: twin, user: undefined }, 5, to));
        const choice = index % people.length;
        const ids = people[choice] ?? [];
        const shown: Ids = choice === people.length - 1 ? { number: twin, user: undefined } : { number: undefined, user: ids[0] };
        bodies.push(echoed(shown, 'TOKEN', 550, to), chosen(shown, 'stop', 550, to));
        const ranked = bodies.map((body, place) => ({ body, rank: order[place] ?? 0 })).sort((left, right) => left.rank - right.rank);
        let house = open(store, clock, to);
        for (const [place, { body }] of ranked.entries()) {
          if (restarts.includes(place)) {
            await house[Symbol.asyncDispose]();
            house = open(store, clock, to);
          }
          await house.webhooks.process({ body });
        }
        await house[Symbol.asyncDispose]();
        await using after = open(store, clock, to);
        const { handoff, contacts } = after.coexistence;
        const keys = new Set<string | undefined>();
        for (const [at, own] of people.entries()) {
          const [first = ''] = own;
          const key = (await contacts.get(to, personOf(first)))?.key;
          expect(key).toBeDefined();
          keys.add(key);
          for (const id of own) {
            expect((await contacts.get(to, personOf(id)))?.key).toBe(key);
            expect((await handoff.get({ phoneNumberId: to, customer: personOf(id) })).assignee).toBe(at === choice ? 'person' : 'bot');
            expect(await isOptedOut(after, clock, id)).toBe(at === choice);
          }
        }
        expect(keys.size).toBe(people.length);
        // Each person has a separate queue, so they don't wait for each other.
        after.requests.length = 0;
        await pass(clock, Promise.all(people.map(([id = '']) => after.sender.send({ ...recipientOf(id), ...text(id) }))));
        expect(after.requests).toHaveLength(people.length);
        const firstEndMs = Math.min(...after.requests.map(({ endedAtMs }) => endedAtMs));
        for (const { startedAtMs } of after.requests) expect(startedAtMs).toBeLessThan(firstEndMs);
      }),
      { numRuns },
    );
  });
});
