import type { LiveEvent, MessageView, PageView, ThreadDetails, ThreadView } from '../src/views.ts';
import { ApiError, attempt, call, chooseNumber, create, element, formatTime, listen, watch } from './api.ts';
import { MessageList } from './message-list.ts';

/** A reply that the agent hasn't sent yet. */
interface Draft {
  text: string;
  /** A repeated request has the same key, so the customer receives the message only once. */
  key: string;
  isSending: boolean;
}

const threadList = element('#threads');
const assign = element<HTMLButtonElement>('#assign');
const reply = element<HTMLFormElement>('#reply');
const field = element<HTMLTextAreaElement>('#reply textarea');
const words = element<HTMLInputElement>('#search input');

let number = '';
let stop: () => void = () => undefined;
let threads: readonly ThreadView[] = [];
let nextThreads: string | null = null;
let open: ThreadDetails | undefined;
/** The conversation that the agent chose last. Its messages can be on the way. */
let chosenThread = '';
/** Drafts by number and conversation. */
const drafts = new Map<string, Draft>();
const messages = new MessageList(element('#messages'), (after) => read<PageView<MessageView>>(`${pathOf(open)}/messages`, { after }));

void attempt(() =>
  chooseNumber((chosen) => {
    number = chosen;
    threads = [];
    nextThreads = null;
    words.value = '';
    messages.clear();
    setOpen(undefined);
    showThreads();
    stop();
    stop = listen(number, (event) => void watch(() => receive(event)));
  }),
);

function apiPath(path: string): string {
  return `numbers/${encodeURIComponent(number)}/${path}`;
}

function pathOf(thread: Pick<ThreadView, 'id'> | undefined): string {
  return `threads/${encodeURIComponent(thread?.id ?? '')}`;
}

function read<Result>(path: string, query: Readonly<Record<string, string>> = {}): Promise<Result> {
  return call('GET', `${apiPath(path)}?${new URLSearchParams(query).toString()}`);
}

async function receive(event: LiveEvent): Promise<void> {
  if ('phoneNumberId' in event && event.phoneNumberId !== number) return;
  if (event.type === 'ready' || event.type === 'reload') {
    await reload();
  } else if (event.type === 'conversation') {
    const { thread } = event;
    // The page can know the conversation by an earlier ID of its customer.
    const ids = new Set([thread.id, ...event.ids]);
    threads = [thread, ...threads.filter(({ id }) => !ids.has(id))].sort(byLatest);
    if (open && (ids.has(open.id) || event.messages.some(({ id }) => messages.has(id)))) {
      updateOpen(thread);
      messages.upsert(event.messages);
      if (thread.unread > 0 && document.visibilityState === 'visible') await markRead(thread);
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
      await refreshOpen();
    }
  })().finally(() => (reloading = undefined)));
}

