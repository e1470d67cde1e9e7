import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { contentOf, withText } from './content.js';
import type { FakeContent } from './fake-content.js';
import type { FakeCustomer, FakeCustomerSendOptions } from './fake-customer.js';
import type { FakeState } from './fake-state.js';
import { filesOf } from './files.js';
import { followUpContent, quoteContext } from './follow-up-content.js';
import { findMessage, followUpId, newMessageId } from './message-ids.js';
import { openFlow } from './flows/open-flow.js';
import { arrive, tellRead } from './outbound.js';
import { noteReferral } from './pricing.js';
import {
  editContent,
  incomingMessage,
  messagesValue,
  revokeContent,
  standbyValue,
  unavailableContent,
  unsupportedContent,
  type WebhookValue,
} from './webhook-values.js';
import { askToJoin, ringBusiness } from './customer-actions.js';
import { changeNumber, changeUserId } from './identity-changes.js';
import { digitsOf } from './digits.js';
import { claimThread, isOwnedByOther } from './threads.js';
import { remember } from './chats.js';
import type { BusinessNumber, ChatMessage, Person } from './entities.js';
import { customerOf } from './people.js';
import { findNumber } from './world.js';

/** Between the stub of a message and the message itself; seen in an incident of 30 Jul 2026. */
const unavailableMs = 200;

/**
 * Creates the handle of a person.
 *
 * @param findCustomer - Returns the handle of the person with a number, given as digits.
 */
