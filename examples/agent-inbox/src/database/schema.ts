/** The tables of the application. The library creates its own tables, which begin with `wa_` and `campaign_`. */
export const schema: readonly string[] = [
  // An access token belongs to a WhatsApp Business Account. It is encrypted.
  `CREATE TABLE IF NOT EXISTS accounts (
    waba_id text PRIMARY KEY,
    token text NOT NULL,
    expires_at timestamptz
  )`,
  `CREATE TABLE IF NOT EXISTS numbers (
    phone_number_id text PRIMARY KEY,
    waba_id text NOT NULL REFERENCES accounts,
    display_phone_number text NOT NULL,
    verified_name text NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS campaigns (
    id text PRIMARY KEY,
    phone_number_id text NOT NULL REFERENCES numbers,
    name text NOT NULL,
    template text NOT NULL,
    language text NOT NULL,
    total integer NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
  )`,
  `CREATE TABLE IF NOT EXISTS campaign_failures (
    campaign_id text NOT NULL REFERENCES campaigns,
    recipient text NOT NULL,
    kind text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (campaign_id, recipient)
  )`,
];
