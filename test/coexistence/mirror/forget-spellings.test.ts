import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from '../../fast-check.js';
import { afterAll, expect, test } from 'vitest';
import { sqliteMirror, type SqliteMirror } from 'wa-coexist/sqlite';
import { fakeClock } from 'wa-coexist/testing';
import { collect } from '../collect.js';
import { edit, mara, message, phoneNumberId, reaction, revoke, textOf, timeAt } from './script.js';
import { spelledWamid } from './wamids.js';

const folder = mkdtempSync(join(tmpdir(), 'mirror-forget-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const open = (file: string): SqliteMirror => sqliteMirror({ file, clock: fakeClock({ now: timeAt(1_000) }) });
const wamidOf = (token: string, spelling: 'phone' | 'user'): string => spelledWamid(spelling === 'phone' ? mara.waId : mara.userId, token);

test('forgetting a person reaches every wamid of a message', async () => {
  const [byPhone, byUser] = [wamidOf('TOKEN00001', 'phone'), wamidOf('TOKEN00001', 'user')];
  const file = join(folder, 'forget.db');
  await using mirror = open(file);
  await mirror.handle([
    message(mara, byPhone, 1, textOf('My secret')),
    message(mara, wamidOf('EDIT000001', 'user'), 2, edit(byUser, textOf('My other secret'))),
  ]);
  expect([...(await mirror.forget(mara)).messageIds].sort()).toEqual([byPhone, byUser].sort());
  await mirror.handle(message(mara, byUser, 2_000, textOf('My secret')));
  expect(await mirror.message(phoneNumberId, byUser)).toBeUndefined();
  const database = new DatabaseSync(file);
  expect(database.prepare('SELECT * FROM wa_spellings').all()).toEqual([]);
  database.close();
});

test('forgetting a person erases edits and reactions that named the message by its wamid and the person by another ID', async () => {
  const byPhone = wamidOf('TOKEN00001', 'phone');
  const reactionId = wamidOf('REACTION01', 'user');
  const { userId, waId } = mara;
  const byNumber = [message({ waId }, byPhone, 1, textOf('My secret'))];
  const byUserId = [
    message({ userId }, wamidOf('EDIT000001', 'user'), 2, edit(byPhone, textOf('My other secret'))),
    message({ userId }, wamidOf('EDIT000002', 'user'), 3, edit(byPhone, textOf('My third secret'))),
    message({ userId }, reactionId, 4, reaction(byPhone, '👍')),
    message({ userId }, wamidOf('REVOKE0001', 'user'), 5, revoke(byPhone)),
  ];
  const file = join(folder, 'forget-edits.db');
  await using mirror = open(file);
  let numbers = 0;
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...byNumber, ...byUserId], { minLength: 1 }), async (events) => {
      const number = `33990011${String((numbers += 1))}`;
      const onNumber = (all: typeof byNumber) => all.map((event) => ({ ...event, phoneNumberId: number }));
      for (const event of onNumber([...byNumber, ...events])) await mirror.handle(event);
      await mirror.forget({ waId }, { phoneNumberId: number });
      const database = new DatabaseSync(file, { readOnly: true });
      for (const table of ['spellings', 'edits', 'reactions', 'messages']) {
        // A reaction is also a message.
        const rows = database.prepare(`SELECT * FROM wa_${table} WHERE phone_number_id = ? AND message_id <> ?`);
        expect(rows.all(number, reactionId)).toEqual([]);
      }
      database.close();
      await mirror.handle(
        [message(mara, 'wamid.link', 2_000, textOf('Hi')), ...events].map((event) => ({ ...event, phoneNumberId: number })),
      );
      expect((await collect(mirror.stream(number, mara))).map(({ text }) => text)).toEqual(['Hi']);
      expect(await mirror.edits(number, byPhone)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
