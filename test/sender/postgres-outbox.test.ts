import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EnqueueOptions, OutgoingMessage } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { InvalidArgumentError } from 'wa-coexist/errors';
import { postgresOutbox } from 'wa-coexist/postgres';

/** The table and the function of version 1. */
const versionOne = `
  CREATE TABLE wa_schema (part text PRIMARY KEY, version integer NOT NULL, migrated_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE wa_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, recipient text NOT NULL, send text NOT NULL,
    leased_until timestamptz NOT NULL DEFAULT '-infinity', failure text
  );
  CREATE INDEX wa_outbox_by_recipient ON wa_outbox (recipient, id);
  CREATE FUNCTION wa_outbox_take() RETURNS TABLE (id bigint, send text) LANGUAGE sql AS $$ SELECT o.id, o.send FROM wa_outbox AS o $$;
  INSERT INTO wa_schema (part, version) VALUES ('outbox', 1);
  INSERT INTO wa_outbox (recipient, send) VALUES ('15550100001', '{"message":{"to":"15550100001","type":"text","text":{"body":"earlier"}},"options":{"key":"earlier"}}');
`;

let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
}, 60_000);
afterAll(() => database.close());

const bodyOf = (message: OutgoingMessage): string => (message.type === 'text' ? message.text.body : '');

describe('postgresOutbox', () => {
  test('upgrades a table of version 1, and passes messages with a higher priority first', async () => {
    await database.exec(versionOne);
    const outbox = postgresOutbox(database);
    await outbox.migrate();
    await outbox.migrate();
    const add = (to: string, body: string, options?: EnqueueOptions) => outbox.enqueue(database, { to, ...text(body) }, options);
    await add('15550100001', 'campaign 1', { priority: 'low' });
    await add('15550100002', 'campaign 2', { priority: 'low' });
    await add('15550100002', 'reply 1', { priority: 'high' });
    await add('15550100003', 'notice');
    await add('15550100002', 'reply 2', { priority: 'high' });
    await expect(add('15550100002', 'wrong', { priority: 'urgent' as never })).rejects.toThrow(InvalidArgumentError);
    const passed: (readonly [string, string | undefined])[] = [];
    const relay = outbox.relayTo({
      enqueue: (message, options) => {
        passed.push([bodyOf(message), options?.priority]);
        return Promise.resolve('');
      },
    });
    expect(await relay.relayNow()).toBe(6);
    await relay.close();
    expect(passed).toEqual([
      ['reply 1', 'high'],
      ['reply 2', 'high'],
      ['earlier', undefined],
      ['notice', undefined],
      ['campaign 1', 'low'],
      ['campaign 2', 'low'],
    ]);
    expect((await database.query('SELECT count(*)::int AS n FROM wa_outbox')).rows).toEqual([{ n: 0 }]);
    expect((await database.query('SELECT version FROM wa_schema')).rows).toEqual([{ version: 2 }]);
  });
});
