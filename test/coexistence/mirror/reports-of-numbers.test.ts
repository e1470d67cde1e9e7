import fc from '../../fast-check.js';
import { describe, expect, test } from 'vitest';
import type { ConversationEvent } from 'wa-coexist/coexistence';
import type { SqliteMirror } from 'wa-coexist/sqlite';
import { fakeClock } from 'wa-coexist/testing';
import { chooseRuns } from '../../long-runs.js';
import { collect } from '../collect.js';
import { useMirrors } from './mirrors.js';
import { addTo, usePostgresMirror } from './postgres-mirror.js';
import { message, newUserIdOfNumber, phoneNumberId, textOf, timeAt } from './script.js';

const { fed, closeAll } = useMirrors({ clock: fakeClock({ now: timeAt(1_000) }) });
const postgres = usePostgresMirror();

const waId = '15550100987';
const [ann, bob, bobLater, cleo] = ['US.1', 'US.2', 'US.3', 'US.4'];
/** Bob gets the number from Ann, then a new user ID, and Cleo gets the number from Bob. */
const events: readonly ConversationEvent[] = [
  message({ waId, userId: ann }, 'wamid.1', 1, textOf('Ann')),
  message({ waId, userId: bob }, 'wamid.2', 10, textOf('Bob')),
  message({ userId: bob }, 'wamid.3', 11, textOf('Bob, too')),
  newUserIdOfNumber(waId, bobLater, 50),
  message({ userId: bobLater }, 'wamid.4', 60, textOf('Bob with a new ID')),
  message({ waId, userId: cleo }, 'wamid.5', 90, textOf('Cleo')),
];
const orders = fc
  .subarray([...events])
  .chain((twice) => fc.shuffledSubarray([...events, ...twice], { minLength: events.length + twice.length }));

async function textsByThread(mirror: SqliteMirror): Promise<unknown> {
  const { items } = await mirror.threads(phoneNumberId);
  const threads = new Map<string, string[]>();
  for (const { threadId } of items) {
    const messages = await collect(mirror.stream(phoneNumberId, threadId));
    threads.set(
      threadId,
      messages.flatMap(({ text }) => text ?? []),
    );
  }
  return Object.fromEntries(threads);
}

describe('a report of a new user ID that contains only the number', () => {
  test('merges the conversations of the person who had the number right before it, in any order', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        const mirror = await fed(order);
        expect(await textsByThread(mirror)).toEqual({
          [ann]: ['Ann'],
          [bobLater]: ['Bob', 'Bob, too', 'Bob with a new ID'],
          [cleo]: ['Cleo'],
        });
        for (const userId of [bob, bobLater]) expect(await mirror.thread(phoneNumberId, { userId })).toMatchObject({ threadId: bobLater });
        await closeAll();
      }),
      { numRuns: chooseRuns(5_000, 100) },
    );
  });

  test('merges them for readers of Postgres, in any order', { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        await postgres.empty();
        await addTo(postgres.database(), order);
        const { rows } = await postgres
          .database()
          .query<{ thread: string }>(
            'SELECT wa_thread_of($1, id) AS thread FROM unnest($2::text[]) WITH ORDINALITY AS ids (id, n) ORDER BY n',
            [phoneNumberId, [ann, bob, bobLater, cleo, waId]],
          );
        expect(rows.map(({ thread }) => thread)).toEqual([ann, bobLater, bobLater, cleo, cleo]);
        const { rows: texts } = await postgres
          .database()
          .query<{ text: string }>(`SELECT text FROM wa_conversation($1, $2) WHERE type = 'text' ORDER BY occurred_at`, [
            phoneNumberId,
            bob,
          ]);
        expect(texts.map(({ text }) => text)).toEqual(['Bob', 'Bob, too', 'Bob with a new ID']);
      }),
      { numRuns: chooseRuns(500, 10) },
    );
  });

  test('splits conversations again if an event reveals another owner, and is forgotten with the person', async () => {
    const mirror = await fed([
      message({ waId, userId: ann }, 'wamid.1', 1, textOf('Ann')),
      newUserIdOfNumber(waId, bobLater, 50),
      message({ userId: bobLater }, 'wamid.4', 60, textOf('Bob')),
    ]);
    expect(await textsByThread(mirror)).toEqual({ [bobLater]: ['Ann', 'Bob'] });
    await mirror.handle(message({ waId, userId: bob }, 'wamid.2', 10, textOf('Earlier')));
    expect(await textsByThread(mirror)).toEqual({ [ann]: ['Ann'], [bobLater]: ['Earlier', 'Bob'] });
    await mirror.forget({ userId: bob });
    expect(await textsByThread(mirror)).toEqual({ [ann]: ['Ann'] });
  });
});
