import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { contentOf, withText } from './content.js';
import type { FakeContact, FakePhone } from './fake-phone.js';
import type { FakeState } from './fake-state.js';
import { filesOf } from './files.js';
import { changeInInbox } from './customer-inbox.js';
import type { Lifecycle } from './app-link.js';
import { findMessage, followUpId, newMessageId } from './message-ids.js';
import { followUpContent } from './follow-up-content.js';
import { arrive } from './outbound.js';
import { seedHistory } from './seed-history.js';
import { contactChange, contactsValue } from './state-sync.js';
import { echoesValue, echoMessage, editContent, revokeContent, type WebhookValue } from './webhook-values.js';
import { LazyChat } from './lazy-chat.js';
import { digitsOf } from './digits.js';
import { remember } from './chats.js';
import type { BusinessNumber, ChatMessage, Person } from './entities.js';
import { personOf } from './people.js';

/** Companions whose messages Meta does not echo. */
const unsupportedCompanions: ReadonlySet<string> = new Set(['windows', 'wearos']);
const mostCompanions = 4;

/** Makes the Business app of a number. */
export function createPhone(state: FakeState, lifecycle: Lifecycle, number: BusinessNumber): FakePhone {
  const { world, webhooks } = state;

  const emit = (field: string, value: WebhookValue): void => {
    if (number.api === 'linked') webhooks.emit(number, field, value);
  };
  const echo = (person: Person, id: string, content: WebhookValue): void => {
    emit('smb_message_echoes', echoesValue(number, person, echoMessage(number, person, id, world.now(), content)));
  };
  const ownMessage = (messageId: string): { readonly message: ChatMessage; readonly person: Person } => {
    const message = findMessage(world, messageId);
    if (message?.phoneNumberId !== number.id || message.sender === 'customer' || message.deleted) {
      throw new InvalidArgumentError(
        'fake.phone',
        'messageId',
        `is unknown: No message ${messageId} went out from ${number.displayPhoneNumber}`,
      );
    }
    return { message, person: personOf(world, message.customerWaId) };
  };
  const changeMessage = (messageId: string, change: (message: ChatMessage, target: string) => WebhookValue): string => {
    const { message, person } = ownMessage(messageId);
    const content = change(message, followUpId(world, message, person));
    changeInInbox(person, message);
    world.changed('message', message.id);
    lifecycle.used(number);
    const { id } = newMessageId(world, person, 'app');
    echo(person, id, content);
    return id;
  };
  const putContact = (contact: FakeContact): void => {
    number.contacts.set(contact.waId, { ...contact, changedAtMs: world.now() });
    lifecycle.used(number);
    emit('smb_app_state_sync', contactsValue(number, [contactChange(world, contact, 'add', world.now())]));
  };
  const contactOf = (waId: string): FakeContact => {
    const contact = number.contacts.get(digitsOf(waId));
    if (!contact)
      throw new InvalidArgumentError('fake.phone', 'waId', `is unknown: the address book of ${number.displayPhoneNumber} has no ${waId}`);
    return contact;
  };

  return {
    phoneNumberId: number.id,
    waId: number.waId,
    get linked() {
      return number.api === 'linked';
    },
    get contacts() {
      return [...number.contacts.values()].map(({ waId, fullName, firstName }) => ({
        waId,
        fullName,
        ...(firstName !== undefined && { firstName }),
      }));
    },
    get companions() {
      return number.companions;
    },
    get chats() {
      return [...number.chats.keys()].map((waId) => new LazyChat(world, number, waId));
    },
    get lastUsedAt() {
      return new Date(number.lastUsedAtMs);
    },

    send(customerWaId, given, options = {}) {
      const person = personOf(world, digitsOf(customerWaId));
      const message: ChatMessage = {
        ...newMessageId(world, person, 'app'),
        phoneNumberId: number.id,
        customerWaId: person.waId,
        sender: 'app',
        atMs: world.now(),
        content: contentOf(given, filesOf(world, number.id)),
        status: 'SENT',
        deleted: false,
        era: number.onboardings,
      };
      remember(world, number, message);
      arrive(state, message);
      lifecycle.used(number);
      if (options.from === undefined || !unsupportedCompanions.has(options.from))
        echo(person, message.id, followUpContent(world, person, message.content));
      return message.id;
    },
    edit: (messageId, text) =>
      changeMessage(messageId, (message, target) => {
        message.content = withText(message.content, text);
        message.edited = true;
        return editContent(target, message.content);
      }),
    delete: (messageId) =>
      changeMessage(messageId, (message, target) => {
        message.deleted = true;
        return revokeContent(target);
      }),
    addContact(contact) {
      putContact({ ...contact, waId: digitsOf(contact.waId) });
    },
    editContact(waId, change) {
      const { firstName, ...contact } = contactOf(waId);
      // A new full name takes the old first name with it.
      putContact({ ...contact, ...(change.fullName === undefined && firstName !== undefined && { firstName }), ...change });
    },
    removeContact(waId) {
      const contact = contactOf(waId);
      number.contacts.delete(contact.waId);
      lifecycle.used(number);
      emit('smb_app_state_sync', contactsValue(number, [contactChange(world, contact, 'remove', world.now())]));
    },
    linkCompanion(companion) {
      if (number.companions.length >= mostCompanions)
        throw new InvalidArgumentError('fake.phone', 'companion', 'must not be added: a number has at most four linked devices');
      number.companions = [...number.companions, companion];
      world.changed('number', number.id);
    },
    openApp() {
      lifecycle.used(number);
    },
    disconnect(options) {
      lifecycle.disconnect(number, options);
    },
    changeDevice(options) {
      lifecycle.changeDevice(number, options);
    },
    seedHistory: (options) => seedHistory(world, number, options),
    configureHistorySync(options) {
      number.historySync = options;
    },
    declineHistory() {
      number.sharesHistory = false;
    },
  };
}
