import type { LiveEvent, MessageView, PageView, ThreadDetails, ThreadView } from '../src/views.ts';
import { attempt, call, chooseNumber, create, element, formatTime, listen } from './api.ts';
import { MessageList } from './message-list.ts';

const threadList = element('#threads');
const assign = element<HTMLButtonElement>('#assign');
const reply = element<HTMLFormElement>('#reply');
const words = element<HTMLInputElement>('#search input');

let number = '';
let stop: () => void = () => undefined;
let threads: readonly ThreadView[] = [];
let nextThreads: string | null = null;
let open: ThreadDetails | undefined;
const messages = new MessageList(element('#messages'), (after) => read<PageView<MessageView>>(`threads/${idOf(open)}/messages`, { after }));

void attempt(() =>
  chooseNumber((chosen) => {
    number = chosen;
    open = undefined;
    messages.clear();
    showOpen();
    stop();
    stop = listen(number, (event) => void attempt(() => receive(event)));
  }),
);

function read<Result>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Result> {
  return call('GET', `numbers/${encodeURIComponent(number)}/${path}?${new URLSearchParams(query).toString()}`);
}

function idOf(thread: ThreadView | undefined): string {
  return encodeURIComponent(thread?.id ?? '');
}

async function receive(event: LiveEvent): Promise<void> {
  if (event.type === 'ready' || event.type === 'reload') {
    await reload();
  } else if (event.type === 'conversation') {
    threads = [event.thread, ...threads.filter(({ id }) => id !== event.thread.id)].sort(byLatest);
    // Messages of the open conversation keep their thread, even if the IDs of its customer changed.
    if (open && (event.thread.id === open.id || event.messages.some(({ id }) => messages.has(id)))) {
      open = event.thread;
      messages.upsert(event.messages);
      showOpen();
      if (event.thread.unread > 0 && document.visibilityState === 'visible') await markRead();
    }
    showThreads();
  } else if (event.type === 'history') {
    element('#connection').textContent = event.status === 'complete' ? 'Live' : `History: ${String(event.progress)} %`;
  }
}

/** Reads everything again. While the history arrives, many events ask for it. */
let reloading: Promise<void> | undefined;
let isReloadDue = false;
function reload(): Promise<void> {
  isReloadDue = true;
  return (reloading ??= (async () => {
    while (isReloadDue) {
      isReloadDue = false;
      await loadThreads();
      if (open) await show(open.id, 'refresh');
    }
  })().finally(() => (reloading = undefined)));
}

async function loadThreads(): Promise<void> {
  const page = await read<PageView<ThreadView>>('threads');
  threads = page.items;
  nextThreads = page.next;
  showThreads();
}

function byLatest(one: ThreadView, other: ThreadView): number {
  return (other.lastAt ?? '').localeCompare(one.lastAt ?? '');
}

function showThreads(): void {
  if (words.value !== '') return;
  threadList.replaceChildren(
    ...threads.map((thread) => {
      const about = [
        create('strong', {}, thread.title),
        thread.unread > 0 ? create('span', { class: 'badge', 'aria-label': `${String(thread.unread)} unread` }, String(thread.unread)) : '',
        create('span', { class: 'text quiet' }, thread.lastText),
      ];
      const button = create('button', { 'aria-current': String(thread.id === open?.id), 'data-thread': thread.id }, ...about);
      button.addEventListener('click', () => void attempt(() => show(thread.id)));
      return create('li', {}, button);
    }),
  );
}

async function show(id: string, how: 'show' | 'refresh' = 'show'): Promise<void> {
  const path = `threads/${encodeURIComponent(id)}`;
  const [thread, page] = await Promise.all([read<ThreadDetails>(path), read<PageView<MessageView>>(`${path}/messages`)]);
  // The agent opened another conversation in the meantime.
  if (how === 'refresh' && open?.id !== id) return;
  open = thread;
  messages[how](page);
  showOpen();
  if (thread.unread > 0) await markRead();
  showThreads();
}

