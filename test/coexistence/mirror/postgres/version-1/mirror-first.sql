DO $migration$
DECLARE
  current integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('wa_schema', 0));
  CREATE TABLE IF NOT EXISTS wa_schema (part text PRIMARY KEY, version integer NOT NULL, migrated_at timestamptz NOT NULL DEFAULT now());
  current := COALESCE((SELECT version FROM wa_schema WHERE part = 'mirror'), 0);
  IF current < 1 THEN
EXECUTE $statement$CREATE TABLE IF NOT EXISTS wa_customers (
  phone_number_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  wa_id text COLLATE "C",
  wa_id_at timestamptz,
  parent_user_id text COLLATE "C",
  username text COLLATE "C",
  username_at timestamptz,
  name text COLLATE "C",
  name_at timestamptz,
  contact_name text COLLATE "C",
  contact_first_name text COLLATE "C",
  contact_at timestamptz,
  PRIMARY KEY (phone_number_id, customer_id)
);

CREATE TABLE IF NOT EXISTS wa_aliases (
  phone_number_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  same_as text COLLATE "C",
  since timestamptz,
  PRIMARY KEY (phone_number_id, customer_id)
);

CREATE TABLE IF NOT EXISTS wa_owners (
  phone_number_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C" NOT NULL,
  owner_id text COLLATE "C" NOT NULL,
  first_at timestamptz,
  reported_at timestamptz,
  PRIMARY KEY (phone_number_id, customer_id, owner_id)
);

CREATE TABLE IF NOT EXISTS wa_messages (
  phone_number_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C",
  direction text COLLATE "C",
  occurred_at timestamptz,
  place bigint,
  origin_rank bigint,
  author text COLLATE "C",
  author_rank bigint,
  type text COLLATE "C",
  text text COLLATE "C",
  content jsonb,
  answers text COLLATE "C",
  content_rank bigint,
  media_id text COLLATE "C",
  media jsonb,
  media_rank bigint,
  status text COLLATE "C",
  status_at timestamptz,
  status_error jsonb,
  status_rank bigint,
  edit_id text COLLATE "C",
  edited_at timestamptz,
  edited jsonb,
  edited_text text COLLATE "C",
  edit_rank bigint,
  revoked_at timestamptz,
  token text COLLATE "C",
  PRIMARY KEY (phone_number_id, message_id)
);

CREATE TABLE IF NOT EXISTS wa_edits (
  phone_number_id text COLLATE "C" NOT NULL,
  edit_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C",
  customer_id text COLLATE "C",
  edited_at timestamptz,
  edited jsonb,
  edited_text text COLLATE "C",
  edit_rank bigint,
  PRIMARY KEY (phone_number_id, edit_id)
);

CREATE TABLE IF NOT EXISTS wa_reactions (
  phone_number_id text COLLATE "C" NOT NULL,
  message_id text COLLATE "C" NOT NULL,
  reactor text COLLATE "C" NOT NULL,
  customer_id text COLLATE "C",
  reaction_id text COLLATE "C",
  emoji text COLLATE "C",
  reacted_at timestamptz,
  PRIMARY KEY (phone_number_id, message_id, reactor)
);

CREATE OR REPLACE FUNCTION wa_token_of(of_message text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  digits text := rtrim(translate(substr(of_message, 7), '-_', '+/'), '=');
  bytes bytea;
  peer_end int;
  token_end int;
BEGIN
  IF of_message IS NULL OR length(of_message) > 1000 OR of_message !~ '^wamid\.[A-Za-z0-9+/_-]+={0,2}$' OR length(digits) % 4 = 1 THEN
    RETURN NULL;
  END IF;
  bytes := decode(digits || repeat('=', (4 - length(digits) % 4) % 4), 'base64');
  IF length(bytes) < 3 OR get_byte(bytes, 0) <> 28 OR get_byte(bytes, 1) <> 24 THEN RETURN NULL; END IF;
  peer_end := 3 + get_byte(bytes, 2);
  IF length(bytes) < peer_end + 6 OR peer_end = 3 OR peer_end > 130 OR get_byte(bytes, peer_end) <> 21 OR get_byte(bytes, peer_end + 2) <> 0
    OR get_byte(bytes, peer_end + 3) NOT IN (17, 18) OR get_byte(bytes, peer_end + 4) <> 24 THEN RETURN NULL; END IF;
  token_end := peer_end + 6 + get_byte(bytes, peer_end + 5);
  IF length(bytes) <> token_end + 1 OR token_end = peer_end + 6 OR token_end > peer_end + 133 OR get_byte(bytes, token_end) <> 0 THEN
    RETURN NULL;
  END IF;
  FOR place IN 3 .. token_end - 1 LOOP
    IF (place < peer_end OR place > peer_end + 5) AND get_byte(bytes, place) NOT BETWEEN 32 AND 126 THEN RETURN NULL; END IF;
  END LOOP;
  RETURN convert_from(substr(bytes, peer_end + 7, token_end - peer_end - 6), 'SQL_ASCII');
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END
$$;

DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'wa_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN wa_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'wa_id_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN wa_id_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'parent_user_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN parent_user_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'username' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN username text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'username_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN username_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'name' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN name text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'name_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN name_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'contact_name' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN contact_name text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'contact_first_name' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN contact_first_name text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_customers'::regclass AND attname = 'contact_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_customers ADD COLUMN contact_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_aliases'::regclass AND attname = 'same_as' AND NOT attisdropped) THEN
    ALTER TABLE wa_aliases ADD COLUMN same_as text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_aliases'::regclass AND attname = 'since' AND NOT attisdropped) THEN
    ALTER TABLE wa_aliases ADD COLUMN since timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_owners'::regclass AND attname = 'first_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_owners ADD COLUMN first_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_owners'::regclass AND attname = 'reported_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_owners ADD COLUMN reported_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'customer_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN customer_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'direction' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN direction text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'occurred_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN occurred_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'place' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN place bigint;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'origin_rank' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN origin_rank bigint;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'author' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN author text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'author_rank' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN author_rank bigint;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'type' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN type text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'text' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN text text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'content' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN content jsonb;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'answers' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN answers text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'content_rank' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN content_rank bigint;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'media_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN media_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'media' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN media jsonb;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'media_rank' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN media_rank bigint;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'status' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN status text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'status_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN status_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'status_error' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN status_error jsonb;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'status_rank' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN status_rank bigint;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'edit_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN edit_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'edited_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN edited_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'edited' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN edited jsonb;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'edited_text' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN edited_text text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'edit_rank' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN edit_rank bigint;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'revoked_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN revoked_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_messages'::regclass AND attname = 'token' AND NOT attisdropped) THEN
    ALTER TABLE wa_messages ADD COLUMN token text COLLATE "C"; UPDATE wa_messages SET token = wa_token_of(message_id);
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_edits'::regclass AND attname = 'message_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_edits ADD COLUMN message_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_edits'::regclass AND attname = 'customer_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_edits ADD COLUMN customer_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_edits'::regclass AND attname = 'edited_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_edits ADD COLUMN edited_at timestamptz;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_edits'::regclass AND attname = 'edited' AND NOT attisdropped) THEN
    ALTER TABLE wa_edits ADD COLUMN edited jsonb;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_edits'::regclass AND attname = 'edited_text' AND NOT attisdropped) THEN
    ALTER TABLE wa_edits ADD COLUMN edited_text text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_edits'::regclass AND attname = 'edit_rank' AND NOT attisdropped) THEN
    ALTER TABLE wa_edits ADD COLUMN edit_rank bigint;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_reactions'::regclass AND attname = 'customer_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_reactions ADD COLUMN customer_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_reactions'::regclass AND attname = 'reaction_id' AND NOT attisdropped) THEN
    ALTER TABLE wa_reactions ADD COLUMN reaction_id text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_reactions'::regclass AND attname = 'emoji' AND NOT attisdropped) THEN
    ALTER TABLE wa_reactions ADD COLUMN emoji text COLLATE "C";
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'wa_reactions'::regclass AND attname = 'reacted_at' AND NOT attisdropped) THEN
    ALTER TABLE wa_reactions ADD COLUMN reacted_at timestamptz;
  END IF;
END $$;

CREATE INDEX IF NOT EXISTS wa_messages_by_token ON wa_messages (phone_number_id, token) WHERE token IS NOT NULL;

CREATE INDEX IF NOT EXISTS wa_messages_by_customer ON wa_messages (phone_number_id, customer_id, occurred_at, place, message_id);

CREATE INDEX IF NOT EXISTS wa_edits_by_message ON wa_edits (phone_number_id, message_id);

CREATE INDEX IF NOT EXISTS wa_aliases_by_same_as ON wa_aliases (phone_number_id, same_as);

CREATE INDEX IF NOT EXISTS wa_owners_by_owner ON wa_owners (phone_number_id, owner_id);

CREATE OR REPLACE VIEW wa_links AS
  SELECT phone_number_id, customer_id, same_as, since FROM wa_aliases
  UNION ALL
  SELECT owner.phone_number_id, owner.owner_id, report.owner_id, report.reported_at
  FROM wa_owners AS report JOIN wa_owners AS owner ON owner.phone_number_id = report.phone_number_id AND owner.customer_id = report.customer_id AND owner.owner_id <> report.owner_id AND owner.first_at <= report.reported_at
  WHERE report.reported_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM wa_owners AS other WHERE other.phone_number_id = report.phone_number_id AND other.customer_id = report.customer_id AND other.owner_id <> report.owner_id AND other.first_at <= report.reported_at AND (other.first_at < report.reported_at, other.first_at, other.owner_id) > (owner.first_at < report.reported_at, owner.first_at, owner.owner_id)
  );

