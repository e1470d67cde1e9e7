import { digitsOf } from '../digits.js';
import { invalidParameter, refuse } from '../refusal.js';
import type { Person } from '../entities.js';
import { personOf, personWithUserId } from '../people.js';
import { optionalText, type Call } from './call.js';

/** Returns the person that a request names: `to` wins over `recipient`. @throws `Refusal` */
export function recipientOf(call: Call): Person {
  const { world } = call.state;
  const to = optionalText(call, 'to');
  if (to !== undefined) {
    const waId = digitsOf(to);
    if (waId === '') throw refuse(131009, 'The recipient is not a phone number.');
    return personOf(world, waId);
  }
  const userId = optionalText(call, 'recipient');
  if (userId === undefined) throw invalidParameter('The parameter to is required.');
  const person = personWithUserId(world, userId);
  if (!person) throw refuse(131026, 'Message was unable to be delivered: no such business-scoped user ID.');
  return person;
}