async function markRead(): Promise<void> {
  await call('PUT', `numbers/${encodeURIComponent(number)}/threads/${idOf(open)}/read`);
  threads = threads.map((thread) => (thread.id === open?.id ? { ...thread, unread: 0 } : thread));
}

function showOpen(): void {
  element('#title').textContent = open?.title ?? 'Choose a conversation';
  reply.hidden = assign.hidden = open === undefined;
  element('#about').textContent = open ? [open.subtitle, whoReplies(open), windowOf(open)].filter(Boolean).join(' · ') : '';
  assign.textContent = open?.assignee === 'person' ? 'Give back to the bot' : 'Take over';
}

function whoReplies({ assignee, person, assignedUntil }: ThreadDetails): string {
  if (assignee === 'bot') return 'The bot replies';
  return `${person ?? 'The team'} replies${assignedUntil === null ? '' : ` until ${formatTime(assignedUntil)}`}`;
}

function windowOf({ window, windowUntil }: ThreadDetails): string {
  if (window === 'closed') return 'Only templates are allowed, because the customer wrote more than 24 hours ago';
  return window === 'open' ? `Free replies until ${formatTime(windowUntil)}` : '';
}

assign.addEventListener('click', () => {
  void attempt(async () => {
    const assignee = open?.assignee === 'person' ? 'bot' : 'person';
    open = await call<ThreadDetails>('PUT', `numbers/${encodeURIComponent(number)}/threads/${idOf(open)}/assignee`, { assignee });
    showOpen();
  });
});

/** A repeated request has the same key, so the customer receives the message only once. */
let replyKey = crypto.randomUUID();
reply.addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  const field = element<HTMLTextAreaElement>('#reply textarea');
  const button = element<HTMLButtonElement>('#reply button');
  button.disabled = true;
  void attempt(async () => {
    const path = `numbers/${encodeURIComponent(number)}/threads/${idOf(open)}/messages`;
    const { outcome } = await call<{ readonly outcome: string }>('POST', path, { text: field.value, key: replyKey });
    field.value = '';
    replyKey = crypto.randomUUID();
    if (outcome === 'unknown') throw new Error('The response of WhatsApp was lost. The message may have arrived.');
  }).finally(() => (button.disabled = false));
});
element<HTMLTextAreaElement>('#reply textarea').addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  reply.requestSubmit();
});

threadList.addEventListener('scroll', () => {
  const isAtEnd = threadList.scrollTop + threadList.clientHeight > threadList.scrollHeight - 100;
  const after = nextThreads;
  if (!isAtEnd || after === null || words.value !== '') return;
  nextThreads = null;
  void attempt(async () => {
    const page = await read<PageView<ThreadView>>('threads', { after });
    const known = new Set(threads.map(({ id }) => id));
    threads = [...threads, ...page.items.filter(({ id }) => !known.has(id))];
    nextThreads = page.next;
    showThreads();
  });
});

element<HTMLFormElement>('#search').addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  void attempt(async () => {
    if (words.value === '') {
      showThreads();
      return;
    }
    const { items } = await read<PageView<MessageView>>('search', { words: words.value });
    threadList.replaceChildren(
      ...(items.length === 0 ? [create('li', { class: 'bar quiet' }, 'No message contains these words.')] : items.map(showFound)),
    );
  });
});
words.addEventListener('input', () => {
  if (words.value === '') showThreads();
});

function showFound({ threadId, text, at }: MessageView): HTMLElement {
  const title = threads.find(({ id }) => id === threadId)?.title ?? threadId;
  const about = [create('strong', {}, title), create('small', {}, formatTime(at)), create('span', { class: 'text' }, text)];
  const button = create('button', { 'data-thread': threadId }, ...about);
  button.addEventListener('click', () => void attempt(() => show(threadId)));
  return create('li', {}, button);
}