CREATE OR REPLACE FUNCTION wa_link_of(of_number text, of_customer text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT link.same_as FROM wa_links AS link WHERE link.phone_number_id = of_number AND link.customer_id = of_customer
  ORDER BY link.since DESC NULLS LAST, link.same_as DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION wa_thread_of(of_number text, of_customer text) RETURNS text LANGUAGE sql STABLE AS $$
  WITH RECURSIVE walk (id, steps) AS (
    SELECT of_customer COLLATE "C", 0
    UNION ALL
    SELECT link.id COLLATE "C", walk.steps + 1 FROM walk CROSS JOIN LATERAL (SELECT wa_link_of(of_number, walk.id) AS id) AS link
    WHERE walk.steps < 64 AND link.id <> walk.id
  ), ring (id) AS (
    (SELECT id FROM walk ORDER BY steps DESC LIMIT 1)
    UNION
    SELECT link.id COLLATE "C" FROM ring CROSS JOIN LATERAL (SELECT wa_link_of(of_number, ring.id) AS id) AS link
    WHERE link.id IS NOT NULL
  )
  SELECT min(id) FROM ring
$$;

CREATE OR REPLACE FUNCTION wa_peer_of(of_message text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  digits text := rtrim(translate(substr(of_message, 7), '-_', '+/'), '=');
  bytes bytea;
  peer_end int;
  token_end int;
BEGIN
  IF of_message IS NULL OR length(of_message) > 1000 OR of_message !~ '^wamid\.[A-Za-z0-9+/_-]+={0,2}$' OR length(digits) % 4 = 1 THEN
    RETURN NULL;
  END IF;
  bytes := decode(digits || repeat('=', (4 - length(digits) % 4) % 4), 'base64');
  IF length(bytes) < 3 OR get_byte(bytes, 0) <> 28 OR get_byte(bytes, 1) <> 24 THEN RETURN NULL; END IF;
  peer_end := 3 + get_byte(bytes, 2);
  IF length(bytes) < peer_end + 6 OR peer_end = 3 OR peer_end > 130 OR get_byte(bytes, peer_end) <> 21 OR get_byte(bytes, peer_end + 2) <> 0
    OR get_byte(bytes, peer_end + 3) NOT IN (17, 18) OR get_byte(bytes, peer_end + 4) <> 24 THEN RETURN NULL; END IF;
  token_end := peer_end + 6 + get_byte(bytes, peer_end + 5);
  IF length(bytes) <> token_end + 1 OR token_end = peer_end + 6 OR token_end > peer_end + 133 OR get_byte(bytes, token_end) <> 0 THEN
    RETURN NULL;
  END IF;
  FOR place IN 3 .. token_end - 1 LOOP
    IF (place < peer_end OR place > peer_end + 5) AND get_byte(bytes, place) NOT BETWEEN 32 AND 126 THEN RETURN NULL; END IF;
  END LOOP;
  RETURN convert_from(substr(bytes, 4, peer_end - 3), 'SQL_ASCII');
EXCEPTION WHEN data_exception THEN
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION wa_same_message(one text, other text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN regexp_replace(regexp_replace(ltrim(wa_peer_of(one), '+'), '^55([1-9]{2})9([6-9][0-9]{7})$', '55\1\2'), '^(52)1([0-9]{10})$|^(54)9([0-9]{10})$', '\1\2\3\4') = regexp_replace(regexp_replace(ltrim(wa_peer_of(other), '+'), '^55([1-9]{2})9([6-9][0-9]{7})$', '55\1\2'), '^(52)1([0-9]{10})$|^(54)9([0-9]{10})$', '\1\2\3\4') THEN true
    ELSE (wa_peer_of(one) ~ '^\+?[0-9]+$') <> (wa_peer_of(other) ~ '^\+?[0-9]+$') END
$$;

CREATE OR REPLACE FUNCTION wa_members_of(of_number text, of_customer text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
  WITH RECURSIVE members (id) AS (
    SELECT wa_thread_of(of_number, of_customer) COLLATE "C"
    UNION
    SELECT link.customer_id FROM members
    JOIN wa_links AS link ON link.phone_number_id = of_number AND link.same_as = members.id
    WHERE wa_link_of(of_number, link.customer_id) = members.id
  )
  SELECT id FROM members
$$;

CREATE OR REPLACE FUNCTION wa_joined(of_number text, of_customer text) RETURNS TABLE (message_id text, token text, joined_id text)
LANGUAGE sql STABLE AS $$
  WITH own AS MATERIALIZED (
    SELECT m.message_id, m.token, m.direction, m.type, m.text, m.occurred_at, m.content_rank, m.origin_rank,
      m.content_rank IS NOT NULL OR COALESCE(m.origin_rank, 0) >= 6 AS is_copy
    FROM wa_messages AS m
    WHERE m.phone_number_id = of_number AND m.customer_id IN (SELECT wa_members_of(of_number, of_customer) COLLATE "C")
  ), several AS (
    SELECT own.token, bool_or(own.is_copy) AS has_copy FROM own WHERE own.token IS NOT NULL GROUP BY own.token HAVING count(*) > 1
  ), candidates AS (
    SELECT own.* FROM own JOIN several USING (token) WHERE own.is_copy OR NOT several.has_copy
  ), ambiguous AS (
    SELECT one.token FROM candidates AS one JOIN candidates AS other ON one.token = other.token AND one.message_id < other.message_id
    CROSS JOIN LATERAL (SELECT
      COALESCE(one.content_rank, 7) <> 7 AND COALESCE(other.content_rank, 7) <> 7 AS are_from_meta,
      one.occurred_at IS NULL OR other.occurred_at IS NULL OR one.occurred_at = other.occurred_at AS has_same_time,
      COALESCE(wa_same_message(one.message_id, other.message_id), false) AS is_same_id,
      one.text IS NOT NULL AND other.text IS NOT NULL
        AND (one.type IS DISTINCT FROM other.type OR btrim(one.text, E' \t\n\r\f\v') <> btrim(other.text, E' \t\n\r\f\v')) AS has_other_text,
      COALESCE(one.content_rank, 0) >= 4 AND COALESCE(other.content_rank, 0) >= 4 AND one.type IS DISTINCT FROM other.type AS has_other_type
    ) AS pair
    WHERE one.direction <> other.direction
      OR NOT pair.is_same_id AND NOT (pair.are_from_meta AND pair.has_same_time)
      OR (pair.has_other_text OR pair.are_from_meta AND pair.has_other_type)
        AND NOT (pair.are_from_meta AND pair.has_same_time AND pair.is_same_id)
  ), firsts AS (
    SELECT DISTINCT ON (c.token) c.token, c.message_id FROM candidates AS c
    WHERE NOT EXISTS (SELECT FROM ambiguous WHERE ambiguous.token = c.token)
    ORDER BY c.token, c.content_rank DESC NULLS LAST, c.origin_rank DESC NULLS LAST, c.message_id
  )
  SELECT own.message_id, own.token, COALESCE(firsts.message_id, own.message_id) FROM own LEFT JOIN firsts ON firsts.token = own.token
$$;

CREATE OR REPLACE FUNCTION wa_message_of(of_number text, of_customer text, of_message text) RETURNS text LANGUAGE sql STABLE AS $$
  WITH joined AS MATERIALIZED (
    SELECT j.message_id COLLATE "C" AS message_id, j.token COLLATE "C" AS token, j.joined_id COLLATE "C" AS joined_id
    FROM wa_joined(of_number, of_customer) AS j
  ), only_one AS MATERIALIZED (
    SELECT token, min(joined_id) AS joined_id FROM joined WHERE token IS NOT NULL GROUP BY token HAVING count(DISTINCT joined_id) = 1
  )
  SELECT COALESCE(
    (SELECT joined.joined_id FROM joined WHERE joined.message_id = of_message),
    (SELECT m.message_id FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.message_id = of_message),
    (SELECT only_one.joined_id FROM only_one WHERE only_one.token = wa_token_of(of_message)),
    of_message)
$$;

CREATE OR REPLACE FUNCTION wa_conversation(of_number text, of_customer text) RETURNS TABLE (phone_number_id text, message_id text, customer_id text, direction text, occurred_at timestamptz, place bigint, origin_rank bigint, author text, author_rank bigint, type text, text text, content jsonb, answers text, content_rank bigint, media_id text, media jsonb, media_rank bigint, status text, status_at timestamptz, status_error jsonb, status_rank bigint, edit_id text, edited_at timestamptz, edited jsonb, edited_text text, edit_rank bigint, revoked_at timestamptz, token text)
LANGUAGE sql STABLE AS $$
  WITH joined AS MATERIALIZED (
    SELECT j.message_id COLLATE "C" AS message_id, j.token COLLATE "C" AS token, j.joined_id COLLATE "C" AS joined_id
    FROM wa_joined(of_number, of_customer) AS j
  ), only_one AS MATERIALIZED (
    SELECT token, min(joined_id) AS joined_id FROM joined WHERE token IS NOT NULL GROUP BY token HAVING count(DISTINCT joined_id) = 1
  ), one AS (
    SELECT joined.joined_id, (array_agg(m.customer_id ORDER BY m.origin_rank DESC NULLS LAST, m.occurred_at DESC NULLS LAST, m.customer_id DESC NULLS LAST, m.direction DESC NULLS LAST, m.place DESC NULLS LAST))[1] AS customer_id,
      (array_agg(m.direction ORDER BY m.origin_rank DESC NULLS LAST, m.occurred_at DESC NULLS LAST, m.customer_id DESC NULLS LAST, m.direction DESC NULLS LAST, m.place DESC NULLS LAST))[1] AS direction,
      (array_agg(m.occurred_at ORDER BY m.origin_rank DESC NULLS LAST, m.occurred_at DESC NULLS LAST, m.customer_id DESC NULLS LAST, m.direction DESC NULLS LAST, m.place DESC NULLS LAST))[1] AS occurred_at,
      (array_agg(m.place ORDER BY m.origin_rank DESC NULLS LAST, m.occurred_at DESC NULLS LAST, m.customer_id DESC NULLS LAST, m.direction DESC NULLS LAST, m.place DESC NULLS LAST))[1] AS place,
      (array_agg(m.origin_rank ORDER BY m.origin_rank DESC NULLS LAST, m.occurred_at DESC NULLS LAST, m.customer_id DESC NULLS LAST, m.direction DESC NULLS LAST, m.place DESC NULLS LAST))[1] AS origin_rank,
      (array_agg(m.author ORDER BY m.author_rank DESC NULLS LAST, m.author DESC NULLS LAST))[1] AS author,
      (array_agg(m.author_rank ORDER BY m.author_rank DESC NULLS LAST, m.author DESC NULLS LAST))[1] AS author_rank,
      (array_agg(m.type ORDER BY m.content_rank DESC NULLS LAST, m.content DESC NULLS LAST))[1] AS type,
      (array_agg(m.text ORDER BY m.content_rank DESC NULLS LAST, m.content DESC NULLS LAST))[1] AS text,
      (array_agg(m.content ORDER BY m.content_rank DESC NULLS LAST, m.content DESC NULLS LAST))[1] AS content,
      (array_agg(m.answers ORDER BY m.content_rank DESC NULLS LAST, m.content DESC NULLS LAST))[1] AS answers,
      (array_agg(m.content_rank ORDER BY m.content_rank DESC NULLS LAST, m.content DESC NULLS LAST))[1] AS content_rank,
      (array_agg(m.media_id ORDER BY m.media_rank DESC NULLS LAST, m.media DESC NULLS LAST))[1] AS media_id,
      (array_agg(m.media ORDER BY m.media_rank DESC NULLS LAST, m.media DESC NULLS LAST))[1] AS media,
      (array_agg(m.media_rank ORDER BY m.media_rank DESC NULLS LAST, m.media DESC NULLS LAST))[1] AS media_rank,
      (array_agg(m.status ORDER BY m.status_rank DESC NULLS LAST, m.status_at DESC NULLS LAST, m.status DESC NULLS LAST, m.status_error DESC NULLS LAST))[1] AS status,
      (array_agg(m.status_at ORDER BY m.status_rank DESC NULLS LAST, m.status_at DESC NULLS LAST, m.status DESC NULLS LAST, m.status_error DESC NULLS LAST))[1] AS status_at,
      (array_agg(m.status_error ORDER BY m.status_rank DESC NULLS LAST, m.status_at DESC NULLS LAST, m.status DESC NULLS LAST, m.status_error DESC NULLS LAST))[1] AS status_error,
      (array_agg(m.status_rank ORDER BY m.status_rank DESC NULLS LAST, m.status_at DESC NULLS LAST, m.status DESC NULLS LAST, m.status_error DESC NULLS LAST))[1] AS status_rank,
      (array_agg(m.edit_id ORDER BY m.edited_at DESC NULLS LAST, m.edit_id DESC NULLS LAST, m.edit_rank DESC NULLS LAST, m.edited DESC NULLS LAST))[1] AS edit_id,
      (array_agg(m.edited_at ORDER BY m.edited_at DESC NULLS LAST, m.edit_id DESC NULLS LAST, m.edit_rank DESC NULLS LAST, m.edited DESC NULLS LAST))[1] AS edited_at,
      (array_agg(m.edited ORDER BY m.edited_at DESC NULLS LAST, m.edit_id DESC NULLS LAST, m.edit_rank DESC NULLS LAST, m.edited DESC NULLS LAST))[1] AS edited,
      (array_agg(m.edited_text ORDER BY m.edited_at DESC NULLS LAST, m.edit_id DESC NULLS LAST, m.edit_rank DESC NULLS LAST, m.edited DESC NULLS LAST))[1] AS edited_text,
      (array_agg(m.edit_rank ORDER BY m.edited_at DESC NULLS LAST, m.edit_id DESC NULLS LAST, m.edit_rank DESC NULLS LAST, m.edited DESC NULLS LAST))[1] AS edit_rank,
      (array_agg(m.revoked_at ORDER BY m.revoked_at DESC NULLS LAST))[1] AS revoked_at,
      (array_agg(m.token ORDER BY m.token DESC NULLS LAST))[1] AS token
    FROM joined JOIN wa_messages AS m ON m.phone_number_id = of_number AND m.message_id = joined.message_id
    GROUP BY joined.joined_id
  )
  SELECT of_number, one.joined_id, one.customer_id, one.direction, one.occurred_at, one.place, one.origin_rank, one.author, one.author_rank, one.type, one.text, one.content, COALESCE(
    (SELECT joined.joined_id FROM joined WHERE joined.message_id = one.answers),
    (SELECT m.message_id FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.message_id = one.answers),
    (SELECT only_one.joined_id FROM only_one WHERE only_one.token = wa_token_of(one.answers)),
    one.answers), one.content_rank, one.media_id, one.media, one.media_rank, one.status, one.status_at, one.status_error, one.status_rank, one.edit_id, one.edited_at, one.edited, one.edited_text, one.edit_rank, one.revoked_at, one.token FROM one
$$;

CREATE OR REPLACE FUNCTION wa_reactions_of(of_number text, of_customer text) RETURNS TABLE (phone_number_id text, message_id text, reactor text, customer_id text, reaction_id text, emoji text, reacted_at timestamptz)
LANGUAGE sql STABLE AS $$
  WITH joined AS MATERIALIZED (
    SELECT j.message_id COLLATE "C" AS message_id, j.token COLLATE "C" AS token, j.joined_id COLLATE "C" AS joined_id
    FROM wa_joined(of_number, of_customer) AS j
  ), only_one AS MATERIALIZED (
    SELECT token, min(joined_id) AS joined_id FROM joined WHERE token IS NOT NULL GROUP BY token HAVING count(DISTINCT joined_id) = 1
  ), m AS (
    SELECT COALESCE(
    (SELECT joined.joined_id FROM joined WHERE joined.message_id = r.message_id),
    (SELECT m.message_id FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.message_id = r.message_id),
    (SELECT only_one.joined_id FROM only_one WHERE only_one.token = wa_token_of(r.message_id)),
    r.message_id) AS joined_id, r.* FROM wa_reactions AS r
    WHERE r.phone_number_id = of_number AND (r.customer_id IN (SELECT wa_members_of(of_number, of_customer) COLLATE "C")
      OR r.message_id IN (SELECT joined.message_id FROM joined))
  )
  SELECT of_number, m.joined_id, m.reactor, (array_agg(m.customer_id ORDER BY m.reacted_at DESC NULLS LAST, m.reaction_id DESC NULLS LAST, m.emoji DESC NULLS LAST, m.customer_id DESC NULLS LAST))[1], (array_agg(m.reaction_id ORDER BY m.reacted_at DESC NULLS LAST, m.reaction_id DESC NULLS LAST, m.emoji DESC NULLS LAST, m.customer_id DESC NULLS LAST))[1], (array_agg(m.emoji ORDER BY m.reacted_at DESC NULLS LAST, m.reaction_id DESC NULLS LAST, m.emoji DESC NULLS LAST, m.customer_id DESC NULLS LAST))[1], (array_agg(m.reacted_at ORDER BY m.reacted_at DESC NULLS LAST, m.reaction_id DESC NULLS LAST, m.emoji DESC NULLS LAST, m.customer_id DESC NULLS LAST))[1] FROM m GROUP BY m.joined_id, m.reactor
$$;

CREATE OR REPLACE FUNCTION wa_edits_of(of_number text, of_customer text) RETURNS TABLE (phone_number_id text, edit_id text, message_id text, customer_id text, edited_at timestamptz, edited jsonb, edited_text text, edit_rank bigint)
LANGUAGE sql STABLE AS $$
  WITH joined AS MATERIALIZED (
    SELECT j.message_id COLLATE "C" AS message_id, j.token COLLATE "C" AS token, j.joined_id COLLATE "C" AS joined_id
    FROM wa_joined(of_number, of_customer) AS j
  ), only_one AS MATERIALIZED (
    SELECT token, min(joined_id) AS joined_id FROM joined WHERE token IS NOT NULL GROUP BY token HAVING count(DISTINCT joined_id) = 1
  ), m AS (
    SELECT COALESCE(
    (SELECT joined.joined_id FROM joined WHERE joined.message_id = e.message_id),
    (SELECT m.message_id FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.message_id = e.message_id),
    (SELECT only_one.joined_id FROM only_one WHERE only_one.token = wa_token_of(e.message_id)),
    e.message_id) AS joined_id, COALESCE(wa_token_of(e.edit_id), e.edit_id) AS edit_token, e.*
    FROM wa_edits AS e
    WHERE e.phone_number_id = of_number AND (e.customer_id IN (SELECT wa_members_of(of_number, of_customer) COLLATE "C")
      OR e.message_id IN (SELECT joined.message_id FROM joined))
  )
  SELECT DISTINCT ON (m.joined_id, m.edit_token, m.edited_text, m.edited_at)
    of_number, m.edit_id, m.joined_id, m.customer_id, m.edited_at, m.edited, m.edited_text, m.edit_rank
  FROM m ORDER BY m.joined_id, m.edit_token, m.edited_text, m.edited_at, m.edit_rank DESC NULLS LAST, m.edit_id
$$;
$statement$;
EXECUTE $statement$ALTER TABLE wa_messages ADD COLUMN IF NOT EXISTS thread_id text COLLATE "C", ADD COLUMN IF NOT EXISTS joined_id text COLLATE "C",
      ADD COLUMN IF NOT EXISTS joined_at timestamptz, ADD COLUMN IF NOT EXISTS joined_place bigint$statement$;
EXECUTE $statement$ALTER TABLE wa_customers ADD COLUMN IF NOT EXISTS thread_id text COLLATE "C"$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_messages_by_thread ON wa_messages (phone_number_id, thread_id, (COALESCE(wa_messages.joined_at, wa_messages.occurred_at)), (COALESCE(wa_messages.joined_place, wa_messages.place)), message_id) WHERE wa_messages.type IS DISTINCT FROM 'reaction' AND (wa_messages.joined_id IS NULL OR wa_messages.joined_id = wa_messages.message_id)$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_messages_by_time ON wa_messages (phone_number_id, (COALESCE(wa_messages.joined_at, wa_messages.occurred_at)), (COALESCE(wa_messages.joined_place, wa_messages.place)), message_id)$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_messages_by_words ON wa_messages USING gin (to_tsvector('simple'::regconfig, left(COALESCE(wa_messages.edited_text, wa_messages.text), 20000)))$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_customers_by_thread ON wa_customers (phone_number_id, thread_id)$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_owners_by_report ON wa_owners (phone_number_id) WHERE reported_at IS NOT NULL$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_reactions_by_token ON wa_reactions (phone_number_id, wa_token_of(message_id))$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_edits_by_token ON wa_edits (phone_number_id, wa_token_of(message_id))$statement$;
EXECUTE $statement$CREATE TABLE IF NOT EXISTS wa_conversations (
      phone_number_id text COLLATE "C" NOT NULL,
      thread_id text COLLATE "C" NOT NULL,
      last_message_id text COLLATE "C" NOT NULL,
      last_at timestamptz NOT NULL,
      unread integer NOT NULL,
      read_at timestamptz,
      PRIMARY KEY (phone_number_id, thread_id)
    )$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_conversations_by_time ON wa_conversations (phone_number_id, last_at, thread_id)$statement$;
EXECUTE $statement$CREATE TABLE IF NOT EXISTS wa_forgotten (digest text COLLATE "C" PRIMARY KEY, until_ms bigint NOT NULL)$statement$;
EXECUTE $statement$CREATE TABLE IF NOT EXISTS wa_mirror_state (
      id integer PRIMARY KEY CHECK (id = 1),
      erasures bigint NOT NULL,
      digest_key text NOT NULL
    )$statement$;
EXECUTE $statement$INSERT INTO wa_mirror_state VALUES (1, 0, gen_random_uuid()::text || gen_random_uuid()::text) ON CONFLICT DO NOTHING$statement$;
EXECUTE $statement$DROP VIEW IF EXISTS wa_threads$statement$;
EXECUTE $statement$DROP VIEW IF EXISTS wa_people$statement$;
EXECUTE $statement$CREATE VIEW wa_people AS SELECT m.phone_number_id, m.thread_id, (array_agg(m.wa_id ORDER BY m.wa_id_at DESC NULLS LAST, m.wa_id DESC NULLS LAST))[1] AS wa_id, (array_agg(m.wa_id_at ORDER BY m.wa_id_at DESC NULLS LAST, m.wa_id DESC NULLS LAST))[1] AS wa_id_at, (array_agg(m.parent_user_id ORDER BY m.parent_user_id DESC NULLS LAST))[1] AS parent_user_id, (array_agg(m.username ORDER BY m.username_at DESC NULLS LAST, m.username DESC NULLS LAST))[1] AS username, (array_agg(m.username_at ORDER BY m.username_at DESC NULLS LAST, m.username DESC NULLS LAST))[1] AS username_at, (array_agg(m.name ORDER BY m.name_at DESC NULLS LAST, m.name DESC NULLS LAST))[1] AS name, (array_agg(m.name_at ORDER BY m.name_at DESC NULLS LAST, m.name DESC NULLS LAST))[1] AS name_at, (array_agg(m.contact_name ORDER BY m.contact_at DESC NULLS LAST, m.contact_name DESC NULLS LAST, m.contact_first_name DESC NULLS LAST))[1] AS contact_name, (array_agg(m.contact_first_name ORDER BY m.contact_at DESC NULLS LAST, m.contact_name DESC NULLS LAST, m.contact_first_name DESC NULLS LAST))[1] AS contact_first_name, (array_agg(m.contact_at ORDER BY m.contact_at DESC NULLS LAST, m.contact_name DESC NULLS LAST, m.contact_first_name DESC NULLS LAST))[1] AS contact_at, CASE WHEN m.thread_id ~ '^([0-9]+$|@)' OR m.thread_id = (array_agg(m.parent_user_id ORDER BY m.parent_user_id DESC NULLS LAST))[1] THEN NULL ELSE m.thread_id END AS user_id
    FROM wa_customers AS m WHERE m.thread_id IS NOT NULL GROUP BY m.phone_number_id, m.thread_id$statement$;
EXECUTE $statement$CREATE VIEW wa_threads AS
      SELECT c.phone_number_id, c.thread_id, p.wa_id, p.user_id, p.parent_user_id, p.username, p.name, p.contact_name, c.last_at, c.last_message_id,
        m.direction AS last_direction, m.author AS last_author, m.type AS last_type, COALESCE(m.edited_text, m.text) AS last_text,
        c.unread, c.read_at
      FROM wa_conversations AS c
      LEFT JOIN LATERAL (SELECT (array_agg(m.wa_id ORDER BY m.wa_id_at DESC NULLS LAST, m.wa_id DESC NULLS LAST))[1] AS wa_id, (array_agg(m.wa_id_at ORDER BY m.wa_id_at DESC NULLS LAST, m.wa_id DESC NULLS LAST))[1] AS wa_id_at, (array_agg(m.parent_user_id ORDER BY m.parent_user_id DESC NULLS LAST))[1] AS parent_user_id, (array_agg(m.username ORDER BY m.username_at DESC NULLS LAST, m.username DESC NULLS LAST))[1] AS username, (array_agg(m.username_at ORDER BY m.username_at DESC NULLS LAST, m.username DESC NULLS LAST))[1] AS username_at, (array_agg(m.name ORDER BY m.name_at DESC NULLS LAST, m.name DESC NULLS LAST))[1] AS name, (array_agg(m.name_at ORDER BY m.name_at DESC NULLS LAST, m.name DESC NULLS LAST))[1] AS name_at, (array_agg(m.contact_name ORDER BY m.contact_at DESC NULLS LAST, m.contact_name DESC NULLS LAST, m.contact_first_name DESC NULLS LAST))[1] AS contact_name, (array_agg(m.contact_first_name ORDER BY m.contact_at DESC NULLS LAST, m.contact_name DESC NULLS LAST, m.contact_first_name DESC NULLS LAST))[1] AS contact_first_name, (array_agg(m.contact_at ORDER BY m.contact_at DESC NULLS LAST, m.contact_name DESC NULLS LAST, m.contact_first_name DESC NULLS LAST))[1] AS contact_at, CASE WHEN c.thread_id ~ '^([0-9]+$|@)' OR c.thread_id = (array_agg(m.parent_user_id ORDER BY m.parent_user_id DESC NULLS LAST))[1] THEN NULL ELSE c.thread_id END AS user_id
    FROM wa_customers AS m WHERE m.phone_number_id = c.phone_number_id AND m.thread_id = c.thread_id) AS p ON true
      LEFT JOIN wa_messages AS m ON m.phone_number_id = c.phone_number_id AND m.message_id = c.last_message_id$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_person_of(of_number text, of_customer text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  id text := of_customer;
  next_id text;
BEGIN
  IF EXISTS (SELECT FROM wa_owners AS o WHERE o.phone_number_id = of_number AND o.reported_at IS NOT NULL) THEN
    RETURN wa_thread_of(of_number, of_customer);
  END IF;
  FOR step IN 1 .. 64 LOOP
    SELECT a.same_as INTO next_id FROM wa_aliases AS a WHERE a.phone_number_id = of_number AND a.customer_id = id;
    IF next_id IS NULL OR next_id = id THEN RETURN id; END IF;
    id := next_id;
  END LOOP;
  -- The aliases form a cycle.
  RETURN wa_thread_of(of_number, of_customer);
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_lock_people(numbers text[], customers text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  held bigint[] := '{}';
  wanted bigint[];
BEGIN
  IF cardinality(customers) > 200 THEN
    PERFORM pg_advisory_xact_lock(hashtextextended('wa_conversations', 1));
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('wa_conversations', 1));
  LOOP
    wanted := ARRAY(
      SELECT DISTINCT hashtextextended(ids.number || E'\n' || ids.id, 'wa_conversations'::regclass::oid::bigint) AS id FROM (
        SELECT given.number, given.id FROM unnest(numbers, customers) AS given(number, id)
        UNION SELECT given.number, wa_person_of(given.number, given.id) FROM unnest(numbers, customers) AS given(number, id)
      ) AS ids ORDER BY 1
    );
    EXIT WHEN wanted <@ held;
    PERFORM pg_advisory_xact_lock(lock.id) FROM unnest(wanted) AS lock(id) WHERE lock.id <> ALL (held);
    held := held || wanted;
  END LOOP;
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_joined_in(of_number text, of_thread text, of_token text) RETURNS TABLE (message_id text, token text, joined_id text)
LANGUAGE sql STABLE AS $$
  WITH own AS MATERIALIZED (
    SELECT m.message_id, m.token, m.direction, m.type, m.text, m.occurred_at, m.content_rank, m.origin_rank,
      m.content_rank IS NOT NULL OR COALESCE(m.origin_rank, 0) >= 6 AS is_copy
    FROM wa_messages AS m
    WHERE m.phone_number_id = of_number AND m.thread_id = of_thread AND m.token = of_token
  ), several AS (
    SELECT own.token, bool_or(own.is_copy) AS has_copy FROM own WHERE own.token IS NOT NULL GROUP BY own.token HAVING count(*) > 1
  ), candidates AS (
    SELECT own.* FROM own JOIN several USING (token) WHERE own.is_copy OR NOT several.has_copy
  ), ambiguous AS (
    SELECT one.token FROM candidates AS one JOIN candidates AS other ON one.token = other.token AND one.message_id < other.message_id
    CROSS JOIN LATERAL (SELECT
      COALESCE(one.content_rank, 7) <> 7 AND COALESCE(other.content_rank, 7) <> 7 AS are_from_meta,
      one.occurred_at IS NULL OR other.occurred_at IS NULL OR one.occurred_at = other.occurred_at AS has_same_time,
      COALESCE(wa_same_message(one.message_id, other.message_id), false) AS is_same_id,
      one.text IS NOT NULL AND other.text IS NOT NULL
        AND (one.type IS DISTINCT FROM other.type OR btrim(one.text, E' \t\n\r\f\v') <> btrim(other.text, E' \t\n\r\f\v')) AS has_other_text,
      COALESCE(one.content_rank, 0) >= 4 AND COALESCE(other.content_rank, 0) >= 4 AND one.type IS DISTINCT FROM other.type AS has_other_type
    ) AS pair
    WHERE one.direction <> other.direction
      OR NOT pair.is_same_id AND NOT (pair.are_from_meta AND pair.has_same_time)
      OR (pair.has_other_text OR pair.are_from_meta AND pair.has_other_type)
        AND NOT (pair.are_from_meta AND pair.has_same_time AND pair.is_same_id)
  ), firsts AS (
    SELECT DISTINCT ON (c.token) c.token, c.message_id FROM candidates AS c
    WHERE NOT EXISTS (SELECT FROM ambiguous WHERE ambiguous.token = c.token)
    ORDER BY c.token, c.content_rank DESC NULLS LAST, c.origin_rank DESC NULLS LAST, c.message_id
  )
  SELECT own.message_id, own.token, COALESCE(firsts.message_id, own.message_id) FROM own LEFT JOIN firsts ON firsts.token = own.token
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_join_group(of_number text, of_thread text, of_token text) RETURNS void LANGUAGE sql AS $$
  WITH joined AS MATERIALIZED (
    SELECT j.message_id COLLATE "C" AS message_id, j.joined_id COLLATE "C" AS joined_id, count(*) OVER () > 1 AS are_several
    FROM wa_joined_in(of_number, of_thread, of_token) AS j
  ), merged AS (
    SELECT joined.joined_id, (array_agg(m.occurred_at ORDER BY m.origin_rank DESC NULLS LAST, m.occurred_at DESC NULLS LAST, m.customer_id DESC NULLS LAST, m.direction DESC NULLS LAST, m.place DESC NULLS LAST))[1] AS at, (array_agg(m.place ORDER BY m.origin_rank DESC NULLS LAST, m.occurred_at DESC NULLS LAST, m.customer_id DESC NULLS LAST, m.direction DESC NULLS LAST, m.place DESC NULLS LAST))[1] AS place
    FROM joined JOIN wa_messages AS m ON m.phone_number_id = of_number AND m.message_id = joined.message_id GROUP BY joined.joined_id
  ), wanted AS (
    SELECT joined.message_id, CASE WHEN joined.are_several THEN joined.joined_id END AS joined_id,
      CASE WHEN joined.are_several AND joined.joined_id = joined.message_id THEN merged.at END AS at,
      CASE WHEN joined.are_several AND joined.joined_id = joined.message_id THEN merged.place END AS place
    FROM joined JOIN merged USING (joined_id)
  )
  UPDATE wa_messages AS m SET joined_id = wanted.joined_id, joined_at = wanted.at, joined_place = wanted.place
  FROM wanted WHERE m.phone_number_id = of_number AND m.message_id = wanted.message_id
    AND (m.joined_id, m.joined_at, m.joined_place) IS DISTINCT FROM (wanted.joined_id, wanted.at, wanted.place)
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_refresh_thread(of_number text, of_thread text, newly_read timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  last_one record;
  last_read timestamptz;
  answered record;
  open_messages integer;
BEGIN
  SELECT m.message_id AS id, COALESCE(m.joined_at, m.occurred_at) AS at INTO last_one FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.thread_id = of_thread AND m.type IS DISTINCT FROM 'reaction' AND (m.joined_id IS NULL OR m.joined_id = m.message_id) ORDER BY COALESCE(m.joined_at, m.occurred_at) DESC, COALESCE(m.joined_place, m.place) DESC, m.message_id DESC LIMIT 1;
  IF NOT FOUND THEN
    DELETE FROM wa_conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = of_thread;
    RETURN;
  END IF;
  last_read := GREATEST((SELECT c.read_at FROM wa_conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = of_thread), newly_read);
  SELECT COALESCE(m.joined_at, m.occurred_at) AS at, COALESCE(m.joined_place, m.place) AS place, m.message_id AS id INTO answered FROM wa_messages AS m
    WHERE m.phone_number_id = of_number AND m.thread_id = of_thread AND m.type IS DISTINCT FROM 'reaction' AND (m.joined_id IS NULL OR m.joined_id = m.message_id) AND m.direction = 'outbound' AND (last_read IS NULL OR COALESCE(m.joined_at, m.occurred_at) > last_read) ORDER BY COALESCE(m.joined_at, m.occurred_at) DESC, COALESCE(m.joined_place, m.place) DESC, m.message_id DESC LIMIT 1;
  SELECT count(*) INTO open_messages FROM wa_messages AS m
    WHERE m.phone_number_id = of_number AND m.thread_id = of_thread AND m.type IS DISTINCT FROM 'reaction' AND (m.joined_id IS NULL OR m.joined_id = m.message_id) AND m.direction = 'inbound' AND (last_read IS NULL OR COALESCE(m.joined_at, m.occurred_at) > last_read)
      AND (answered.at IS NULL OR (COALESCE(m.joined_at, m.occurred_at), COALESCE(m.joined_place, m.place), m.message_id) > (answered.at, answered.place, answered.id));
  INSERT INTO wa_conversations AS c (phone_number_id, thread_id, last_message_id, last_at, unread, read_at)
  VALUES (of_number, of_thread, last_one.id, last_one.at, open_messages, last_read)
  ON CONFLICT (phone_number_id, thread_id) DO UPDATE
    SET last_message_id = excluded.last_message_id, last_at = excluded.last_at, unread = excluded.unread, read_at = excluded.read_at
    WHERE (c.last_message_id, c.last_at, c.unread, c.read_at)
      IS DISTINCT FROM (excluded.last_message_id, excluded.last_at, excluded.unread, excluded.read_at);
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_rethread(of_number text, threads text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
  changed text[] := threads;
BEGIN
  FOR one IN
    SELECT c.customer_id, c.thread_id AS old_thread, wa_person_of(of_number, c.customer_id) AS new_thread FROM wa_customers AS c
    WHERE c.phone_number_id = of_number AND c.thread_id = ANY (threads)
  LOOP
    CONTINUE WHEN one.old_thread = one.new_thread;
    UPDATE wa_customers AS c SET thread_id = one.new_thread WHERE c.phone_number_id = of_number AND c.customer_id = one.customer_id;
    UPDATE wa_messages AS m SET thread_id = one.new_thread, joined_id = NULL, joined_at = NULL, joined_place = NULL
      WHERE m.phone_number_id = of_number AND m.customer_id = one.customer_id;
    PERFORM wa_refresh_thread(of_number, one.new_thread,
      (SELECT c.read_at FROM wa_conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = one.old_thread));
    changed := changed || one.new_thread;
  END LOOP;
  FOR one IN
    SELECT m.thread_id, m.token FROM wa_messages AS m
    WHERE m.phone_number_id = of_number AND m.thread_id = ANY (changed) AND m.token IS NOT NULL
      AND m.customer_id IN (SELECT c.customer_id FROM wa_customers AS c WHERE c.phone_number_id = of_number AND c.thread_id = ANY (changed))
    GROUP BY m.thread_id, m.token HAVING count(*) > 1 OR bool_or(m.joined_id IS NOT NULL)
  LOOP
    PERFORM wa_join_group(of_number, one.thread_id, one.token);
  END LOOP;
  PERFORM wa_refresh_thread(of_number, thread.id, NULL) FROM (SELECT DISTINCT unnest(changed) AS id) AS thread;
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_mirror_write(changes text, people text, known_erasures bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  given_rows jsonb := changes::jsonb;
  numbers text[];
  customers text[];
  old_threads text[];
  new_threads text[];
  touched jsonb;
  groups jsonb;
  one record;
BEGIN
  SELECT array_agg(p.value ->> 0), array_agg(p.value ->> 1) INTO numbers, customers FROM (
    SELECT p.value FROM jsonb_array_elements(people::jsonb) AS p
    UNION SELECT jsonb_build_array(o.phone_number_id, o.owner_id) FROM wa_owners AS o
    WHERE (o.phone_number_id, o.customer_id) IN (SELECT g ->> 'phone_number_id', g ->> 'customer_id' FROM jsonb_array_elements(given_rows -> 'owners') AS g)
  ) AS p;
  PERFORM wa_lock_people(numbers, customers);
  IF (SELECT s.erasures FROM wa_mirror_state AS s) <> known_erasures THEN RETURN false; END IF;
  old_threads := ARRAY(SELECT wa_person_of(p.number, p.id) FROM unnest(numbers, customers) WITH ORDINALITY AS p(number, id, place) ORDER BY p.place);
  IF given_rows ? 'aliases' THEN
  INSERT INTO wa_aliases AS known (phone_number_id, customer_id, same_as, since)
SELECT * FROM jsonb_to_recordset(given_rows -> 'aliases') AS given (phone_number_id text, customer_id text, same_as text, since timestamptz)
ON CONFLICT (phone_number_id, customer_id) DO UPDATE SET
  same_as = CASE WHEN (COALESCE(excluded.since, '-infinity'::timestamptz), COALESCE(excluded.same_as, '')) > (COALESCE(known.since, '-infinity'::timestamptz), COALESCE(known.same_as, '')) THEN excluded.same_as ELSE known.same_as END,
  since = CASE WHEN (COALESCE(excluded.since, '-infinity'::timestamptz), COALESCE(excluded.same_as, '')) > (COALESCE(known.since, '-infinity'::timestamptz), COALESCE(known.same_as, '')) THEN excluded.since ELSE known.since END
WHERE (COALESCE(excluded.since, '-infinity'::timestamptz), COALESCE(excluded.same_as, '')) > (COALESCE(known.since, '-infinity'::timestamptz), COALESCE(known.same_as, ''));
  END IF;
  IF given_rows ? 'owners' THEN
  INSERT INTO wa_owners AS known (phone_number_id, customer_id, owner_id, first_at, reported_at)
SELECT * FROM jsonb_to_recordset(given_rows -> 'owners') AS given (phone_number_id text, customer_id text, owner_id text, first_at timestamptz, reported_at timestamptz)
ON CONFLICT (phone_number_id, customer_id, owner_id) DO UPDATE SET
  first_at = CASE WHEN (excluded.first_at < known.first_at OR (known.first_at IS NULL AND excluded.first_at IS NOT NULL)) THEN excluded.first_at ELSE known.first_at END,
  reported_at = CASE WHEN (excluded.reported_at < known.reported_at OR (known.reported_at IS NULL AND excluded.reported_at IS NOT NULL)) THEN excluded.reported_at ELSE known.reported_at END
WHERE (excluded.first_at < known.first_at OR (known.first_at IS NULL AND excluded.first_at IS NOT NULL))
  OR (excluded.reported_at < known.reported_at OR (known.reported_at IS NULL AND excluded.reported_at IS NOT NULL));
  END IF;
  new_threads := ARRAY(SELECT wa_person_of(p.number, p.id) FROM unnest(numbers, customers) WITH ORDINALITY AS p(number, id, place) ORDER BY p.place);
  INSERT INTO wa_customers AS known (phone_number_id, customer_id, wa_id, wa_id_at, parent_user_id, username, username_at, name, name_at, contact_name, contact_first_name, contact_at, thread_id)
  SELECT given.phone_number_id, given.customer_id, given.wa_id, given.wa_id_at, given.parent_user_id, given.username, given.username_at, given.name, given.name_at, given.contact_name, given.contact_first_name, given.contact_at, person.thread_id FROM jsonb_to_recordset(given_rows -> 'customers') AS given (phone_number_id text, customer_id text, wa_id text, wa_id_at timestamptz, parent_user_id text, username text, username_at timestamptz, name text, name_at timestamptz, contact_name text, contact_first_name text, contact_at timestamptz)
  LEFT JOIN unnest(numbers, customers, new_threads) AS person(phone_number_id, customer_id, thread_id)
    ON person.phone_number_id = given.phone_number_id AND person.customer_id = given.customer_id
  ON CONFLICT (phone_number_id, customer_id) DO UPDATE SET
  wa_id = CASE WHEN (COALESCE(excluded.wa_id_at, '-infinity'::timestamptz), COALESCE(excluded.wa_id, '')) > (COALESCE(known.wa_id_at, '-infinity'::timestamptz), COALESCE(known.wa_id, '')) THEN excluded.wa_id ELSE known.wa_id END,
  wa_id_at = CASE WHEN (COALESCE(excluded.wa_id_at, '-infinity'::timestamptz), COALESCE(excluded.wa_id, '')) > (COALESCE(known.wa_id_at, '-infinity'::timestamptz), COALESCE(known.wa_id, '')) THEN excluded.wa_id_at ELSE known.wa_id_at END,
  parent_user_id = CASE WHEN (COALESCE(excluded.parent_user_id, '')) > (COALESCE(known.parent_user_id, '')) THEN excluded.parent_user_id ELSE known.parent_user_id END,
  username = CASE WHEN (COALESCE(excluded.username_at, '-infinity'::timestamptz), COALESCE(excluded.username, '')) > (COALESCE(known.username_at, '-infinity'::timestamptz), COALESCE(known.username, '')) THEN excluded.username ELSE known.username END,
  username_at = CASE WHEN (COALESCE(excluded.username_at, '-infinity'::timestamptz), COALESCE(excluded.username, '')) > (COALESCE(known.username_at, '-infinity'::timestamptz), COALESCE(known.username, '')) THEN excluded.username_at ELSE known.username_at END,
  name = CASE WHEN (COALESCE(excluded.name_at, '-infinity'::timestamptz), COALESCE(excluded.name, '')) > (COALESCE(known.name_at, '-infinity'::timestamptz), COALESCE(known.name, '')) THEN excluded.name ELSE known.name END,
  name_at = CASE WHEN (COALESCE(excluded.name_at, '-infinity'::timestamptz), COALESCE(excluded.name, '')) > (COALESCE(known.name_at, '-infinity'::timestamptz), COALESCE(known.name, '')) THEN excluded.name_at ELSE known.name_at END,
  contact_name = CASE WHEN (COALESCE(excluded.contact_at, '-infinity'::timestamptz), COALESCE(excluded.contact_name, ''), COALESCE(excluded.contact_first_name, '')) > (COALESCE(known.contact_at, '-infinity'::timestamptz), COALESCE(known.contact_name, ''), COALESCE(known.contact_first_name, '')) THEN excluded.contact_name ELSE known.contact_name END,
  contact_first_name = CASE WHEN (COALESCE(excluded.contact_at, '-infinity'::timestamptz), COALESCE(excluded.contact_name, ''), COALESCE(excluded.contact_first_name, '')) > (COALESCE(known.contact_at, '-infinity'::timestamptz), COALESCE(known.contact_name, ''), COALESCE(known.contact_first_name, '')) THEN excluded.contact_first_name ELSE known.contact_first_name END,
  contact_at = CASE WHEN (COALESCE(excluded.contact_at, '-infinity'::timestamptz), COALESCE(excluded.contact_name, ''), COALESCE(excluded.contact_first_name, '')) > (COALESCE(known.contact_at, '-infinity'::timestamptz), COALESCE(known.contact_name, ''), COALESCE(known.contact_first_name, '')) THEN excluded.contact_at ELSE known.contact_at END
WHERE (COALESCE(excluded.wa_id_at, '-infinity'::timestamptz), COALESCE(excluded.wa_id, '')) > (COALESCE(known.wa_id_at, '-infinity'::timestamptz), COALESCE(known.wa_id, ''))
  OR (COALESCE(excluded.parent_user_id, '')) > (COALESCE(known.parent_user_id, ''))
  OR (COALESCE(excluded.username_at, '-infinity'::timestamptz), COALESCE(excluded.username, '')) > (COALESCE(known.username_at, '-infinity'::timestamptz), COALESCE(known.username, ''))
  OR (COALESCE(excluded.name_at, '-infinity'::timestamptz), COALESCE(excluded.name, '')) > (COALESCE(known.name_at, '-infinity'::timestamptz), COALESCE(known.name, ''))
  OR (COALESCE(excluded.contact_at, '-infinity'::timestamptz), COALESCE(excluded.contact_name, ''), COALESCE(excluded.contact_first_name, '')) > (COALESCE(known.contact_at, '-infinity'::timestamptz), COALESCE(known.contact_name, ''), COALESCE(known.contact_first_name, ''));
  -- Conversations and groups that lose a message.
  SELECT jsonb_agg(DISTINCT jsonb_build_array(m.phone_number_id, m.thread_id)),
    jsonb_agg(DISTINCT jsonb_build_array(m.phone_number_id, m.thread_id, m.token)) FILTER (WHERE m.joined_id IS NOT NULL)
  INTO touched, groups
  FROM jsonb_array_elements(given_rows -> 'messages') AS g
  JOIN wa_messages AS m ON m.phone_number_id = g ->> 'phone_number_id' AND m.message_id = g ->> 'message_id' WHERE m.thread_id IS NOT NULL;
  INSERT INTO wa_messages AS known (phone_number_id, message_id, customer_id, direction, occurred_at, place, origin_rank, author, author_rank, type, text, content, answers, content_rank, media_id, media, media_rank, status, status_at, status_error, status_rank, edit_id, edited_at, edited, edited_text, edit_rank, revoked_at, token, thread_id)
  SELECT given.phone_number_id, given.message_id, given.customer_id, given.direction, given.occurred_at, given.place, given.origin_rank, given.author, given.author_rank, given.type, given.text, given.content, given.answers, given.content_rank, given.media_id, given.media, given.media_rank, given.status, given.status_at, given.status_error, given.status_rank, given.edit_id, given.edited_at, given.edited, given.edited_text, given.edit_rank, given.revoked_at, given.token, person.thread_id FROM jsonb_to_recordset(given_rows -> 'messages') AS given (phone_number_id text, message_id text, customer_id text, direction text, occurred_at timestamptz, place bigint, origin_rank bigint, author text, author_rank bigint, type text, text text, content jsonb, answers text, content_rank bigint, media_id text, media jsonb, media_rank bigint, status text, status_at timestamptz, status_error jsonb, status_rank bigint, edit_id text, edited_at timestamptz, edited jsonb, edited_text text, edit_rank bigint, revoked_at timestamptz, token text)
  LEFT JOIN unnest(numbers, customers, new_threads) AS person(phone_number_id, customer_id, thread_id)
    ON person.phone_number_id = given.phone_number_id AND person.customer_id = given.customer_id
  ON CONFLICT (phone_number_id, message_id) DO UPDATE SET
  customer_id = CASE WHEN (COALESCE(excluded.origin_rank, -1), COALESCE(excluded.occurred_at, '-infinity'::timestamptz), COALESCE(excluded.customer_id, ''), COALESCE(excluded.direction, ''), COALESCE(excluded.place, -1)) > (COALESCE(known.origin_rank, -1), COALESCE(known.occurred_at, '-infinity'::timestamptz), COALESCE(known.customer_id, ''), COALESCE(known.direction, ''), COALESCE(known.place, -1)) THEN excluded.customer_id ELSE known.customer_id END,
  thread_id = CASE WHEN (COALESCE(excluded.origin_rank, -1), COALESCE(excluded.occurred_at, '-infinity'::timestamptz), COALESCE(excluded.customer_id, ''), COALESCE(excluded.direction, ''), COALESCE(excluded.place, -1)) > (COALESCE(known.origin_rank, -1), COALESCE(known.occurred_at, '-infinity'::timestamptz), COALESCE(known.customer_id, ''), COALESCE(known.direction, ''), COALESCE(known.place, -1)) THEN excluded.thread_id ELSE known.thread_id END,
  direction = CASE WHEN (COALESCE(excluded.origin_rank, -1), COALESCE(excluded.occurred_at, '-infinity'::timestamptz), COALESCE(excluded.customer_id, ''), COALESCE(excluded.direction, ''), COALESCE(excluded.place, -1)) > (COALESCE(known.origin_rank, -1), COALESCE(known.occurred_at, '-infinity'::timestamptz), COALESCE(known.customer_id, ''), COALESCE(known.direction, ''), COALESCE(known.place, -1)) THEN excluded.direction ELSE known.direction END,
  occurred_at = CASE WHEN (COALESCE(excluded.origin_rank, -1), COALESCE(excluded.occurred_at, '-infinity'::timestamptz), COALESCE(excluded.customer_id, ''), COALESCE(excluded.direction, ''), COALESCE(excluded.place, -1)) > (COALESCE(known.origin_rank, -1), COALESCE(known.occurred_at, '-infinity'::timestamptz), COALESCE(known.customer_id, ''), COALESCE(known.direction, ''), COALESCE(known.place, -1)) THEN excluded.occurred_at ELSE known.occurred_at END,
  place = CASE WHEN (COALESCE(excluded.origin_rank, -1), COALESCE(excluded.occurred_at, '-infinity'::timestamptz), COALESCE(excluded.customer_id, ''), COALESCE(excluded.direction, ''), COALESCE(excluded.place, -1)) > (COALESCE(known.origin_rank, -1), COALESCE(known.occurred_at, '-infinity'::timestamptz), COALESCE(known.customer_id, ''), COALESCE(known.direction, ''), COALESCE(known.place, -1)) THEN excluded.place ELSE known.place END,
  origin_rank = CASE WHEN (COALESCE(excluded.origin_rank, -1), COALESCE(excluded.occurred_at, '-infinity'::timestamptz), COALESCE(excluded.customer_id, ''), COALESCE(excluded.direction, ''), COALESCE(excluded.place, -1)) > (COALESCE(known.origin_rank, -1), COALESCE(known.occurred_at, '-infinity'::timestamptz), COALESCE(known.customer_id, ''), COALESCE(known.direction, ''), COALESCE(known.place, -1)) THEN excluded.origin_rank ELSE known.origin_rank END,
  author = CASE WHEN (COALESCE(excluded.author_rank, -1), COALESCE(excluded.author, '')) > (COALESCE(known.author_rank, -1), COALESCE(known.author, '')) THEN excluded.author ELSE known.author END,
  author_rank = CASE WHEN (COALESCE(excluded.author_rank, -1), COALESCE(excluded.author, '')) > (COALESCE(known.author_rank, -1), COALESCE(known.author, '')) THEN excluded.author_rank ELSE known.author_rank END,
  type = CASE WHEN (COALESCE(excluded.content_rank, -1), COALESCE(excluded.content, 'null'::jsonb)) > (COALESCE(known.content_rank, -1), COALESCE(known.content, 'null'::jsonb)) THEN excluded.type ELSE known.type END,
  text = CASE WHEN (COALESCE(excluded.content_rank, -1), COALESCE(excluded.content, 'null'::jsonb)) > (COALESCE(known.content_rank, -1), COALESCE(known.content, 'null'::jsonb)) THEN excluded.text ELSE known.text END,
  content = CASE WHEN (COALESCE(excluded.content_rank, -1), COALESCE(excluded.content, 'null'::jsonb)) > (COALESCE(known.content_rank, -1), COALESCE(known.content, 'null'::jsonb)) THEN excluded.content ELSE known.content END,
  answers = CASE WHEN (COALESCE(excluded.content_rank, -1), COALESCE(excluded.content, 'null'::jsonb)) > (COALESCE(known.content_rank, -1), COALESCE(known.content, 'null'::jsonb)) THEN excluded.answers ELSE known.answers END,
  content_rank = CASE WHEN (COALESCE(excluded.content_rank, -1), COALESCE(excluded.content, 'null'::jsonb)) > (COALESCE(known.content_rank, -1), COALESCE(known.content, 'null'::jsonb)) THEN excluded.content_rank ELSE known.content_rank END,
  media_id = CASE WHEN (COALESCE(excluded.media_rank, -1), COALESCE(excluded.media, 'null'::jsonb)) > (COALESCE(known.media_rank, -1), COALESCE(known.media, 'null'::jsonb)) THEN excluded.media_id ELSE known.media_id END,
  media = CASE WHEN (COALESCE(excluded.media_rank, -1), COALESCE(excluded.media, 'null'::jsonb)) > (COALESCE(known.media_rank, -1), COALESCE(known.media, 'null'::jsonb)) THEN excluded.media ELSE known.media END,
  media_rank = CASE WHEN (COALESCE(excluded.media_rank, -1), COALESCE(excluded.media, 'null'::jsonb)) > (COALESCE(known.media_rank, -1), COALESCE(known.media, 'null'::jsonb)) THEN excluded.media_rank ELSE known.media_rank END,
  status = CASE WHEN (COALESCE(excluded.status_rank, -1), COALESCE(excluded.status_at, '-infinity'::timestamptz), COALESCE(excluded.status, ''), COALESCE(excluded.status_error, 'null'::jsonb)) > (COALESCE(known.status_rank, -1), COALESCE(known.status_at, '-infinity'::timestamptz), COALESCE(known.status, ''), COALESCE(known.status_error, 'null'::jsonb)) THEN excluded.status ELSE known.status END,
  status_at = CASE WHEN (COALESCE(excluded.status_rank, -1), COALESCE(excluded.status_at, '-infinity'::timestamptz), COALESCE(excluded.status, ''), COALESCE(excluded.status_error, 'null'::jsonb)) > (COALESCE(known.status_rank, -1), COALESCE(known.status_at, '-infinity'::timestamptz), COALESCE(known.status, ''), COALESCE(known.status_error, 'null'::jsonb)) THEN excluded.status_at ELSE known.status_at END,
  status_error = CASE WHEN (COALESCE(excluded.status_rank, -1), COALESCE(excluded.status_at, '-infinity'::timestamptz), COALESCE(excluded.status, ''), COALESCE(excluded.status_error, 'null'::jsonb)) > (COALESCE(known.status_rank, -1), COALESCE(known.status_at, '-infinity'::timestamptz), COALESCE(known.status, ''), COALESCE(known.status_error, 'null'::jsonb)) THEN excluded.status_error ELSE known.status_error END,
  status_rank = CASE WHEN (COALESCE(excluded.status_rank, -1), COALESCE(excluded.status_at, '-infinity'::timestamptz), COALESCE(excluded.status, ''), COALESCE(excluded.status_error, 'null'::jsonb)) > (COALESCE(known.status_rank, -1), COALESCE(known.status_at, '-infinity'::timestamptz), COALESCE(known.status, ''), COALESCE(known.status_error, 'null'::jsonb)) THEN excluded.status_rank ELSE known.status_rank END,
  edit_id = CASE WHEN (COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.edit_id, ''), COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited, 'null'::jsonb)) > (COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.edit_id, ''), COALESCE(known.edit_rank, -1), COALESCE(known.edited, 'null'::jsonb)) THEN excluded.edit_id ELSE known.edit_id END,
  edited_at = CASE WHEN (COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.edit_id, ''), COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited, 'null'::jsonb)) > (COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.edit_id, ''), COALESCE(known.edit_rank, -1), COALESCE(known.edited, 'null'::jsonb)) THEN excluded.edited_at ELSE known.edited_at END,
  edited = CASE WHEN (COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.edit_id, ''), COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited, 'null'::jsonb)) > (COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.edit_id, ''), COALESCE(known.edit_rank, -1), COALESCE(known.edited, 'null'::jsonb)) THEN excluded.edited ELSE known.edited END,
  edited_text = CASE WHEN (COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.edit_id, ''), COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited, 'null'::jsonb)) > (COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.edit_id, ''), COALESCE(known.edit_rank, -1), COALESCE(known.edited, 'null'::jsonb)) THEN excluded.edited_text ELSE known.edited_text END,
  edit_rank = CASE WHEN (COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.edit_id, ''), COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited, 'null'::jsonb)) > (COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.edit_id, ''), COALESCE(known.edit_rank, -1), COALESCE(known.edited, 'null'::jsonb)) THEN excluded.edit_rank ELSE known.edit_rank END,
  revoked_at = CASE WHEN (COALESCE(excluded.revoked_at, '-infinity'::timestamptz)) > (COALESCE(known.revoked_at, '-infinity'::timestamptz)) THEN excluded.revoked_at ELSE known.revoked_at END,
  token = CASE WHEN (COALESCE(excluded.token, '')) > (COALESCE(known.token, '')) THEN excluded.token ELSE known.token END
