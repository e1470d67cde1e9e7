import type { Customer } from '../../webhooks/events/base.js';
import type { Answer, Person } from './entities.js';
import type { World } from './world.js';

/** Returns the customer with a number, and creates it if it is missing. */
export function personOf(world: World, waId: string): Person {
  const known = world.people.get(waId);
  if (known) return known;
  const person: Person = {
    waId,
    userId: world.ids.userId(waId),
    name: `Customer ${waId.slice(-4)}`,
    username: undefined,
    hidesNumber: false,
    online: true,
    reachable: true,
    stopped: new Set(),
    inbox: [],
    waiting: [],
  };
  world.people.set(waId, person);
  world.changed('customer', waId);
  return person;
}

/** The person with a business-scoped user id. */
export function personWithUserId(world: World, userId: string): Person | undefined {
  return [...world.people.values()].find((person) => person.userId === userId);
}

/** A person as payloads name one. */
export function customerOf({ waId, userId, parentUserId, name, username, hidesNumber }: Person): Customer {
  return {
    ...(!hidesNumber && { waId }),
    userId,
    ...(parentUserId !== undefined && { parentUserId }),
    name,
    ...(username !== undefined && { username }),
  };
}

/** The IDs of a person in lists: the number unless it is hidden, and the user ID. */
export function shownIds({ waId, userId, hidesNumber }: Person): Answer {
  return { ...(!hidesNumber && { wa_id: waId }), user_id: userId };
}
