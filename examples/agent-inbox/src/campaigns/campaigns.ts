import { BadRequestException, ConflictException, Inject, Injectable, Logger, NotFoundException, type OnModuleInit } from '@nestjs/common';
import { isWhatsAppError, type WhatsAppError } from 'wa-coexist/errors';
import type { OutboxRelay } from 'wa-coexist/postgres';
import { template } from 'wa-coexist/messages';
import { templateComponents } from 'wa-coexist/templates';
import { Accounts, type BusinessNumber } from '../database/accounts.ts';
import { Database } from '../database/database.ts';
import { Stores } from '../database/stores.ts';
import { LiveEvents } from '../live/live-events.ts';
import type { CampaignView, TemplateView } from '../views.ts';
import { WhatsApp } from '../whatsapp/whatsapp.ts';
import { campaignView, type CampaignRow, type FailureRow } from './campaign-view.ts';
import { parseRecipients } from './parse-recipients.ts';
import { templateView } from './template-view.ts';

/** A new campaign, as the page posts it. */
export interface NewCampaign {
  /** Chosen by the page, so that a repeated request creates only one campaign. */
  readonly id: string;
  readonly name: string;
  readonly template: string;
  readonly language: string;
  /** One line for each recipient: the phone number, and the values of the variables. */
  readonly recipients: string;
}

/** What an agent can do with a campaign. */
export type CampaignAction = 'pause' | 'resume' | 'cancel';

const progressMs = 500;
const maxFailures = 100;

/** Campaigns: all messages are written in one transaction, and a relay passes them to the sender. */
@Injectable()
export class Campaigns implements OnModuleInit {
  @Inject(Accounts) private readonly accounts!: Accounts;
  @Inject(Database) private readonly database!: Database;
  @Inject(Stores) private readonly stores!: Stores;
  @Inject(WhatsApp) private readonly whatsapp!: WhatsApp;
  @Inject(LiveEvents) private readonly live!: LiveEvents;
  private readonly logger = new Logger('Campaigns');
  private readonly lastEmitted = new Map<string, string>();
  private relay: OutboxRelay | undefined;
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isClosed = false;

  onModuleInit(): void {
    this.relay = this.stores.campaignMessages.relayTo(this.whatsapp.sender);
    this.whatsapp.sender.on('rejected', async ({ campaignId, message, error }) => {
      if (campaignId !== undefined) await this.saveFailure(campaignId, message.to ?? message.recipient ?? '', error);
    });
    this.lookLater();
  }

  /** Stops passing messages to the sender. They stay in the database. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.relay?.close();
  }

  /** Lists the approved templates that a campaign can use. */
  async templates(phoneNumberId: string): Promise<readonly TemplateView[]> {
    const { wabaId } = await this.number(phoneNumberId);
    const templates = await this.whatsapp.templates.list({ wabaId });
    return templates.flatMap((found) => (found.status === 'APPROVED' ? (templateView(found) ?? []) : []));
  }

  /** Creates a campaign and queues its messages. @throws `BadRequestException`, or an error of the library for the first wrong message */
  async create(phoneNumberId: string, agent: string, campaign: NewCampaign): Promise<CampaignView> {
    const { wabaId } = await this.number(phoneNumberId);
    const definition = (await this.templates(phoneNumberId)).find(
      ({ name, language }) => name === campaign.template && language === campaign.language,
    );
    if (!definition) throw new BadRequestException(`There is no approved template ${campaign.template} in ${campaign.language}.`);
    const messages = parseRecipients(campaign.recipients, definition.variables).map(({ to, values }) => ({
      to,
      ...template(definition.name, definition.language, templateComponents({ ...(definition.variables.length > 0 && { body: values }) })),
    }));
    for (const message of messages) await this.whatsapp.templates.check(message, { wabaId });
    const { id } = campaign;
    await this.database.transaction(async (transaction) => {
      const { rows: created } = await transaction.query(
        `INSERT INTO campaigns (id, phone_number_id, name, template, language, total, created_by)
         VALUES ($1, $2, $3, $4, $5, $6::integer, $7) ON CONFLICT DO NOTHING RETURNING id`,
        [id, phoneNumberId, campaign.name, definition.name, definition.language, String(messages.length), agent],
      );
      // A request before this one has created it.
      if (created.length === 0) return;
      for (const message of messages) {
        await this.stores.campaignMessages.enqueue(transaction, message, {
          from: { phoneNumberId, wabaId },
          key: `campaign/${id}/${message.to}`,
          campaignId: id,
          priority: 'low',
          // The category decides whether opt-outs of marketing apply.
          category: definition.category === 'MARKETING' ? 'marketing' : 'utility',
        });
      }
    });
    return this.get(phoneNumberId, id);
  }