WHERE (COALESCE(excluded.origin_rank, -1), COALESCE(excluded.occurred_at, '-infinity'::timestamptz), COALESCE(excluded.customer_id, ''), COALESCE(excluded.direction, ''), COALESCE(excluded.place, -1)) > (COALESCE(known.origin_rank, -1), COALESCE(known.occurred_at, '-infinity'::timestamptz), COALESCE(known.customer_id, ''), COALESCE(known.direction, ''), COALESCE(known.place, -1))
  OR (COALESCE(excluded.author_rank, -1), COALESCE(excluded.author, '')) > (COALESCE(known.author_rank, -1), COALESCE(known.author, ''))
  OR (COALESCE(excluded.content_rank, -1), COALESCE(excluded.content, 'null'::jsonb)) > (COALESCE(known.content_rank, -1), COALESCE(known.content, 'null'::jsonb))
  OR (COALESCE(excluded.media_rank, -1), COALESCE(excluded.media, 'null'::jsonb)) > (COALESCE(known.media_rank, -1), COALESCE(known.media, 'null'::jsonb))
  OR (COALESCE(excluded.status_rank, -1), COALESCE(excluded.status_at, '-infinity'::timestamptz), COALESCE(excluded.status, ''), COALESCE(excluded.status_error, 'null'::jsonb)) > (COALESCE(known.status_rank, -1), COALESCE(known.status_at, '-infinity'::timestamptz), COALESCE(known.status, ''), COALESCE(known.status_error, 'null'::jsonb))
  OR (COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.edit_id, ''), COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited, 'null'::jsonb)) > (COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.edit_id, ''), COALESCE(known.edit_rank, -1), COALESCE(known.edited, 'null'::jsonb))
  OR (COALESCE(excluded.revoked_at, '-infinity'::timestamptz)) > (COALESCE(known.revoked_at, '-infinity'::timestamptz))
  OR (COALESCE(excluded.token, '')) > (COALESCE(known.token, ''));
  IF given_rows ? 'edits' THEN
  INSERT INTO wa_edits AS known (phone_number_id, edit_id, message_id, customer_id, edited_at, edited, edited_text, edit_rank)
