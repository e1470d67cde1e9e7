import { Inject, Injectable } from '@nestjs/common';
import type { SavedToken } from 'wa-coexist/coexistence';
import { createTenants, type TenantRecord, type Tenants } from 'wa-coexist/tenants';
import { Settings } from '../settings.ts';
import type { NumberView } from '../views.ts';
import { Database } from './database.ts';
import { seal, unseal } from './sealed.ts';

/** A connected number and its account. */
export interface BusinessNumber extends NumberView {
  readonly wabaId: string;
}

/** The connected accounts with their access tokens, and their numbers. */
@Injectable()
export class Accounts {
  @Inject(Database) private readonly database!: Database;
  @Inject(Settings) private readonly settings!: Settings;

  /** Looks access tokens up when the client needs them, and caches them for a minute. */
  readonly tenants: Tenants<TenantRecord> = createTenants({
    cacheMs: 60_000,
    find: ({ wabaId = '', phoneNumberId = '' }) => this.findAccount(wabaId, phoneNumberId),
  });

  /** Stores a new access token. */
  async saveToken({ wabaId, token, expiresAt }: Pick<SavedToken, 'wabaId' | 'token' | 'expiresAt'>): Promise<void> {
    // Meta's popup reports the account before the code is exchanged. Without it, nothing could use the token.
    if (wabaId === undefined) throw new Error('The signup reported no WhatsApp Business Account.');
    await this.database.query(
      `INSERT INTO accounts VALUES ($1, $2, $3::timestamptz)
       ON CONFLICT (waba_id) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at`,
      [wabaId, seal(token, wabaId, this.settings.tokenKey), expiresAt?.toISOString() ?? null],
    );
    this.tenants.invalidate({ wabaId });
  }

  async saveNumber({ phoneNumberId, wabaId, displayPhoneNumber, verifiedName }: BusinessNumber): Promise<void> {
    await this.database.query(
      `INSERT INTO numbers VALUES ($1, $2, $3, $4) ON CONFLICT (phone_number_id) DO UPDATE
       SET waba_id = excluded.waba_id, display_phone_number = excluded.display_phone_number, verified_name = excluded.verified_name`,
      [phoneNumberId, wabaId, displayPhoneNumber, verifiedName],
    );
    this.tenants.invalidate({ phoneNumberId });
  }

  async numbers(): Promise<readonly BusinessNumber[]> {
    const { rows } = await this.database.query<BusinessNumber>(`${selectNumbers} ORDER BY verified_name`);
    return rows;
  }

  /** Returns `undefined` if the number isn't connected. */
  async number(phoneNumberId: string): Promise<BusinessNumber | undefined> {
    const { rows } = await this.database.query<BusinessNumber>(`${selectNumbers} WHERE phone_number_id = $1`, [phoneNumberId]);
    return rows[0];
  }

  private async findAccount(wabaId: string, phoneNumberId: string): Promise<TenantRecord | undefined> {
    const { rows } = await this.database.query<{ waba_id: string; token: string }>(
      `SELECT waba_id, token FROM accounts
       WHERE waba_id = $1 OR ($1 = '' AND waba_id = (SELECT waba_id FROM numbers WHERE phone_number_id = $2))`,
      [wabaId, phoneNumberId],
    );
    const [row] = rows;
    return row && { wabaId: row.waba_id, accessToken: unseal(row.token, row.waba_id, this.settings.tokenKey) };
  }
}

const selectNumbers = `SELECT phone_number_id AS "phoneNumberId", waba_id AS "wabaId",
  display_phone_number AS "displayPhoneNumber", verified_name AS "verifiedName" FROM numbers`;