export function createCustomer(state: FakeState, person: Person, findCustomer: (waId: string) => FakeCustomer): FakeCustomer {
  const { world, webhooks, agenda } = state;

  const numberOf = (id: string): BusinessNumber => {
    const number = findNumber(world, id);
    if (!number) throw new InvalidArgumentError('fake.customer', 'phoneNumberId', `names no number of this fake: ${id}`);
    return number;
  };
  const ownMessage = (messageId: string): { readonly message: ChatMessage; readonly number: BusinessNumber } => {
    const message = findMessage(world, messageId);
    if (message?.sender !== 'customer' || message.customerWaId !== person.waId) {
      throw new InvalidArgumentError('fake.customer', 'messageId', `is unknown: ${person.waId} has sent no message ${messageId}`);
    }
    return { message, number: numberOf(message.phoneNumberId) };
  };
  const valueOf = (number: BusinessNumber, id: string, content: WebhookValue): WebhookValue => {
    const message = incomingMessage(person, id, world.now(), content);
    return isOwnedByOther(number, person.waId)
      ? standbyValue(number, person, { messages: [message] })
      : messagesValue(number, person, message);
  };
  /** The app only watches threads that another responder owns. */
  const fieldOf = (number: BusinessNumber): string => (isOwnedByOther(number, person.waId) ? 'standby' : 'messages');
  const emit = (number: BusinessNumber, id: string, content: WebhookValue): void => {
    if (number.api === 'linked' && number.registered) webhooks.emit(number, fieldOf(number), valueOf(number, id, content));
  };
  /** Edits and deletions reach coexistence numbers only; others get "unsupported". Source: Meta, edit and revoke webhooks (3 Dec 2025). */
  const emitChange = (number: BusinessNumber, content: WebhookValue & { readonly type: string }): string => {
    const { id } = newMessageId(world, person, 'customer');
    emit(number, id, number.isOnBizApp ? content : unsupportedContent(content.type));
    return id;
  };

  const setHidden = (isHidden: boolean): void => {
    person.hidesNumber = isHidden;
    world.changed('customer', person.waId);
  };

  const customer: FakeCustomer = {
    waId: person.waId,
    get userId() {
      return person.userId;
    },
    get parentUserId() {
      return person.parentUserId;
    },
    get username() {
      return person.username;
    },
    get hidesNumber() {
      return person.hidesNumber;
    },
    get name() {
      return person.name;
    },
    inbox: person.inbox,

    send(phoneNumberId: string, given: FakeContent, options: FakeCustomerSendOptions = {}) {
      const number = numberOf(phoneNumberId);
      const content = contentOf(given, filesOf(world, number.id));
      const made = newMessageId(world, person, 'customer');
      const { id } = made;
      const atMs = world.now();
      // Whom a business has blocked writes into the void.
      if (number.blocked.has(person.waId)) return id;
      const quoted = options.replyTo === undefined ? undefined : findMessage(world, options.replyTo);
      remember(world, number, {
        ...made,
        phoneNumberId: number.id,
        customerWaId: person.waId,
        sender: 'customer',
        atMs,
        content,
        ...(quoted && { quotes: quoted.id }),
        status: 'DELIVERED',
        deleted: false,
        era: number.onboardings,
      });
      if (number.api === 'linked' && content.type !== 'reaction') number.lastInboundAtMs.set(person.waId, atMs);
      noteReferral(world, number, person.waId, content);
      claimThread(number, person.waId);
      const shown = {
        ...(options.replyTo !== undefined && { context: quoteContext(world, number, person, quoted, options.replyTo) }),
        ...followUpContent(world, person, content),
      };
      if (options.unavailableFirst) {
        emit(number, id, unavailableContent());
        const change = webhooks.changeOf(number, fieldOf(number), valueOf(number, id, shown));
        if (number.api === 'linked') agenda.plan({ kind: 'emit', id, change }, unavailableMs);
      } else emit(number, id, shown);
      return id;
    },
    openFlow: (messageId, options = {}) =>
      openFlow(state, person, messageId, options, (phoneNumberId, values, replyTo) => {
        const reply = { name: 'flow', body: 'Sent', response_json: JSON.stringify(values) };
        return customer.send(phoneNumberId, { type: 'interactive', interactive: { type: 'nfm_reply', nfm_reply: reply } }, { replyTo });
      }),
    edit(messageId, text) {
      const { message, number } = ownMessage(messageId);
      message.content = withText(message.content, text);
      message.edited = true;
      world.changed('message', message.id);
      return emitChange(number, editContent(followUpId(world, message, person), message.content));
    },
    delete(messageId) {
      const { message, number } = ownMessage(messageId);
      message.deleted = true;
      world.changed('message', message.id);
      return emitChange(number, revokeContent(followUpId(world, message, person)));
    },
    read(messageId) {
      const wanted = messageId === undefined ? undefined : (findMessage(world, messageId)?.id ?? messageId);
      for (const { id } of person.inbox) {
        const message = world.messages.get(id);
        if (!message || message.status === 'READ' || (wanted !== undefined && wanted !== id)) continue;
        tellRead(state, message);
      }
    },
    play(messageId) {
      const message = findMessage(world, messageId);
      if (!message || !person.inbox.some(({ id }) => id === message.id))
        throw new InvalidArgumentError('fake.customer', 'messageId', `is unknown: ${person.waId} has received no message ${messageId}`);
      tellRead(state, message, 'played');
    },
    setMarketing(phoneNumberId, wanted) {
      const number = numberOf(phoneNumberId);
      if (wanted) person.stopped.delete(number.waId);
      else person.stopped.add(number.waId);
      const value = wanted ? 'resume' : 'stop';
      const detail = `User requested to ${value} marketing messages`;
      webhooks.emitEvent(number, 'user_preferences', { customer: customerOf(person), value: { detail, value } });
    },
    call: (phoneNumberId) => ringBusiness(state, numberOf(phoneNumberId), person),
    joinGroup(inviteLink) {
      const group = [...world.groups.values()].find((other) => other.inviteLink === inviteLink);
      if (!group) throw new InvalidArgumentError('fake.customer', 'inviteLink', 'belongs to no group');
      askToJoin(state, numberOf(group.phoneNumberId), group, person);
    },
    changeNumber(waId) {
      const digits = digitsOf(waId);
      if (digits === '') throw new InvalidArgumentError('fake.customer', 'waId', `is no phone number: ${waId}`);
      changeNumber(state, person, digits);
      return findCustomer(digits);
    },
    changeUserId(change = {}) {
      changeUserId(state, person, change);
    },
    setUsername(username) {
      person.username = username;
      setHidden(true);
    },
    hideNumber() {
      setHidden(true);
    },
    showNumber() {
      setHidden(false);
    },
    setOnline(online) {
      person.online = online;
      world.changed('customer', person.waId);
      if (!online) return;
      for (const id of person.waiting.splice(0)) {
        const message = world.messages.get(id);
        if (message) arrive(state, message);
      }
    },
  };
  return customer;
}