SELECT * FROM jsonb_to_recordset(given_rows -> 'edits') AS given (phone_number_id text, edit_id text, message_id text, customer_id text, edited_at timestamptz, edited jsonb, edited_text text, edit_rank bigint)
ON CONFLICT (phone_number_id, edit_id) DO UPDATE SET
  message_id = CASE WHEN (COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.message_id, ''), COALESCE(excluded.edited, 'null'::jsonb), COALESCE(excluded.customer_id, '')) > (COALESCE(known.edit_rank, -1), COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.message_id, ''), COALESCE(known.edited, 'null'::jsonb), COALESCE(known.customer_id, '')) THEN excluded.message_id ELSE known.message_id END,
  customer_id = CASE WHEN (COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.message_id, ''), COALESCE(excluded.edited, 'null'::jsonb), COALESCE(excluded.customer_id, '')) > (COALESCE(known.edit_rank, -1), COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.message_id, ''), COALESCE(known.edited, 'null'::jsonb), COALESCE(known.customer_id, '')) THEN excluded.customer_id ELSE known.customer_id END,
  edited_at = CASE WHEN (COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.message_id, ''), COALESCE(excluded.edited, 'null'::jsonb), COALESCE(excluded.customer_id, '')) > (COALESCE(known.edit_rank, -1), COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.message_id, ''), COALESCE(known.edited, 'null'::jsonb), COALESCE(known.customer_id, '')) THEN excluded.edited_at ELSE known.edited_at END,
  edited = CASE WHEN (COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.message_id, ''), COALESCE(excluded.edited, 'null'::jsonb), COALESCE(excluded.customer_id, '')) > (COALESCE(known.edit_rank, -1), COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.message_id, ''), COALESCE(known.edited, 'null'::jsonb), COALESCE(known.customer_id, '')) THEN excluded.edited ELSE known.edited END,
  edited_text = CASE WHEN (COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.message_id, ''), COALESCE(excluded.edited, 'null'::jsonb), COALESCE(excluded.customer_id, '')) > (COALESCE(known.edit_rank, -1), COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.message_id, ''), COALESCE(known.edited, 'null'::jsonb), COALESCE(known.customer_id, '')) THEN excluded.edited_text ELSE known.edited_text END,
  edit_rank = CASE WHEN (COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.message_id, ''), COALESCE(excluded.edited, 'null'::jsonb), COALESCE(excluded.customer_id, '')) > (COALESCE(known.edit_rank, -1), COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.message_id, ''), COALESCE(known.edited, 'null'::jsonb), COALESCE(known.customer_id, '')) THEN excluded.edit_rank ELSE known.edit_rank END
