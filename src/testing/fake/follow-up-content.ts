import { isRecord } from '../../runtime/json.js';
import type { FakeTypedContent } from './fake-content.js';
import { findMessage, followUpId } from './message-ids.js';
import type { WebhookValue } from './webhook-values.js';
import type { BusinessNumber, ChatMessage, Person } from './entities.js';
import type { World } from './world.js';

/** Returns content as webhooks show it: a reaction names its message by the other wamid. */
export function followUpContent(world: World, person: Person, content: FakeTypedContent): FakeTypedContent {
  const { reaction } = content;
  if (content.type !== 'reaction' || !isRecord(reaction) || typeof reaction.message_id !== 'string') return content;
  const target = findMessage(world, reaction.message_id);
  return target ? { ...content, reaction: { ...reaction, message_id: followUpId(world, target, person) } } : content;
}

/** Returns the `context` of a message that quotes another one: by its other wamid, or as it was given if there is no such message. */
export function quoteContext(
  world: World,
  number: BusinessNumber,
  person: Person,
  quoted: ChatMessage | undefined,
  givenId: string,
): WebhookValue {
  if (!quoted) return { from: number.waId, id: givenId };
  const id = followUpId(world, quoted, person);
  if (quoted.sender !== 'customer') return { from: number.waId, id };
  return { ...(!person.hidesNumber && { from: person.waId }), from_user_id: person.userId, id };
}
