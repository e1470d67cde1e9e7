import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import type { PostgresThread } from 'wa-coexist/postgres';
import { Stores } from '../database/stores.ts';
import type { LiveEvent, MessageView, PageView, ThreadDetails, ThreadView } from '../views.ts';
import { WhatsApp } from '../whatsapp/whatsapp.ts';
import { messageView, threadView } from './thread-views.ts';

const pageSize = 30;

/** The changed messages and people of one number. */
export interface ChangedIds {
  readonly phoneNumberId: string;
  readonly customerIds: readonly string[];
  readonly messageIds: readonly string[];
}

/** Reads conversations for the pages. */
@Injectable()
export class Inbox {
  @Inject(Stores) private readonly stores!: Stores;
  @Inject(WhatsApp) private readonly whatsapp!: WhatsApp;

  /** Lists conversations, the latest first. */
  async threads(phoneNumberId: string, after?: string): Promise<PageView<ThreadView>> {
    const { items, next = null } = await this.stores.mirror.threads(phoneNumberId, { limit: pageSize, after });
    return { items: items.map(threadView), next };
  }

  /** Returns a conversation, with its assignment and its customer service window. @throws `NotFoundException` */
  async thread(phoneNumberId: string, id: string): Promise<ThreadDetails> {
    return this.details(await this.find(phoneNumberId, id));
  }

  /** Returns the mirror's record of a conversation. @throws `NotFoundException` */
  async find(phoneNumberId: string, id: string): Promise<PostgresThread> {
    const thread = await this.stores.mirror.thread(phoneNumberId, id);
    if (!thread) throw new NotFoundException('This conversation does not exist.');
    return thread;
  }

  /** Lists messages, the latest first. */
  async messages(phoneNumberId: string, threadId: string, after?: string): Promise<PageView<MessageView>> {
    const { items, next = null } = await this.stores.mirror.messages(phoneNumberId, threadId, { limit: pageSize, after });
    return { items: items.map(messageView), next };
  }

  /** Finds messages by the beginnings of their words. */
  async search(phoneNumberId: string, words: string, after?: string): Promise<PageView<MessageView>> {
    const { items, next = null } = await this.stores.mirror.search(phoneNumberId, words, { limit: pageSize, after });
    return { items: items.map(messageView), next };
  }

  /** Reads what changed, as one event for each conversation. */
  async changed({ phoneNumberId, customerIds, messageIds }: ChangedIds): Promise<readonly LiveEvent[]> {
    const { mirror } = this.stores;
    const messages = (await Promise.all(messageIds.map((id) => mirror.message(phoneNumberId, id)))).filter(
      (message) => message !== undefined,
    );
    const ids = new Set([...customerIds, ...messages.flatMap(({ threadId }) => threadId ?? [])]);
    // Several IDs can belong to one person, and so to one conversation.
    const threads = new Map<string, { readonly thread: PostgresThread; readonly ids: readonly string[] }>();
    for (const id of ids) {
      const thread = await mirror.thread(phoneNumberId, id);
      if (thread) threads.set(thread.threadId, { thread, ids: [...(threads.get(thread.threadId)?.ids ?? []), id] });
    }
    return Promise.all(
      [...threads.values()].map(async ({ thread, ids: idsOfThread }) => ({
        type: 'conversation' as const,
        phoneNumberId,
        ids: idsOfThread,
        thread: await this.details(thread),
        messages: messages.filter(({ threadId, type }) => threadId === thread.threadId && type !== 'reaction').map(messageView),
      })),
    );
  }

  private async details(thread: PostgresThread): Promise<ThreadDetails> {
    const { handoff, serviceWindow } = this.whatsapp.coexistence;
    const conversation = { phoneNumberId: thread.phoneNumberId, customer: thread };
    const [{ assignee, person, until }, window] = await Promise.all([handoff.get(conversation), serviceWindow.get(conversation)]);
    return {
      ...threadView(thread),
      assignee,
      person: person ?? null,
      assignedUntil: until?.toISOString() ?? null,
      window: window.status,
      windowUntil: window.until?.toISOString() ?? null,
    };
  }
}