WHERE (COALESCE(excluded.edit_rank, -1), COALESCE(excluded.edited_at, '-infinity'::timestamptz), COALESCE(excluded.message_id, ''), COALESCE(excluded.edited, 'null'::jsonb), COALESCE(excluded.customer_id, '')) > (COALESCE(known.edit_rank, -1), COALESCE(known.edited_at, '-infinity'::timestamptz), COALESCE(known.message_id, ''), COALESCE(known.edited, 'null'::jsonb), COALESCE(known.customer_id, ''));
  END IF;
  IF given_rows ? 'reactions' THEN
  INSERT INTO wa_reactions AS known (phone_number_id, message_id, reactor, customer_id, reaction_id, emoji, reacted_at)
SELECT * FROM jsonb_to_recordset(given_rows -> 'reactions') AS given (phone_number_id text, message_id text, reactor text, customer_id text, reaction_id text, emoji text, reacted_at timestamptz)
ON CONFLICT (phone_number_id, message_id, reactor) DO UPDATE SET
  customer_id = CASE WHEN (COALESCE(excluded.reacted_at, '-infinity'::timestamptz), COALESCE(excluded.reaction_id, ''), COALESCE(excluded.emoji, ''), COALESCE(excluded.customer_id, '')) > (COALESCE(known.reacted_at, '-infinity'::timestamptz), COALESCE(known.reaction_id, ''), COALESCE(known.emoji, ''), COALESCE(known.customer_id, '')) THEN excluded.customer_id ELSE known.customer_id END,
  reaction_id = CASE WHEN (COALESCE(excluded.reacted_at, '-infinity'::timestamptz), COALESCE(excluded.reaction_id, ''), COALESCE(excluded.emoji, ''), COALESCE(excluded.customer_id, '')) > (COALESCE(known.reacted_at, '-infinity'::timestamptz), COALESCE(known.reaction_id, ''), COALESCE(known.emoji, ''), COALESCE(known.customer_id, '')) THEN excluded.reaction_id ELSE known.reaction_id END,
  emoji = CASE WHEN (COALESCE(excluded.reacted_at, '-infinity'::timestamptz), COALESCE(excluded.reaction_id, ''), COALESCE(excluded.emoji, ''), COALESCE(excluded.customer_id, '')) > (COALESCE(known.reacted_at, '-infinity'::timestamptz), COALESCE(known.reaction_id, ''), COALESCE(known.emoji, ''), COALESCE(known.customer_id, '')) THEN excluded.emoji ELSE known.emoji END,
  reacted_at = CASE WHEN (COALESCE(excluded.reacted_at, '-infinity'::timestamptz), COALESCE(excluded.reaction_id, ''), COALESCE(excluded.emoji, ''), COALESCE(excluded.customer_id, '')) > (COALESCE(known.reacted_at, '-infinity'::timestamptz), COALESCE(known.reaction_id, ''), COALESCE(known.emoji, ''), COALESCE(known.customer_id, '')) THEN excluded.reacted_at ELSE known.reacted_at END
