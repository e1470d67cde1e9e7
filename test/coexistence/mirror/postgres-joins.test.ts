import { readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import fc from '../../fast-check.js';
import { describe, expect, test } from 'vitest';
import { messageToken } from 'wa-coexist';
import { postgresSchema } from 'wa-coexist/coexistence';
import { type ConversationEvent } from 'wa-coexist/coexistence';
import { sqliteMirror, type MirroredMessage } from 'wa-coexist/sqlite';
import { chooseRuns } from '../../long-runs.js';
import { collect } from '../collect.js';
import { draw, drawnEvents, linked } from './draws.js';
import { addTo, usePostgresMirror } from './postgres-mirror.js';
import { mara, message, phoneNumberId, reaction, textOf } from './script.js';
import { spelledWamid } from './wamids.js';

const numRuns = chooseRuns(500, 15);
const postgres = usePostgresMirror();
const add = (events: readonly ConversationEvent[], target = postgres.database()): Promise<void> => addTo(target, events);
type Row = Readonly<Record<string, unknown>>;
async function read(query: string, values: readonly unknown[], target = postgres.database()): Promise<readonly Row[]> {
  return (await target.query<Row>(query, [...values])).rows;
}

/** A message that isn't stored can be quoted under any of its wamids. */
function quoted(answers: unknown, messages: readonly MirroredMessage[]): unknown {
  if (typeof answers !== 'string' || messages.some(({ messageId }) => messageId === answers)) return answers;
  return messageToken(answers);
}

describe('merged wamids in Postgres', () => {
  test('wa_conversation, wa_reactions_of and wa_edits_of return what the SQLite mirror returns', { timeout: 3_600_000 }, async () => {
    const draws = fc
      .array(
        draw.filter(({ kind }) => kind !== 'recycled'),
        { maxLength: 16 },
      )
      .chain((some) => fc.shuffledSubarray([...some, ...linked], { minLength: some.length + linked.length }));
    await fc.assert(
      fc.asyncProperty(draws, async (drawn) => {
        const events = drawnEvents(drawn, String);
        await postgres.empty();
        await add(events);
        await using mirror = sqliteMirror(':memory:');
        await mirror.handle(events);
        const { items } = await mirror.threads(phoneNumberId);
        for (const { threadId } of items) {
          const person = [phoneNumberId, threadId];
          const rows = await read(
            `SELECT message_id, text, edited_text, status, answers, revoked_at, media_id FROM wa_conversation($1, $2)
            WHERE type IS DISTINCT FROM 'reaction' ORDER BY occurred_at, place, message_id`,
            person,
          );
          const reactions = await read('SELECT message_id, reactor, emoji FROM wa_reactions_of($1, $2) WHERE emoji IS NOT NULL', person);
          const edits = await read('SELECT message_id, edited_text FROM wa_edits_of($1, $2) ORDER BY edited_at, edit_id', person);
          const messages = await collect(mirror.stream(phoneNumberId, threadId));
          expect(
            rows.map((row) => ({
              id: row['message_id'],
              text: row['edited_text'] ?? row['text'] ?? undefined,
              status: row['status'] ?? undefined,
              answers: quoted(row['answers'] ?? undefined, messages),
              revokedAt: row['revoked_at'] ?? undefined,
              media: row['media_id'] ?? undefined,
              reactions: reactions.flatMap((one) => (one['message_id'] === row['message_id'] ? [one['emoji']] : [])).sort(),
              edits: edits.flatMap((one) => (one['message_id'] === row['message_id'] ? [one['edited_text']] : [])),
            })),
          ).toEqual(
            await Promise.all(
              messages.map(async (one) => ({
                id: one.messageId,
                text: one.text,
                status: one.status,
                answers: quoted(one.answers, messages),
                revokedAt: one.revokedAt,
                media: one.media?.id,
                reactions: one.reactions.map(({ emoji }) => emoji).sort(),
                edits: (await mirror.edits(phoneNumberId, one.messageId)).map(({ text }) => text),
              })),
            ),
          );
        }
      }),
      { numRuns },
    );
  });

  test('wa_token_of returns what messageToken returns', { timeout: 120_000 }, async () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((values) => `wamid.${Buffer.from(values).toString('base64')}`);
    const real = fc
      .tuple(
        fc.constantFrom('15550100987', 'US.1', '', 'x'.repeat(127), 'x'.repeat(128), 'é'),
        fc.constantFrom('T', '', 'x'.repeat(127), 'x'.repeat(128)),
        fc.nat(80),
        fc.nat(255),
      )
      .chain(([peer, token, at, value]) => {
        const wamid = spelledWamid(peer, token);
        const changed = Buffer.from(wamid.slice(6), 'base64');
        changed[at % changed.length] = value;
        const base64 = changed.toString('base64');
        return fc.constantFrom(wamid, `wamid.${base64}`, `wamid.${changed.toString('base64url')}`, `${wamid}=`, wamid.replace(/=+$/, ''));
      });
    const given = fc.array(
      fc.oneof(
        bytes,
        real,
        fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', '')),
      ),
      { maxLength: 200 },
    );
    await fc.assert(
      fc.asyncProperty(given, async (wamids) => {
        const rows = await read('SELECT wa_token_of(id) AS token FROM unnest($1::text[]) WITH ORDINALITY AS given (id, n) ORDER BY n', [
          wamids,
        ]);
        expect(rows.map(({ token }) => token)).toEqual(wamids.map((wamid) => messageToken(wamid) ?? null));
      }),
      { numRuns: 20 },
    );
  });

  test('the schema upgrades the tables of an earlier version, and can run again', { timeout: 120_000 }, async () => {
    const earlier = new PGlite();
    // The result of `postgresSchema` before messages had tokens.
    await earlier.exec(readFileSync(new URL('earlier-schema.sql', import.meta.url), 'utf8'));
    const [byPhone, byUser] = [spelledWamid(mara.waId, 'TOKEN00001'), spelledWamid(mara.userId, 'TOKEN00001')];
    await earlier.query(
      `INSERT INTO wa_messages (phone_number_id, message_id, customer_id, direction, occurred_at, place, origin_rank, type, text, content_rank)
      VALUES ($1, $2, $3, 'inbound', '2026-11-18T11:06:41Z', 0, 9, 'text', 'Hello', 6)`,
      [phoneNumberId, byPhone, mara.userId],
    );
    for (let run = 0; run < 2; run += 1) await earlier.exec(postgresSchema());
    await add(
      [
        message(mara, spelledWamid(mara.waId, 'REACTION01'), 2, reaction(byUser, '👍')),
        message(mara, spelledWamid(mara.waId, 'QUOTE00001'), 3, { ...textOf('Quote'), context: { id: byUser } }),
      ],
      earlier,
    );
    const person = [phoneNumberId, mara.waId];
    expect(await read('SELECT message_id, emoji FROM wa_reactions_of($1, $2)', person, earlier)).toEqual([
      { message_id: byPhone, emoji: '👍' },
    ]);
    expect(
      await read(`SELECT text, answers FROM wa_conversation($1, $2) WHERE type = 'text' ORDER BY occurred_at`, person, earlier),
    ).toEqual([
      { text: 'Hello', answers: null },
      { text: 'Quote', answers: byPhone },
    ]);
    expect(await read('SELECT wa_message_of($1, $2, $3) AS id', [...person, byUser], earlier)).toEqual([{ id: byPhone }]);
    await earlier.close();
  });
});
