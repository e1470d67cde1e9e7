CREATE TABLE IF NOT EXISTS wa_customers (
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

CREATE INDEX IF NOT EXISTS wa_messages_by_customer ON wa_messages (phone_number_id, customer_id, occurred_at, place, message_id);

CREATE INDEX IF NOT EXISTS wa_edits_by_message ON wa_edits (phone_number_id, message_id);

CREATE INDEX IF NOT EXISTS wa_aliases_by_same_as ON wa_aliases (phone_number_id, same_as);

CREATE OR REPLACE FUNCTION wa_thread_of(of_number text, of_customer text) RETURNS text LANGUAGE sql STABLE AS $$
  WITH RECURSIVE walk (id, steps) AS (
    SELECT of_customer COLLATE "C", 0
    UNION ALL
    SELECT alias.same_as, walk.steps + 1 FROM walk
    JOIN wa_aliases AS alias ON alias.phone_number_id = of_number AND alias.customer_id = walk.id AND alias.same_as <> walk.id
    WHERE walk.steps < 64
  ), ring (id) AS (
    (SELECT id FROM walk ORDER BY steps DESC LIMIT 1)
    UNION
    SELECT alias.same_as FROM ring
    JOIN wa_aliases AS alias ON alias.phone_number_id = of_number AND alias.customer_id = ring.id
  )
  SELECT min(id) FROM ring
$$;
