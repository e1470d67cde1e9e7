import type { ConversationThread } from 'wa-coexist/sqlite';
import type { Line } from './conversation.ts';

/** People write whatever they like, names included. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const style = `body { font: 16px/1.4 system-ui, sans-serif; max-width: 40rem; margin: 1rem auto; padding: 0 1rem }
li { list-style: none; margin: .5rem 0; padding: .5rem .8rem; border-radius: .6rem; background: #eee; max-width: 80% }
li.us { margin-left: auto; background: #d9fdd3 } ol { padding: 0 } small { color: #555; display: block } textarea { width: 100% }`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style><h1>${escaped(title)}</h1>${body}</html>`;
}

/** Returns the heading of a conversation: the name, the phone number, or the ID of people who hide both. */
export function titleOf({ name, waId, threadId }: ConversationThread): string {
  return name ?? (waId === undefined ? threadId : `+${waId}`);
}

/** All conversations, the latest first. */
export function threadsPage(threads: readonly ConversationThread[]): string {
  const items = threads.map((thread) => {
    const { threadId, lastMessage } = thread;
    const link = `<a href="/threads/${encodeURIComponent(threadId)}">${escaped(titleOf(thread))}</a>`;
    return `<li>${link}<small>${escaped(lastMessage.revokedAt ? '(deleted)' : (lastMessage.text ?? ''))}</small></li>`;
  });
  return page('Inbox', items.length > 0 ? `<ol>${items.join('')}</ol>` : '<p>Nobody has written yet.</p>');
}

/** One conversation, with a form to answer through the API. */
export function threadPage(name: string, lines: readonly Line[]): string {
  const items = lines.map(({ side, from, at, text, notes }) => {
    const about = [from, at?.toISOString().slice(0, 16).replace('T', ' ') ?? '', ...notes].filter((note) => note !== '');
    return `<li class="${side}">${escaped(text)}<small>${escaped(about.join(' · '))}</small></li>`;
  });
  const form =
    '<form method="post"><textarea name="text" required aria-label="Answer"></textarea><button>Send through the API</button></form>';
  return page(name, `<p><a href="/">All</a></p><ol>${items.join('')}</ol>${form}`);
}
