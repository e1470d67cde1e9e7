import type { Pool } from 'pg';

/**
 * Fills the tables of a mirror by plain inserts of generated rows, which takes a tenth of the time that events take. The
 * rows are those of `history.chunk` events: two IDs for each person, and every third message is outbound. Half of the
 * conversations belong to the first number.
 */
export async function fillMirror(pool: Pool, messages: number, threads: number, words: readonly string[]): Promise<void> {
  const perThread = Math.floor(messages / threads);
  const number = (thread: string): string =>
    `CASE WHEN ${thread} * 2 < ${String(threads)} THEN '339900000000001' ELSE '3399000000000' || (10 + ${thread} % 9) END`;
  const user = (thread: string): string => `'US.' || (15550000000 + ${thread})`;
  const list = `ARRAY[${words.map((word) => `'${word}'`).join(',')}]`;
  const word = (index: string): string => `(${list})[1 + (${index}) % ${String(words.length)}]`;
  const ids = (thread: string): string => `${number(thread)}, (15550000000 + ${thread})::text, ${user(thread)}`;
  await pool.query(`INSERT INTO wa_customers (phone_number_id, customer_id, wa_id, wa_id_at, thread_id)
    SELECT n, unnest(ARRAY[w, u]), w, now(), u FROM (SELECT ${ids('t')} FROM generate_series(0, ${String(threads - 1)}) AS t) AS p(n, w, u)`);
  await pool.query(`INSERT INTO wa_aliases (phone_number_id, customer_id, same_as, since)
    SELECT n, w, u, now() FROM (SELECT ${ids('t')} FROM generate_series(0, ${String(threads - 1)}) AS t) AS p(n, w, u)`);
  const step = 100_000;
  for (let from = 0; from < messages; from += step) {
    await pool.query(`INSERT INTO wa_messages (phone_number_id, message_id, customer_id, thread_id, direction, occurred_at, place, origin_rank, author, author_rank, type, text, content, content_rank)
      SELECT ${number('t')}, 'wamid.bulk' || i, ${user('t')}, ${user('t')}, CASE WHEN p % 3 = 2 THEN 'outbound' ELSE 'inbound' END,
        timestamptz '2026-06-01' + i * interval '10 seconds', p, 1, 'customer', 1, 'text', body, jsonb_build_object('type', 'text', 'text', jsonb_build_object('body', body)), 1
      FROM (SELECT i, i % ${String(threads)} AS t, i / ${String(threads)} AS p,
          'Can I pick up ' || ${word('i')} || ' ' || ${word('i * 7')} || ' ref' || i % 50000 || ' at five, or is that too late?' AS body
        FROM generate_series(${String(from)}, ${String(Math.min(from + step, messages) - 1)}) AS i) AS row`);
  }
  await pool.query(`INSERT INTO wa_conversations (phone_number_id, thread_id, last_message_id, last_at, unread)
    SELECT ${number('t')}, ${user('t')}, 'wamid.bulk' || i, timestamptz '2026-06-01' + i * interval '10 seconds', ${String((perThread - 1) % 3 === 2 ? 0 : ((perThread - 1) % 3) + 1)}
    FROM (SELECT t, t + ${String((perThread - 1) * threads)}::bigint AS i FROM generate_series(0, ${String(threads - 1)}) AS t) AS row`);
  await pool.query('VACUUM ANALYZE');
}
