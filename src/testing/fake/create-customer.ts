import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { withText } from './content.js';
import type { FakeCustomer } from './fake-customer.js';
import type { FakeState } from './fake-state.js';
import { findMessage, followUpId, newMessageId } from './message-ids.js';
import { openFlow } from './flows/open-flow.js';
import { arrive, tellRead } from './outbound.js';
import { editContent, revokeContent, unsupportedContent, type WebhookValue } from './webhook-values.js';
import { askToJoin, ringBusiness } from './customer-actions.js';
import { changeNumber, changeUserId } from './identity-changes.js';
import { digitsOf } from './digits.js';
import { createChannel, sendMessage } from './customer-messages.js';
import type { BusinessNumber, ChatMessage, Person } from './entities.js';
import { customerOf } from './people.js';
import { findNumber } from './world.js';

/**
 * Creates the handle of a person.
 *
 * @param findCustomer - Returns the handle of the person with a number, given as digits.
 */
export function createCustomer(state: FakeState, person: Person, findCustomer: (waId: string) => FakeCustomer): FakeCustomer {
  const { world, webhooks } = state;

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
  const { emit } = createChannel(state, person);
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

    send: (phoneNumberId, given, options) => sendMessage(state, person, numberOf(phoneNumberId), given, options),
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
