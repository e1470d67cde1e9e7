import type { ChatMessage, BusinessNumber } from './entities.js';
import type { World } from './world.js';

/** Puts a message into its chat. */
export function remember(world: World, number: BusinessNumber, message: ChatMessage): void {
  world.messages.set(message.id, message);
  for (const id of spellingsBeside(message)) world.otherIds.set(id, message.id);
  const chat = number.chats.get(message.customerWaId);
  if (chat) chat.push(message.id);
  else number.chats.set(message.customerWaId, [message.id]);
  world.changed('message', message.id);
  forgetOldest(world);
}

/** The wamids of a message under which it does not appear first. */
function spellingsBeside({ id, spellings }: ChatMessage): readonly string[] {
  return spellings ? [spellings.number, spellings.userId].filter((spelling) => spelling !== id) : [];
}

/** Drops the oldest messages above the limit from every place that has them. */
function forgetOldest(world: World): void {
  while (world.messages.size > world.maxMessages) {
    const [oldest] = world.messages.values();
    if (oldest === undefined) return;
    const { id, phoneNumberId, customerWaId } = oldest;
    world.messages.delete(id);
    for (const otherId of spellingsBeside(oldest)) world.otherIds.delete(otherId);
    world.sent.delete(id);
    const { chats } = world.numbers.get(phoneNumberId) ?? {};
    const chat = chats?.get(customerWaId);
    remove(chat, (messageId) => messageId === id);
    if (chat?.length === 0) chats?.delete(customerWaId);
    const person = world.people.get(customerWaId);
    remove(person?.inbox, (message) => message.id === id);
    remove(person?.waiting, (messageId) => messageId === id);
  }
}

/** Removes the first match, which is near the front of lists that grow at their end. */
function remove<Item>(list: Item[] | undefined, matches: (item: Item) => boolean): void {
  const index = list?.findIndex(matches) ?? -1;
  if (index >= 0) list?.splice(index, 1);
}

/** The messages of a number with a customer, oldest first. */
export function chatOf(world: World, number: BusinessNumber, customerWaId: string): readonly ChatMessage[] {
  return (number.chats.get(customerWaId) ?? []).flatMap((id) => world.messages.get(id) ?? []);
}

/** Unix seconds as Meta writes them in messages. */
export function timestamp(atMs: number): string {
  return String(Math.floor(atMs / 1000));
}
