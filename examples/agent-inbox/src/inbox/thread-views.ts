import { describeError } from 'wa-coexist/errors';
import type { MirroredMessage, PostgresThread } from 'wa-coexist/postgres';
import type { MessageView, ThreadView } from '../views.ts';

/** Returns what the list shows of a conversation. */
export function threadView(thread: PostgresThread): ThreadView {
  const { phoneNumberId, threadId, name, contactName, waId, username, unread, lastMessage } = thread;
  const phone = waId === undefined ? undefined : `+${waId}`;
  const handle = username === undefined ? undefined : `@${username}`;
  // Your team's name for a contact is more useful than the one that customers choose for themselves.
  const [title = threadId, subtitle = ''] = [contactName ?? name, phone, handle].filter((known) => known !== undefined);
  const lastAt = lastMessage.occurredAt?.toISOString() ?? null;
  return { phoneNumberId, id: threadId, title, subtitle, unread, lastText: textOf(lastMessage), lastAt };
}

/** Returns what a conversation shows of a message. */
export function messageView(message: MirroredMessage): MessageView {
  const { messageId, threadId = '', author, occurredAt, status, statusError, editedAt, revokedAt, reactions } = message;
  return {
    id: messageId,
    threadId,
    author: author ?? 'unknown',
    at: occurredAt?.toISOString() ?? null,
    text: textOf(message),
    status: author === 'customer' ? null : (status ?? null),
    error: statusError ? [statusError.title, describeError(statusError)?.remedy].filter(Boolean).join(' ') : null,
    isEdited: editedAt !== undefined,
    isDeleted: revokedAt !== undefined,
    reactions: reactions.map(({ emoji }) => emoji),
  };
}

/** The mirror keeps the content of deleted messages. Pages don't receive it. */
function textOf({ revokedAt, text, type, content }: MirroredMessage): string {
  if (revokedAt) return 'This message was deleted.';
  if (text !== undefined) return text;
  if (content?.type === 'template' && 'template' in content) return `Template ${content.template.name}`;
  return type === undefined ? 'This message has not arrived yet.' : `[${type}]`;
}
