import { createClient, createCoexistence, personKeys, type ClientOptions, type Coexistence, type Store } from 'wa-coexist';
import { conversationChanges, postgresUpserts } from 'wa-coexist/coexistence';
import { type Onboarding } from 'wa-coexist/coexistence';
import { parseSessionEvent } from 'wa-coexist/embedded-signup';
import type { WebhookEvent, Webhooks } from 'wa-coexist/webhooks';
import type { Database } from './database.ts';
import { open, seal } from './sealed.ts';

/** A platform for many businesses, each with its own number, token and conversations. */
export interface Platform {
  readonly coexistence: Coexistence;
  /** A business has finished Meta's popup on the page of a tenant. */
  onboard(tenant: string, signup: { readonly code: string; readonly sessionEvent?: unknown }): Promise<Onboarding>;
}

/** What it runs on. */
export interface PlatformOptions {
  readonly database: Database;
  /** 32 bytes, from your secret manager: encrypts the tokens. */
  readonly key: Buffer;
  readonly webhooks: Webhooks;
  /** Where the library keeps what is under way: a file for one machine, Redis for many. */
  readonly store: Store;
  /** App id, app secret, and what else a client takes. */
  readonly client: ClientOptions;
}

export function openPlatform({ database, key, webhooks, store, client: options }: PlatformOptions): Platform {
  const client = createClient({
    ...options,
    accessToken: async ({ wabaId = '' }) => {
      const { rows } = await database.query('SELECT token FROM tenants WHERE waba_id = $1', [wabaId]);
      const sealed = rows[0]?.['token'];
      if (!(sealed instanceof Uint8Array)) throw new Error(`No tenant has the WABA ${wabaId}.`);
      return open(sealed, wabaId, key);
    },
  });
  /** Whose onboarding it is, until its token is in the table. */
  const tenantOf = new Map<string, string>();
  const coexistence = createCoexistence({
    client,
    webhooks,
    store,
    saveToken: async ({ wabaId, token, expiresAt }) => {
      const tenant = wabaId === undefined ? undefined : tenantOf.get(wabaId);
      if (wabaId === undefined || tenant === undefined) throw new Error('This onboarding belongs to no tenant.');
      await database.query(
        `INSERT INTO tenants VALUES ($1, $2, $3, $4)
         ON CONFLICT (waba_id) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at WHERE tenants.tenant = excluded.tenant`,
        [wabaId, tenant, seal(token, wabaId, key), expiresAt ?? null],
      );
    },
  });

  /** One event, one transaction: conversation and tickets are both there or neither is, and Meta's next try starts from a clean slate. */
  const record = (event: WebhookEvent): Promise<void> =>
    database.transaction(async (transaction) => {
      for (const { text, values } of postgresUpserts(conversationChanges(event))) await transaction.query(text, [...values]);
      if (event.type !== 'message') return; // history opens no ticket
      // One key for a person, whichever of their IDs the webhook contains. The user ID is the first choice.
      const [customer] = personKeys(event.customer ?? {});
      if (customer === undefined) return;
      await transaction.query(`INSERT INTO tickets SELECT tenant, $2, $3 FROM tenants WHERE waba_id = $1 ON CONFLICT DO NOTHING`, [
        event.wabaId,
        customer,
        event.occurredAt ?? new Date(client.clock.now()),
      ]);
    });
  webhooks.on('*', record);

  return {
    coexistence,
    onboard: async (tenant, { code, sessionEvent }) => {
      const told = parseSessionEvent(sessionEvent);
      const wabaId = told?.outcome === 'finished' ? told.wabaId : undefined;
      // Before the code is used, which works once.
      if (wabaId === undefined) throw new Error('The session event names no WABA.');
      const { rows } = await database.query('SELECT tenant FROM tenants WHERE waba_id = $1', [wabaId]);
      if (rows[0] && rows[0]['tenant'] !== tenant) throw new Error('Another tenant has this business.');
      tenantOf.set(wabaId, tenant);
      try {
        const { id } = await coexistence.onboarding.start({ code, sessionEvent });
        return await coexistence.onboarding.resume(id);
      } finally {
        tenantOf.delete(wabaId);
      }
    },
  };
}
