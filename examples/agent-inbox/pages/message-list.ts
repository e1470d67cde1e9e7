import type { MessageView, PageView } from '../src/views.ts';
import { create, formatTime, watch } from './api.ts';

const authors: Readonly<Record<MessageView['author'], string>> = { customer: 'Customer', app: 'Business app', api: 'API', unknown: '' };

/** The messages of one conversation, oldest first. It reads earlier ones when the reader scrolls up. */
export class MessageList {
  private readonly messages = new Map<string, MessageView>();
  private next: string | null = null;
  /** Changes when another conversation is shown. */
  private shown = 0;
  private readonly list: HTMLElement;
  private readonly readBefore: (cursor: string) => Promise<PageView<MessageView>>;

  constructor(list: HTMLElement, readBefore: (cursor: string) => Promise<PageView<MessageView>>) {
    this.list = list;
    this.readBefore = readBefore;
    list.addEventListener('scroll', () => {
      if (list.scrollTop < 200) void watch(() => this.readMore());
    });
  }

  has(id: string): boolean {
    return this.messages.has(id);
  }

  clear(): void {
    this.show({ items: [], next: null });
  }

  /** Shows a conversation from its end. */
  show({ items, next }: PageView<MessageView>): void {
    this.shown += 1;
    this.messages.clear();
    for (const message of items.toReversed()) this.messages.set(message.id, message);
    this.next = next;
    this.render();
    this.list.scrollTop = this.list.scrollHeight;
  }

  /** Adds and updates messages, without moving what the reader looks at. */
  upsert(messages: readonly MessageView[]): void {
    const isAtEnd = this.list.scrollTop + this.list.clientHeight > this.list.scrollHeight - 40;
    for (const message of messages) this.messages.set(message.id, message);
    this.render();
    if (isAtEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  /** Shows the latest messages again. It keeps earlier ones if there is no gap between them. */
  refresh(page: PageView<MessageView>): void {
    if (page.items.some(({ id }) => this.messages.has(id))) this.upsert(page.items);
    else this.show(page);
  }

  private async readMore(): Promise<void> {
    const cursor = this.next;
    if (cursor === null) return;
    this.next = null;
    const { shown } = this;
    const page = await this.readBefore(cursor).catch((error: unknown) => {
      if (this.shown === shown) this.next = cursor;
      throw error;
    });
    if (this.shown !== shown) return;
    const fromEnd = this.list.scrollHeight - this.list.scrollTop;
    for (const message of page.items) if (!this.messages.has(message.id)) this.messages.set(message.id, message);
    this.next = page.next;
    this.render();
    this.list.scrollTop = this.list.scrollHeight - fromEnd;
  }

  private render(): void {
    const sorted = [...this.messages.values()].sort((one, other) => (one.at ?? '').localeCompare(other.at ?? ''));
    this.list.replaceChildren(...sorted.map(showMessage));
  }
}

function showMessage(message: MessageView): HTMLElement {
  const { author, at, text, status, error, isEdited, isDeleted, reactions } = message;
  const about = [authors[author], formatTime(at), isEdited ? 'edited' : '', ...reactions, status ?? ''].filter(Boolean).join(' · ');
  const notes = [create('small', {}, about), ...(error === null ? [] : [create('small', { class: 'failed' }, error)])];
  const side = author === 'customer' ? 'them' : 'us';
  return create('li', { class: isDeleted ? `${side} deleted` : side, 'data-author': author, 'data-id': message.id }, text, ...notes);
}
