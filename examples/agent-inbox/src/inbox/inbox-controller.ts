import { BadRequestException, Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { recipientOf } from 'wa-coexist';
import { text } from 'wa-coexist/messages';
import { Accounts } from '../database/accounts.ts';
import { Database } from '../database/database.ts';
import { Stores } from '../database/stores.ts';
import { LiveEvents } from '../live/live-events.ts';
import type { MessageView, NumberView, PageView, ThreadDetails, ThreadView } from '../views.ts';
import { agentOf } from '../web/access.ts';
import { ConnectedNumber } from '../web/connected-number.ts';
import { memberOf, readQuery, readText } from '../web/read-body.ts';
import { WhatsApp } from '../whatsapp/whatsapp.ts';
import { Inbox } from './inbox.ts';

const minuteMs = 60_000;

/** The API of the agent inbox. */
@Controller('api/numbers')
@UseGuards(ConnectedNumber)
export class InboxController {
  @Inject(Inbox) private readonly inbox!: Inbox;
  @Inject(Accounts) private readonly accounts!: Accounts;
  @Inject(Database) private readonly database!: Database;
  @Inject(LiveEvents) private readonly live!: LiveEvents;
  @Inject(Stores) private readonly stores!: Stores;
  @Inject(WhatsApp) private readonly whatsapp!: WhatsApp;

  @Get()
  async numbers(): Promise<readonly NumberView[]> {
    const numbers = await this.accounts.numbers();
    return numbers.map(({ phoneNumberId, displayPhoneNumber, verifiedName }) => ({ phoneNumberId, displayPhoneNumber, verifiedName }));
  }

  @Get(':number/threads')
  threads(@Param('number') number: string, @Query('after') after: unknown): Promise<PageView<ThreadView>> {
    return this.inbox.threads(number, readQuery(after, 'after'));
  }

  @Get(':number/threads/:thread')
  thread(@Param('number') number: string, @Param('thread') thread: string): Promise<ThreadDetails> {
    return this.inbox.thread(number, thread);
  }

  @Get(':number/threads/:thread/messages')
  messages(
    @Param('number') number: string,
    @Param('thread') thread: string,
    @Query('after') after: unknown,
  ): Promise<PageView<MessageView>> {
    return this.inbox.messages(number, thread, readQuery(after, 'after'));
  }

  @Get(':number/search')
  search(@Param('number') number: string, @Query() query: Readonly<Record<string, unknown>>): Promise<PageView<MessageView>> {
    return this.inbox.search(number, readQuery(query['words'], 'words') ?? '', readQuery(query['after'], 'after'));
  }

  /** Marks the messages that an agent has seen as read. It sends no read receipt. */
  @Put(':number/threads/:thread/read')
  @HttpCode(204)
  async markRead(@Param('number') number: string, @Param('thread') thread: string, @Body() body: unknown): Promise<void> {
    const until = memberOf(body, 'until') === undefined ? undefined : new Date(readText(body, 'until'));
    if (until && Number.isNaN(until.getTime())) throw new BadRequestException('until is no time.');
    await this.stores.mirror.markRead(number, thread, { until });
    // Other agents see it, too.
    await this.live.publish(this.database, { type: 'messages', phoneNumberId: number, customerIds: [thread], messageIds: [] });
  }

  /** Assigns a conversation to the agent until `release`, or to the bot. */
  @Put(':number/threads/:thread/assignee')
  async assign(
    @Param('number') phoneNumberId: string,
    @Param('thread') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ThreadDetails> {
    const conversation = { phoneNumberId, customer: await this.inbox.find(phoneNumberId, id) };
    const { handoff } = this.whatsapp.coexistence;
    if (readText(body, 'assignee', { allowed: ['bot', 'person'] }) === 'bot') await handoff.release(conversation);
    else await handoff.assignToHuman({ ...conversation, person: agentOf(response) });
    return this.inbox.thread(phoneNumberId, id);
  }

  /** Sends a reply of the agent. The page waits for the result, so it can show an error next to the text. */
  @Post(':number/threads/:thread/messages')
  async reply(
    @Param('number') phoneNumberId: string,
    @Param('thread') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ readonly outcome: 'accepted' | 'unknown' }> {
    const thread = await this.inbox.find(phoneNumberId, id);
    const recipient = recipientOf(thread);
    if (!recipient) throw new Error('Neither the phone number nor the user ID of this customer is known.');
    const message = { ...recipient, ...text(readText(body, 'text', { max: 4_096 })) };
    // A double click or a repeated request has the same key, and sends the message only once.
    const key = `agent/${phoneNumberId}/${readText(body, 'key', { max: 64 })}`;
    const conversation = { phoneNumberId, customer: thread };
    const { handoff } = this.whatsapp.coexistence;
    if ((await handoff.get(conversation)).assignee === 'bot') {
      await handoff.assignToHuman({ ...conversation, person: agentOf(response), until: new Date(Date.now() + 30 * minuteMs) });
    }
    const number = await this.accounts.number(phoneNumberId);
    const result = await this.whatsapp.sender.send(message, {
      from: { phoneNumberId, ...(number && { wabaId: number.wabaId }) },
      key,
      priority: 'high',
      expiresAt: Date.now() + minuteMs,
    });
    if (result.outcome === 'rejected') throw result.error;
    return { outcome: result.outcome };
  }
}