  /** Lists the campaigns of a number, the latest first. */
  async list(phoneNumberId: string): Promise<readonly CampaignView[]> {
    const { rows } = await this.database.query<CampaignRow>(
      `${selectCampaigns} WHERE phone_number_id = $1 ORDER BY created_at DESC LIMIT 50`,
      [phoneNumberId],
    );
    return Promise.all(rows.map((row) => this.view(row)));
  }

  /** Pauses, resumes or cancels a campaign of a number in all processes. @throws `NotFoundException`, `ConflictException` */
  async run(phoneNumberId: string, id: string, action: CampaignAction): Promise<CampaignView> {
    const { rows } = await this.database.query<{ readonly isFinished: boolean }>(
      `SELECT finished_at IS NOT NULL AS "isFinished" FROM campaigns WHERE id = $1 AND phone_number_id = $2`,
      [id, phoneNumberId],
    );
    if (rows[0]?.isFinished === true) throw new ConflictException('This campaign is finished already.');
    if (!rows[0]) throw new NotFoundException('This campaign does not exist.');
    await this.whatsapp.sender.campaigns[action](id);
    return this.get(phoneNumberId, id);
  }

  private async get(phoneNumberId: string, id: string): Promise<CampaignView> {
    const { rows } = await this.database.query<CampaignRow>(`${selectCampaigns} WHERE id = $1 AND phone_number_id = $2`, [
      id,
      phoneNumberId,
    ]);
    const [row] = rows;
    if (!row) throw new NotFoundException('This campaign does not exist.');
    return this.view(row);
  }

  private async view(row: CampaignRow): Promise<CampaignView> {
    const [report, { rows: failures }] = await Promise.all([
      this.whatsapp.sender.campaigns.report(row.id),
      this.database.query<FailureRow>(
        `SELECT recipient, kind, message FROM campaign_failures WHERE campaign_id = $1 ORDER BY recipient LIMIT ${String(maxFailures)}`,
        [row.id],
      ),
    ]);
    return campaignView(row, report, failures);
  }

  /** Reads the progress of unfinished campaigns, and emits it to the pages if it changed. */
  private async look(): Promise<void> {
    const { rows } = await this.database.query<CampaignRow>(`${selectCampaigns} WHERE finished_at IS NULL`);
    for (const row of rows) {
      const campaign = await this.view(row);
      const json = JSON.stringify(campaign);
      if (this.lastEmitted.get(row.id) === json) continue;
      this.lastEmitted.set(row.id, json);
      this.live.emit({ type: 'campaign', phoneNumberId: row.phoneNumberId, campaign });
      if (campaign.state !== 'done' && campaign.state !== 'cancelled') continue;
      await this.database.query('UPDATE campaigns SET finished_at = now() WHERE id = $1', [row.id]);
      this.lastEmitted.delete(row.id);
    }
  }

  private lookLater(): void {
    if (this.isClosed) return;
    this.timer = setTimeout(() => {
      this.looking = this.look()
        .catch((error: unknown) => {
          this.logger.error('The progress of campaigns could not be read.', error);
        })
        .finally(() => {
          this.lookLater();
        });
    }, progressMs);
  }

  private async saveFailure(campaignId: string, recipient: string, error: WhatsAppError): Promise<void> {
    await this.database.query(
      `INSERT INTO campaign_failures SELECT $1, $2, $3, $4 WHERE EXISTS (SELECT FROM campaigns WHERE id = $1) ON CONFLICT DO NOTHING`,
      [campaignId, recipient, isWhatsAppError(error) ? error.kind : 'unknown', error.message],
    );
  }

  private async number(phoneNumberId: string): Promise<BusinessNumber> {
    const number = await this.accounts.number(phoneNumberId);
    if (!number) throw new NotFoundException('This number is not connected.');
    return number;
  }
}

const selectCampaigns = `SELECT id, phone_number_id AS "phoneNumberId", name, template, total, created_by AS "createdBy",
  created_at AS "createdAt" FROM campaigns`;
