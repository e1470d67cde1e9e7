DO $migration$
DECLARE
  current integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('wa_schema', 0));
  CREATE TABLE IF NOT EXISTS wa_schema (part text PRIMARY KEY, version integer NOT NULL, migrated_at timestamptz NOT NULL DEFAULT now());
  current := COALESCE((SELECT version FROM wa_schema WHERE part = 'store'), 0);
  IF current < 1 THEN
EXECUTE $statement$CREATE TABLE IF NOT EXISTS wa_store (
      head bytea NOT NULL,
      tail bytea NOT NULL,
      rest bytea NOT NULL,
      value text NOT NULL,
      version text NOT NULL,
      expires_at timestamptz,
      PRIMARY KEY (head, tail)
    )$statement$;
EXECUTE $statement$CREATE INDEX IF NOT EXISTS wa_store_by_expiry ON wa_store (expires_at) WHERE expires_at IS NOT NULL$statement$;
EXECUTE $statement$CREATE OR REPLACE FUNCTION wa_store_write(operations text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  given jsonb := operations::jsonb;
  one record;
  found_version text;
BEGIN
  IF jsonb_array_length(given) > 200 THEN
    LOCK TABLE wa_store IN SHARE ROW EXCLUSIVE MODE;
  ELSE
    LOCK TABLE wa_store IN ROW EXCLUSIVE MODE;
    PERFORM pg_advisory_xact_lock(locks.id) FROM (
      SELECT DISTINCT hashtextextended((o.value ->> 'head') || '.' || (o.value ->> 'tail'), 'wa_store'::regclass::oid::bigint) AS id
      FROM jsonb_array_elements(given) AS o ORDER BY 1
    ) AS locks;
  END IF;
  FOR one IN SELECT o.value ->> 'head' AS head, o.value ->> 'tail' AS tail, o.value ->> 'condition' AS condition
    FROM jsonb_array_elements(given) AS o WHERE o.value ->> 'condition' <> 'none'
  LOOP
    SELECT s.version INTO found_version FROM wa_store AS s
      WHERE s.head = decode(one.head, 'hex') AND s.tail = decode(one.tail, 'hex') AND (s.expires_at IS NULL OR s.expires_at > clock_timestamp());
    -- The end of IF is the first THEN outside of parentheses.
    IF (CASE one.condition WHEN 'absent' THEN FOUND WHEN 'present' THEN NOT FOUND
      ELSE NOT FOUND OR 'version ' || found_version <> one.condition END)
    THEN
      RETURN false;
    END IF;
  END LOOP;
  FOR one IN SELECT o.value ->> 'head' AS head, o.value ->> 'tail' AS tail, o.value ->> 'rest' AS rest, o.value ->> 'value' AS new_value,
      o.value ->> 'version' AS new_version, (o.value ->> 'ttl')::float8 AS ttl
    FROM jsonb_array_elements(given) WITH ORDINALITY AS o ORDER BY o.ordinality
  LOOP
    IF one.new_value IS NULL THEN
      DELETE FROM wa_store AS s WHERE s.head = decode(one.head, 'hex') AND s.tail = decode(one.tail, 'hex');
    ELSE
      INSERT INTO wa_store AS s (head, tail, rest, value, version, expires_at)
      VALUES (decode(one.head, 'hex'), decode(one.tail, 'hex'), decode(one.rest, 'hex'), one.new_value, one.new_version,
        clock_timestamp() + one.ttl * interval '1 millisecond')
      ON CONFLICT (head, tail) DO UPDATE
        SET value = excluded.value, version = excluded.version, expires_at = excluded.expires_at;
    END IF;
  END LOOP;
  RETURN true;
END
$$$statement$;
    INSERT INTO wa_schema (part, version) VALUES ('store', 1)
      ON CONFLICT (part) DO UPDATE SET version = excluded.version, migrated_at = now();
  END IF;
END
$migration$;
