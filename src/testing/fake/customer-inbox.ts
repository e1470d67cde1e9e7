import { textOf } from './content.js';
import type { ChatMessage, Person } from './entities.js';
import type { World } from './world.js';

/** Puts a message before the customer's eyes. */
export function putIntoInbox(world: World, person: Person, message: ChatMessage): void {
  person.inbox.push({
    id: message.id,
    phoneNumberId: message.phoneNumberId,
    via: message.sender === 'app' ? 'app' : 'api',
    receivedAt: new Date(world.now()),
    type: message.content.type,
    content: message.content,
    edited: false,
    deleted: false,
  });
  changeInInbox(person, message);
}

/** Changes what the customer sees of a message. */
export function changeInInbox(person: Person, message: ChatMessage): void {
  const item = person.inbox.findLast(({ id }) => id === message.id);
  if (!item) return;
  const text = message.deleted ? undefined : textOf(message.content);
  item.edited = message.edited ?? false;
  item.content = message.content;
  item.deleted = message.deleted;
  if (text === undefined) delete item.text;
  else item.text = text;
}
