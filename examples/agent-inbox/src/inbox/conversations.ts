import { Inject, Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { conversationChanges, customerIdsOf, sentMessage, type ConversationEvent, type ThreadRef } from 'wa-coexist/coexistence';
import { webhooksToken } from 'wa-coexist/nestjs';
import type { OutboxRelay } from 'wa-coexist/postgres';
import type { WebhookEvent, Webhooks } from 'wa-coexist/webhooks';
import { Database, type Queries } from '../database/database.ts';
import { Stores } from '../database/stores.ts';
import { LiveEvents, type Change } from '../live/live-events.ts';
import { Bot } from '../whatsapp/bot.ts';
import { botKeyPrefix } from '../whatsapp/handoff-guard.ts';
import { WhatsApp } from '../whatsapp/whatsapp.ts';

/** Records both sides of all conversations, and lets the bot reply. */
@Injectable()
export class Conversations implements OnModuleInit {
  @Inject(webhooksToken) private readonly webhooks!: Webhooks;
  @Inject(Database) private readonly database!: Database;
  @Inject(Stores) private readonly stores!: Stores;
  @Inject(WhatsApp) private readonly whatsapp!: WhatsApp;
  @Inject(LiveEvents) private readonly live!: LiveEvents;
  @Inject(Bot) private readonly bot!: Bot;
  private readonly logger = new Logger('Conversations');
  private relay: OutboxRelay | undefined;

  onModuleInit(): void {
    const { sender, coexistence } = this.whatsapp;
    this.relay = this.stores.replies.relayTo(sender);
    this.webhooks.on('*', (event) => this.receive(event));
    sender.on('sent', async ({ phoneNumberId, message, messageId, response, replayed }) => {
      if (replayed) return;
      // No webhook contains the messages that you send. The statuses only contain their IDs.
      await this.record(sentMessage({ phoneNumberId, message, response }));
      await coexistence.handoff.recordSend({ phoneNumberId, messageId });
    });
    sender.on('unknown', async ({ phoneNumberId, message, key = '', error, settled }) => {
      this.logger.warn(`The result of ${key} is unknown until its status arrives: ${error.message}`);
      const settlement = await settled;
      if (settlement.outcome !== 'accepted') return;
      const input = message.to ?? message.recipient ?? '';
      const response = { messaging_product: 'whatsapp', contacts: [{ input }], messages: [{ id: settlement.messageId }] } as const;
      await this.record(sentMessage({ phoneNumberId, message, response }));
    });
    coexistence.on('handoff.assigned', (thread) => this.showAssignment(thread));
    coexistence.on('handoff.released', (thread) => this.showAssignment(thread));
    for (const event of ['history.progress', 'history.complete', 'history.declined'] as const) {
      coexistence.on(event, ({ phoneNumberId, status, progress }) =>
        this.live.publish(this.database, { type: 'history', phoneNumberId, status, progress }),
      );
    }
  }

  /** Stops passing replies to the sender. They stay in the database. */
  async close(): Promise<void> {
    await this.relay?.close();
  }

  /** Writes an event, the bot's reply and the notification of all pages in one transaction. */
  private async receive(event: WebhookEvent): Promise<void> {
    // Ask before the transaction begins, because the hand-off has its own records.
    const reply = await this.bot.reply(event);
    await this.record(event, async (transaction) => {
      if (!reply || event.phoneNumberId === undefined) return;
      const from = { phoneNumberId: event.phoneNumberId, wabaId: event.wabaId };
      // The reply is sent only once because of the key, even if Meta delivers the event again.
      await this.stores.replies.enqueue(transaction, reply, { from, key: `${botKeyPrefix}${event.key}` });
    });
    if (reply) await this.relay?.relayNow();
  }

  private async record(event: ConversationEvent, also?: (transaction: Queries) => Promise<void>): Promise<void> {
    await this.database.transaction(async (transaction) => {
      await this.stores.mirror.withTransaction(transaction).handle(event);
      await also?.(transaction);
      const change = changeOf(event);
      if (change) await this.live.publish(transaction, change);
    });
  }

  private async showAssignment({ phoneNumberId, customer }: ThreadRef): Promise<void> {
    await this.live.publish(this.database, { type: 'messages', phoneNumberId, customerIds: customerIdsOf(customer), messageIds: [] });
  }
}

/** Returns the changed people and messages of an event. */
function changeOf(event: ConversationEvent): Change | undefined {
  const { phoneNumberId } = event;
  const rows = conversationChanges(event).map(({ row }) => row);
  if (phoneNumberId === undefined || rows.length === 0) return undefined;
  const unique = (name: 'customerId' | 'messageId'): string[] => [
    ...new Set(
      rows.map((row) => (name in row ? (row as Partial<Record<typeof name, string>>)[name] : undefined)).filter((id) => id !== undefined),
    ),
  ];
  return { type: 'messages', phoneNumberId, customerIds: unique('customerId'), messageIds: unique('messageId') };
}
