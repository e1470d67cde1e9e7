import type { FakeContact } from './fake-phone.js';
import type { FakeState } from './fake-state.js';
import { head, type WebhookValue } from './webhook-values.js';
import { timestamp } from './chats.js';
import type { BusinessNumber } from './entities.js';
import type { World } from './world.js';

/** Contacts in one webhook of the first sync. Meta publishes no figure. */
const batchSize = 20;

/** An element of `state_sync`. An edit is an `add`, too. */
export function contactChange(world: World, contact: FakeContact, action: 'add' | 'remove', atMs: number): WebhookValue {
  const person = world.people.get(contact.waId);
  return {
    type: 'contact',
    contact: {
      ...(action === 'add' && { full_name: contact.fullName, first_name: contact.firstName ?? contact.fullName.split(' ')[0] }),
      ...(!person?.hidesNumber && { phone_number: contact.waId }),
      ...(person && {
        user_id: person.userId,
        ...(person.parentUserId !== undefined && { parent_user_id: person.parentUserId }),
        ...(person.username !== undefined && { username: person.username }),
      }),
    },
    action,
    metadata: { timestamp: timestamp(atMs) },
  };
}

/** Value of `smb_app_state_sync`. */
export function contactsValue(number: BusinessNumber, changes: readonly WebhookValue[]): WebhookValue {
  return { ...head(number), state_sync: changes };
}

/** Sends the whole address book. */
export function sendContacts({ world, webhooks }: FakeState, number: BusinessNumber): void {
  const contacts = [...number.contacts.values()];
  for (let start = 0; start < contacts.length; start += batchSize) {
    const changes = contacts.slice(start, start + batchSize).map((contact) => contactChange(world, contact, 'add', contact.changedAtMs));
    webhooks.emit(number, 'smb_app_state_sync', contactsValue(number, changes));
  }
}
