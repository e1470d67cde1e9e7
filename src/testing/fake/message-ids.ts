import type { ChatMessage, MessageSpellings, Person } from './entities.js';
import type { World } from './world.js';

/** How a wamid names the customer. */
type Spelling = keyof MessageSpellings;

/** The wamids of a new message. */
export interface NewMessageId {
  /** The wamid under which the message first appears. */
  readonly id: string;
  readonly spellings: MessageSpellings;
}

const peerKinds: Readonly<Record<Spelling, number>> = { number: 0x02, userId: 0x14 };
const fromBusiness = 0x11;
const fromCustomer = 0x12;

/**
 * Writes a wamid in the layout that public reports describe: `1c 18 <length> <peer> 15 <kind of peer> 00 <direction> 18 <length> <token> 00` in
 * base64. Meta documents wamids as opaque.
 */
export function writeMessageId(spelling: Spelling, peer: string, sender: ChatMessage['sender'], token: string): string {
  const encode = (text: string): number[] => {
    const bytes = [...new TextEncoder().encode(text)];
    return [bytes.length, ...bytes];
  };
  const direction = sender === 'customer' ? fromCustomer : fromBusiness;
  const bytes = [0x1c, 0x18, ...encode(peer), 0x15, peerKinds[spelling], 0x00, direction, 0x18, ...encode(token), 0x00];
  return `wamid.${btoa(String.fromCharCode(...bytes))}`;
}

/**
 * Makes the wamids of a new message. It first appears under the customer's number, or under the user ID if the customer hides the number or if
 * the request was addressed to the user ID.
 */
export function newMessageId(
  world: World,
  person: Person,
  sender: ChatMessage['sender'],
  first: Spelling = person.hidesNumber ? 'userId' : 'number',
): NewMessageId {
  const token = world.ids.messageToken(sender);
  const spellings: MessageSpellings = {
    number: writeMessageId('number', person.waId, sender, token),
    userId: writeMessageId('userId', person.userId, sender, token),
  };
  return { id: spellings[first], spellings };
}

/** Returns the wamid that quotes, history, reactions, edits, deletions and statuses contain for a message that appeared under another one. */
export function followUpId(world: World, { id, spellings }: ChatMessage, { hidesNumber }: Person): string {
  if (!spellings || world.messageIds === 'one-spelling') return id;
  // The number would be readable in the other wamid.
  return hidesNumber || id === spellings.number ? spellings.userId : spellings.number;
}

/** Finds a message by either of its wamids. */
export function findMessage(world: World, messageId: string): ChatMessage | undefined {
  return world.messages.get(messageId) ?? world.messages.get(world.otherIds.get(messageId) ?? '');
}
