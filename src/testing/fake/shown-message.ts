import { textOf } from './content.js';
import type { FakeChatMessage } from './fake-phone.js';
import type { ChatMessage } from './entities.js';

/** A message as the Business app shows it. */
export function shownMessage({
  id,
  customerWaId,
  sender,
  atMs,
  content,
  status,
  quotes,
  edited = false,
  deleted,
}: ChatMessage): FakeChatMessage {
  const text = deleted ? undefined : textOf(content);
  return {
    id,
    customerWaId,
    sender,
    at: new Date(atMs),
    type: content.type,
    ...(text !== undefined && { text }),
    content,
    status,
    ...(quotes !== undefined && { quotes }),
    edited,
    deleted,
  };
}