async function loadThreads(): Promise<void> {
  const ofNumber = number;
  const page = await read<PageView<ThreadView>>('threads');
  if (number !== ofNumber) return;
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

function readThread(id: string): Promise<[ThreadDetails, PageView<MessageView>]> {
  return Promise.all([read<ThreadDetails>(pathOf({ id })), read<PageView<MessageView>>(`${pathOf({ id })}/messages`)]);
}

/** Opens a conversation, unless the agent chooses another one before the response arrives. */
async function show(id: string): Promise<void> {
  const ofNumber = number;
  chosenThread = id;
  const [thread, page] = await readThread(id);
  if (number !== ofNumber || chosenThread !== id) return;
  setOpen(thread);
  messages.show(page);
  if (thread.unread > 0) await markRead(thread);
  showThreads();
}

/** Reads the open conversation again, unless the agent opens another one before the response arrives. */
async function refreshOpen(): Promise<void> {
  const before = open;
  if (!before) return;
  const [thread, page] = await readThread(before.id);
  if (open?.phoneNumberId !== before.phoneNumberId || open.id !== before.id) return;
  updateOpen(thread);
  messages.refresh(page);
  if (thread.unread > 0) await markRead(thread);
  showThreads();
}

/** Messages that arrived after the ones on the page stay unread. */
async function markRead({ id, lastAt }: ThreadView): Promise<void> {
  await call('PUT', apiPath(`${pathOf({ id })}/read`), { ...(lastAt !== null && { until: lastAt }) });
  threads = threads.map((thread) => (thread.id === id ? { ...thread, unread: 0 } : thread));
}

function draftOf({ phoneNumberId, id }: ThreadDetails): Draft | undefined {
  return drafts.get(`${phoneNumberId}/${id}`);
}

function setDraft({ phoneNumberId, id }: ThreadDetails, draft: Draft | undefined): void {
  if (draft) drafts.set(`${phoneNumberId}/${id}`, draft);
  else drafts.delete(`${phoneNumberId}/${id}`);
}

/** Shows another conversation with its draft, or none. */
function setOpen(thread: ThreadDetails | undefined): void {
  open = thread;
  chosenThread = thread?.id ?? '';
  showOpen();
}

/** Shows what changed in the open conversation. Its ID can be a new one. */
function updateOpen(thread: ThreadDetails): void {
  if (open && open.id !== thread.id) {
    const draft = draftOf(open);
    setDraft(open, undefined);
    setDraft(thread, draft);
    if (chosenThread === open.id) chosenThread = thread.id;
  }
  open = thread;
  showOpen();
}

function showOpen(): void {
  element('#title').textContent = open?.title ?? 'Choose a conversation';
  reply.hidden = assign.hidden = open === undefined;
  element('#about').textContent = open ? [open.subtitle, whoReplies(open), windowOf(open)].filter(Boolean).join(' · ') : '';
  assign.textContent = open?.assignee === 'person' ? 'Give back to the bot' : 'Take over';
  const { text = '', isSending = false } = (open && draftOf(open)) ?? {};
  // Setting the same text would move the cursor.
  if (field.value !== text) field.value = text;
  field.readOnly = element<HTMLButtonElement>('#reply button').disabled = isSending;
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
  const before = open;
  if (!before) return;
  void attempt(async () => {
    const assignee = before.assignee === 'person' ? 'bot' : 'person';
    const thread = await call<ThreadDetails>('PUT', apiPath(`${pathOf(before)}/assignee`), { assignee });
    if (open?.phoneNumberId === before.phoneNumberId && open.id === before.id) updateOpen(thread);
  });
});

field.addEventListener('input', () => {
  if (open) setDraft(open, { text: field.value, key: crypto.randomUUID(), isSending: false });
});
reply.addEventListener('submit', (submitted) => {
  submitted.preventDefault();
  const draft = open && draftOf(open);
  if (!open || !draft || draft.isSending) return;
  const path = apiPath(`${pathOf(open)}/messages`);
  draft.isSending = true;
  showOpen();
  void attempt(async () => {
    try {
      const { outcome } = await call<{ readonly outcome: string }>('POST', path, { text: draft.text, key: draft.key });
      // The customer can have got a new ID in the meantime, and the agent can have opened another conversation.
      for (const [key, value] of drafts) if (value === draft) drafts.delete(key);
      if (outcome === 'unknown') throw new Error('The response of WhatsApp was lost. The message may have arrived.');
    } catch (error) {
      // The server stores a rejection under its key. Without a response, the same key prevents a second message.
      if (error instanceof ApiError && error.isFinal) draft.key = crypto.randomUUID();
      throw error;
    } finally {
      draft.isSending = false;
      showOpen();
    }
  });
});
field.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  reply.requestSubmit();
});

threadList.addEventListener('scroll', () => {
  const isAtEnd = threadList.scrollTop + threadList.clientHeight > threadList.scrollHeight - 100;
  const after = nextThreads;
  if (!isAtEnd || after === null || words.value !== '') return;
  nextThreads = null;
  const ofNumber = number;
  void watch(async () => {
    const page = await read<PageView<ThreadView>>('threads', { after }).catch((error: unknown) => {
      nextThreads ??= after;
      throw error;
    });
    // Another number was chosen, or the list was read again from its beginning.
    if (number !== ofNumber || nextThreads !== null) return;
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
    const [ofNumber, searched] = [number, words.value];
    const { items } = await read<PageView<MessageView>>('search', { words: searched });
    if (number !== ofNumber || words.value !== searched) return;
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