WHERE (COALESCE(excluded.reacted_at, '-infinity'::timestamptz), COALESCE(excluded.reaction_id, ''), COALESCE(excluded.emoji, ''), COALESCE(excluded.customer_id, '')) > (COALESCE(known.reacted_at, '-infinity'::timestamptz), COALESCE(known.reaction_id, ''), COALESCE(known.emoji, ''), COALESCE(known.customer_id, ''));
  END IF;
  FOR one IN
    SELECT m.phone_number_id AS number, m.thread_id AS thread, m.token FROM wa_messages AS m
    JOIN (SELECT DISTINCT g ->> 'phone_number_id' AS number, g ->> 'token' AS token FROM jsonb_array_elements(given_rows -> 'messages') AS g) AS g
      ON m.phone_number_id = g.number AND m.token = g.token
    WHERE m.thread_id IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1 OR bool_or(m.joined_id IS NOT NULL)
    UNION SELECT g ->> 0, g ->> 1, g ->> 2 FROM jsonb_array_elements(groups) AS g
  LOOP
    PERFORM wa_join_group(one.number, one.thread, one.token);
  END LOOP;
  PERFORM wa_refresh_thread(t.number, t.thread, NULL) FROM (
    SELECT p.number, p.thread FROM unnest(numbers, new_threads) AS p(number, thread)
    UNION SELECT t ->> 0, t ->> 1 FROM jsonb_array_elements(touched) AS t
  ) AS t;
  PERFORM wa_rethread(moved.number, moved.threads) FROM (
    SELECT p.number, array_agg(DISTINCT thread.id) AS threads
    FROM unnest(numbers, old_threads, new_threads) AS p(number, old_thread, new_thread)
    CROSS JOIN LATERAL (VALUES (p.old_thread), (p.new_thread)) AS thread(id)
    WHERE p.old_thread <> p.new_thread GROUP BY p.number
  ) AS moved;
  RETURN true;
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_mirror_rebuild() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  one record;
BEGIN
  UPDATE wa_customers AS c SET thread_id = wa_person_of(c.phone_number_id, c.customer_id)
    WHERE c.thread_id IS DISTINCT FROM wa_person_of(c.phone_number_id, c.customer_id);
  UPDATE wa_messages AS m SET thread_id = c.thread_id FROM wa_customers AS c
    WHERE c.phone_number_id = m.phone_number_id AND c.customer_id = m.customer_id AND m.thread_id IS DISTINCT FROM c.thread_id;
  FOR one IN
    SELECT m.phone_number_id AS number, m.thread_id AS thread, m.token FROM wa_messages AS m
    WHERE m.thread_id IS NOT NULL AND m.token IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1 OR bool_or(m.joined_id IS NOT NULL)
  LOOP
    PERFORM wa_join_group(one.number, one.thread, one.token);
  END LOOP;
  PERFORM wa_refresh_thread(t.phone_number_id, t.thread_id, NULL) FROM (
    SELECT DISTINCT m.phone_number_id, m.thread_id FROM wa_messages AS m WHERE m.thread_id IS NOT NULL
    UNION SELECT c.phone_number_id, c.thread_id FROM wa_conversations AS c
  ) AS t;
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_shown_id(of_number text, of_thread text, wamid text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT COALESCE(
    (SELECT COALESCE(m.joined_id, m.message_id) FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.message_id = wamid),
    (SELECT min(COALESCE(m.joined_id, m.message_id)) FROM wa_messages AS m
      WHERE m.phone_number_id = of_number AND m.token = wa_token_of(wamid) AND m.thread_id = of_thread
      HAVING count(DISTINCT COALESCE(m.joined_id, m.message_id)) = 1),
    wamid)
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_mark_read(of_number text, of_customer text, up_to timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM wa_lock_people(ARRAY[of_number], ARRAY[of_customer]);
  PERFORM wa_refresh_thread(c.phone_number_id, c.thread_id, COALESCE(up_to, c.last_at)) FROM wa_conversations AS c
    WHERE c.phone_number_id = of_number AND c.thread_id = wa_person_of(of_number, of_customer);
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_digest_of(kind text, of_number text, of_id text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(s.digest_key, 'UTF8') || sha256(convert_to(s.digest_key || E'\n' || kind || E'\n' || of_number || E'\n' || of_id, 'UTF8'))), 'hex')
  FROM wa_mirror_state AS s
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_erase_messages(of_number text, ids text[], people text[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  tokens text[];
  deleted record;
  edits record;
  reactions integer;
BEGIN
  WITH gone AS (
    DELETE FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.message_id = ANY (ids) RETURNING m.*
  )
  SELECT array_agg(DISTINCT gone.token) FILTER (WHERE gone.token IS NOT NULL) AS tokens,
    array_agg(DISTINCT COALESCE(gone.media_id, gone.content -> (gone.content ->> 'type') ->> 'id')) FILTER (WHERE COALESCE(gone.media_id, gone.content -> (gone.content ->> 'type') ->> 'id') IS NOT NULL) AS media
  INTO deleted FROM gone;
  tokens := COALESCE(deleted.tokens, '{}');
  WITH gone AS (DELETE FROM wa_edits AS e WHERE e.phone_number_id = of_number AND (e.message_id = ANY (ids) OR wa_token_of(e.message_id) = ANY (tokens) OR e.customer_id = ANY (people)) RETURNING e.*)
  SELECT COALESCE(array_agg(gone.edit_id), '{}') AS ids, array_agg(gone.edited -> (gone.edited ->> 'type') ->> 'id') FILTER (WHERE gone.edited -> (gone.edited ->> 'type') ->> 'id' IS NOT NULL) AS media
  INTO edits FROM gone;
  WITH gone AS (DELETE FROM wa_reactions AS r WHERE r.phone_number_id = of_number AND (r.message_id = ANY (ids) OR wa_token_of(r.message_id) = ANY (tokens) OR r.customer_id = ANY (people)) RETURNING 1)
  SELECT count(*) INTO reactions FROM gone;
  RETURN jsonb_build_object('messageIds', to_jsonb(ids), 'edits', to_jsonb(edits.ids), 'reactions', reactions,
    'mediaIds', (SELECT COALESCE(jsonb_agg(DISTINCT id), '[]') FROM unnest(deleted.media || edits.media) AS id));
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_forget(of_number text, given text, erased_until bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  given_ids text[] := ARRAY(SELECT jsonb_array_elements_text(given::jsonb));
  ids text[];
  message_ids text[];
  erased jsonb;
BEGIN
  PERFORM wa_lock_people(array_fill(of_number, ARRAY[cardinality(given_ids)]), given_ids);
  ids := ARRAY(SELECT DISTINCT id FROM (
    SELECT unnest(given_ids) AS id UNION SELECT wa_members_of(of_number, g) FROM unnest(given_ids) AS g
  ) AS members ORDER BY id);
  message_ids := ARRAY(SELECT m.message_id FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.customer_id = ANY (ids));
  erased := wa_erase_messages(of_number, message_ids, ids);
  DELETE FROM wa_customers AS c WHERE c.phone_number_id = of_number AND c.customer_id = ANY (ids);
  DELETE FROM wa_conversations AS c WHERE c.phone_number_id = of_number AND c.thread_id = ANY (ids);
  DELETE FROM wa_aliases AS a WHERE a.phone_number_id = of_number AND (a.customer_id = ANY (ids) OR a.same_as = ANY (ids));
  DELETE FROM wa_owners AS o WHERE o.phone_number_id = of_number AND (o.customer_id = ANY (ids) OR o.owner_id = ANY (ids));
  INSERT INTO wa_forgotten AS f
    SELECT wa_digest_of('person', of_number, id), erased_until FROM unnest(ids) AS id
    UNION SELECT wa_digest_of('message', of_number, id), 9007199254740991 FROM unnest(message_ids) AS id
    UNION SELECT wa_digest_of('message', of_number, id), 9007199254740991 FROM jsonb_array_elements_text(erased -> 'edits') AS id
    ON CONFLICT (digest) DO UPDATE SET until_ms = GREATEST(f.until_ms, excluded.until_ms);
  UPDATE wa_mirror_state SET erasures = erasures + 1;
  RETURN erased || jsonb_build_object('ids', to_jsonb(ids));
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_remove_before(of_number text, before timestamptz, at_most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  gone text[];
  threads text[];
  empty text[];
BEGIN
  SELECT array_agg(m.message_id), array_agg(DISTINCT m.thread_id) FILTER (WHERE m.thread_id IS NOT NULL) INTO gone, threads FROM (
    SELECT m.message_id, m.thread_id FROM wa_messages AS m
    WHERE m.phone_number_id = of_number AND COALESCE(m.joined_at, m.occurred_at) < before
    ORDER BY COALESCE(m.joined_at, m.occurred_at) LIMIT at_most
  ) AS m;
  IF gone IS NULL THEN RETURN 0; END IF;
  IF threads IS NOT NULL THEN PERFORM wa_lock_people(array_fill(of_number, ARRAY[cardinality(threads)]), threads); END IF;
  PERFORM wa_erase_messages(of_number, gone, '{}');
  PERFORM wa_refresh_thread(of_number, t, NULL) FROM unnest(threads) AS t;
  empty := ARRAY(SELECT m FROM (
    SELECT wa_members_of(of_number, t) AS m FROM unnest(threads) AS t
    WHERE NOT EXISTS (SELECT FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.thread_id = t)
      AND NOT EXISTS (SELECT FROM wa_people AS p WHERE p.phone_number_id = of_number AND p.thread_id = t AND p.contact_name IS NOT NULL)
  ) AS members);
  DELETE FROM wa_customers AS c WHERE c.phone_number_id = of_number AND c.customer_id = ANY (empty);
  DELETE FROM wa_aliases AS a WHERE a.phone_number_id = of_number AND (a.customer_id = ANY (empty) OR a.same_as = ANY (empty));
  DELETE FROM wa_owners AS o WHERE o.phone_number_id = of_number AND (o.customer_id = ANY (empty) OR o.owner_id = ANY (empty));
  RETURN cardinality(gone);
END
$$$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_search(of_number text, of_thread text, words text[], at_most bigint,
  before_at timestamptz, before_place bigint, before_id text) RETURNS SETOF text LANGUAGE plpgsql
  SET enable_indexscan = on SET enable_seqscan = off SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  query tsquery := to_tsquery('simple', (SELECT string_agg('''' || word || ''':*', ' & ') FROM unnest(words) AS word));
  expected float8;
  found text[];
BEGIN
  IF of_thread IS NOT NULL THEN
    RETURN QUERY SELECT m.message_id::text FROM wa_messages AS m
      WHERE m.phone_number_id = of_number AND m.thread_id = of_thread AND m.type IS DISTINCT FROM 'reaction' AND (m.joined_id IS NULL OR m.joined_id = m.message_id) AND (before_at IS NULL OR (COALESCE(m.joined_at, m.occurred_at), COALESCE(m.joined_place, m.place), m.message_id) < (before_at, before_place, before_id)) AND to_tsvector('simple'::regconfig, left(COALESCE(m.edited_text, m.text), 20000)) @@ query ORDER BY COALESCE(m.joined_at, m.occurred_at) DESC, COALESCE(m.joined_place, m.place) DESC, m.message_id DESC LIMIT at_most;
    RETURN;
  END IF;
  WITH common AS (
    SELECT element.word, element.frequency FROM pg_stats AS s
    CROSS JOIN LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS element(word, frequency)
    WHERE s.schemaname = current_schema() AND s.tablename = 'wa_messages_by_words' AND element.word IS NOT NULL
  ), frequencies AS (
    SELECT COALESCE((SELECT LEAST(1, sum(common.frequency)) FROM common WHERE starts_with(common.word, lower(given.word))), 0) AS frequency
    FROM unnest(words) AS given(word)
  )
  SELECT CASE WHEN bool_or(f.known IS NULL) THEN 0 ELSE exp(sum(ln(f.known))) END
    * (SELECT c.reltuples FROM pg_class AS c WHERE c.oid = 'wa_messages'::regclass)
  INTO expected FROM (SELECT NULLIF(frequencies.frequency, 0) AS known FROM frequencies) AS f;
  IF expected > 5000 THEN
    found := ARRAY(SELECT m.message_id FROM (SELECT m.* FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.type IS DISTINCT FROM 'reaction' AND (m.joined_id IS NULL OR m.joined_id = m.message_id) AND (before_at IS NULL OR (COALESCE(m.joined_at, m.occurred_at), COALESCE(m.joined_place, m.place), m.message_id) < (before_at, before_place, before_id)) ORDER BY COALESCE(m.joined_at, m.occurred_at) DESC, COALESCE(m.joined_place, m.place) DESC, m.message_id DESC LIMIT 5000) AS m
      WHERE to_tsvector('simple'::regconfig, left(COALESCE(m.edited_text, m.text), 20000)) @@ query ORDER BY COALESCE(m.joined_at, m.occurred_at) DESC, COALESCE(m.joined_place, m.place) DESC, m.message_id DESC LIMIT at_most);
    IF cardinality(found) >= at_most THEN
      RETURN QUERY SELECT unnest(found);
      RETURN;
    END IF;
  END IF;
  -- Otherwise the planner may read all messages of the number in the order of time.
  PERFORM set_config('enable_indexscan', 'off', true);
  RETURN QUERY SELECT m.message_id::text FROM wa_messages AS m WHERE m.phone_number_id = of_number AND m.type IS DISTINCT FROM 'reaction' AND (m.joined_id IS NULL OR m.joined_id = m.message_id) AND (before_at IS NULL OR (COALESCE(m.joined_at, m.occurred_at), COALESCE(m.joined_place, m.place), m.message_id) < (before_at, before_place, before_id)) AND to_tsvector('simple'::regconfig, left(COALESCE(m.edited_text, m.text), 20000)) @@ query ORDER BY COALESCE(m.joined_at, m.occurred_at) DESC, COALESCE(m.joined_place, m.place) DESC, m.message_id DESC LIMIT at_most;
END
$$$statement$;
EXECUTE $statement$SELECT wa_mirror_rebuild()$statement$;
    INSERT INTO wa_schema (part, version) VALUES ('mirror', 1)
      ON CONFLICT (part) DO UPDATE SET version = excluded.version, migrated_at = now();
  END IF;
END
$migration$;
