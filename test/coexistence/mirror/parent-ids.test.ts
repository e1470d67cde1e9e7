import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ConversationEvent } from 'wa-coexist/coexistence';
import { postgresMirror } from 'wa-coexist/postgres';
import { sqliteMirror } from 'wa-coexist/sqlite';
import fc from '../../fast-check.js';
import { chooseRuns } from '../../long-runs.js';
import { collect } from '../collect.js';
import { eventsOf } from './script.js';

const waId = '15550100987';
const userId = 'US.90000000000000000001';
const parents = ['US.ENT.1', 'US.ENT.2', 'US.ENT.3'] as const;
/** The parent's ID changes at these seconds. */
const changes = [20, 40] as const;

const timestamp = (second: number): string => String(1_795_000_000 + second);
const all = (events: readonly ConversationEvent[]): ConversationEvent => {
  const [event] = events;
  if (!event) throw new Error('No event.');
  return event;
};

/** A message that names the person by some IDs. */
function message(
  second: number,
  ids: { readonly waId?: boolean; readonly userId?: boolean; readonly parent?: boolean },
): ConversationEvent {
  const parent = parents[changes.filter((change) => change < second).length];
  return all(
    eventsOf('messages', {
      contacts: [{ profile: {}, ...(ids.waId && { wa_id: waId }), ...(ids.userId && { user_id: userId }) }],
      messages: [
        {
          id: `wamid.${String(second)}`,
          timestamp: timestamp(second),
          type: 'text',
          text: { body: 'Hi' },
          ...(ids.waId && { from: waId }),
          ...(ids.userId && { from_user_id: userId }),
          ...(ids.parent && { from_parent_user_id: parent }),
        },
      ],
    }),
  );
}

/** Reports a new parent's ID, in one of the ways in which webhooks name the person. */
function newParent(index: 0 | 1, how: number): ConversationEvent {
  const [previous, current] = [parents[index], parents[index + 1]];
  const time = timestamp(changes[index]);
  if (how < 2) {
    const user_id = how === 1 ? { previous: userId, current: userId } : undefined;
    return all(
      eventsOf('user_id_update', {
        user_id_update: [{ ...(user_id ? { user_id } : { wa_id: waId }), parent_user_id: { previous, current }, timestamp: time }],
      }),
    );
  }
  return all(
    eventsOf('messages', {
      messages: [
        {
          id: `wamid.system${String(index)}`,
          timestamp: time,
          type: 'system',
          ...(how === 2 && { from: waId, from_user_id: userId }),
          system: { type: 'user_changed_user_id', body: 'New ID', parent_user_id: current, previous_parent_user_id: previous },
        },
      ],
    }),
  );
}

describe('a change of only the ID of the parent portfolio', () => {
  let database: PGlite;
  beforeAll(async () => {
    database = await PGlite.create();
    await postgresMirror(database).migrate();
  }, 120_000);
  afterAll(() => database.close());

  let numbers = 0;
  const second = fc.integer({ min: 1, max: 59 }).filter((one) => one % 20 !== 0);
  const messages = fc.uniqueArray(second, { maxLength: 6 }).chain((seconds) =>
    fc.tuple(
      ...seconds.map((one) =>
        fc
          .record({ waId: fc.boolean(), userId: fc.boolean(), parent: fc.boolean() })
          .filter((ids) => ids.waId || ids.userId || ids.parent)
          .map((ids) => message(one, ids)),
      ),
    ),
  );

  test('leaves one conversation under the user ID, in any order', { timeout: 600_000 }, async () => {
    const events = fc.tuple(messages, fc.nat(3), fc.nat(3)).chain(([some, first, second_]) =>
      fc.shuffledSubarray([message(0, { waId: true, userId: true, parent: true }), newParent(0, first), newParent(1, second_), ...some], {
        minLength: some.length + 3,
      }),
    );
    await fc.assert(
      fc.asyncProperty(events, async (list) => {
        const phoneNumberId = `3399001122${String((numbers += 1)).padStart(6, '0')}`;
        await using sqlite = sqliteMirror(':memory:');
        for (const mirror of [sqlite, postgresMirror(database)]) {
          for (const event of list) await mirror.handle({ ...event, phoneNumberId });
          const { items } = await mirror.threads(phoneNumberId);
          expect(items).toMatchObject([{ threadId: userId, userId, waId, parentUserId: parents[2] }]);
          expect(items).toHaveLength(1);
          for (const parentUserId of parents) expect((await mirror.thread(phoneNumberId, { parentUserId }))?.threadId).toBe(userId);
          expect((await collect(mirror.stream(phoneNumberId))).every(({ threadId }) => threadId === userId)).toBe(true);
        }
      }),
      { numRuns: chooseRuns(1_000, 60) },
    );
  });

  test('leaves one conversation of a person who is known by no other ID', async () => {
    const phoneNumberId = '339900112299';
    const list = [message(1, { parent: true }), newParent(0, 3), message(21, { parent: true })];
    for (const events of [list, list.toReversed()]) {
      await using sqlite = sqliteMirror(':memory:');
      await database.query(`DELETE FROM wa_messages WHERE phone_number_id = '${phoneNumberId}'`);
      for (const mirror of [sqlite, postgresMirror(database)]) {
        for (const event of events) await mirror.handle({ ...event, phoneNumberId });
        const { items } = await mirror.threads(phoneNumberId);
        expect(items).toMatchObject([{ parentUserId: parents[1] }]);
        expect(items).toHaveLength(1);
        expect(items[0]).not.toHaveProperty('userId');
        expect((await mirror.messages(phoneNumberId, { parentUserId: parents[1] })).items).toHaveLength(3);
      }
    }
  });
});
