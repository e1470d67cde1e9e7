import type { FakeUserIdChange } from './fake-customer.js';
import type { FakeState } from './fake-state.js';
import { newMessageId } from './message-ids.js';
import { head } from './webhook-values.js';
import { timestamp } from './chats.js';
import type { BusinessNumber, Person } from './entities.js';
import { personOf } from './people.js';
import type { World } from './world.js';

type UserIds = Pick<Person, 'userId' | 'parentUserId'>;

/** Gives a person another user ID, and another parent user ID if the person has one. */
export function changeUserId(state: FakeState, person: Person, change: FakeUserIdChange): void {
  const previous: UserIds = { userId: person.userId, ...(person.parentUserId !== undefined && { parentUserId: person.parentUserId }) };
  person.userId = change.userId ?? state.world.ids.newUserId();
  const parentUserId = change.parentUserId ?? (person.parentUserId === undefined ? undefined : state.world.ids.newParentUserId());
  if (parentUserId !== undefined) person.parentUserId = parentUserId;
  state.world.changed('customer', person.waId);
  report(state, person, previous, 'user_changed_user_id', `User ${person.name} changed from ${previous.userId} to ${person.userId}`);
}

/** Moves a person to another number, which brings another user ID. Chats, inbox and what else belongs to the account move along. */
export function changeNumber(state: FakeState, person: Person, waId: string): void {
  const { world } = state;
  if (waId === person.waId) return;
  // The account that had the number before ends there.
  const isRecycled = world.people.has(waId);
  const moved = personOf(world, waId);
  if (isRecycled) moved.userId = world.ids.newUserId();
  const { name, username, hidesNumber, online, parentUserId } = person;
  Object.assign(moved, { name, username, hidesNumber, online, reachable: true });
  if (parentUserId !== undefined) moved.parentUserId = world.ids.newParentUserId();
  moved.inbox.push(...person.inbox.splice(0));
  moved.waiting.push(...person.waiting.splice(0));
  for (const stopped of person.stopped) moved.stopped.add(stopped);
  const numbers = [...world.numbers.values()].filter(({ chats }) => chats.has(person.waId));
  for (const number of numbers) moveChat(world, number, person.waId, waId);
  Object.assign(person, { username: undefined, reachable: false });
  world.changed('customer', person.waId);
  world.changed('customer', waId);
  const body = `User ${name} changed from ${person.waId} to ${waId}`;
  report(state, moved, { userId: person.userId, ...(parentUserId !== undefined && { parentUserId }) }, 'user_changed_number', body);
}

function moveChat(world: World, number: BusinessNumber, from: string, to: string): void {
  const moved = number.chats.get(from) ?? [];
  const messages = [...(number.chats.get(to) ?? []), ...moved];
  for (const id of moved) {
    const message = world.messages.get(id);
    if (message) message.customerWaId = to;
  }
  number.chats.delete(from);
  number.chats.set(to, messages);
  moveEntry(number.lastInboundAtMs, from, to);
  moveEntry(number.pairUsedUntilMs, from, to);
  if (number.routing) moveEntry(number.routing.owners, from, to);
}

function moveEntry<Value>(entries: Map<string, Value>, from: string, to: string): void {
  const value = entries.get(from);
  if (value === undefined) return;
  entries.delete(from);
  entries.set(to, value);
}

/**
 * Sends a system message to every linked number that has a chat with the person. It has neither `from` nor `contacts`: `system` has the IDs before
 * and after. Source: Meta, changelog (11 Aug 2026).
 */
function report(
  { world, webhooks }: FakeState,
  person: Person,
  previous: UserIds,
  type: 'user_changed_number' | 'user_changed_user_id',
  body: string,
): void {
  const { waId, userId, parentUserId, hidesNumber } = person;
  const system = {
    // The sentence would show a hidden number.
    body: hidesNumber ? `User ${person.name} changed` : body,
    type,
    ...(type === 'user_changed_number' && !hidesNumber && { wa_id: waId }),
    user_id: userId,
    previous_user_id: previous.userId,
    ...(parentUserId !== undefined && { parent_user_id: parentUserId }),
    ...(previous.parentUserId !== undefined && { previous_parent_user_id: previous.parentUserId }),
  };
  for (const number of world.numbers.values()) {
    if (!number.chats.has(waId) || number.api !== 'linked') continue;
    const { id } = newMessageId(world, person, 'customer');
    const message = { id, timestamp: timestamp(world.now()), type: 'system', system };
    webhooks.emit(number, 'messages', { ...head(number), messages: [message] });
  }
}
