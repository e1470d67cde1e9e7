import { contentOf, withText } from './content.js';
import type { FakeContent } from './fake-content.js';
import type { FakeCustomer, FakeCustomerSendOptions } from './fake-customer.js';
import type { FakeState } from './fake-state.js';
import { tellRead } from './outbound.js';
import {
  editContent,
  incomingMessage,
  messagesValue,
  revokeContent,
  unavailableContent,
  unsupportedContent,
  type WebhookValue,
} from './webhook-values.js';
import { findNumber, remember, type BusinessNumber, type ChatMessage, type Person } from './world.js';

/** Between the stub of a message and the message itself; seen in an incident of 30 Jul 2026. */
const unavailableMs = 200;

/** Makes the hands and eyes of a person. */
export function createCustomer(state: FakeState, person: Person): FakeCustomer {
  const { world, webhooks, agenda } = state;

  const numberOf = (id: string): BusinessNumber => {
    const number = findNumber(world, id);
    if (!number) throw new Error(`No business has the number or phone number id ${id}.`);
    return number;
  };
  const ownMessage = (messageId: string): { readonly message: ChatMessage; readonly number: BusinessNumber } => {
    const message = world.messages.get(messageId);
    if (message?.sender !== 'customer' || message.customerWaId !== person.waId) {
      throw new Error(`${person.waId} has sent no message ${messageId}.`);
    }
    return { message, number: numberOf(message.phoneNumberId) };
  };
  const emit = (number: BusinessNumber, id: string, content: WebhookValue): void => {
    if (number.api !== 'linked') return;
    webhooks.emit(number.wabaId, 'messages', messagesValue(number, person, incomingMessage(person, id, world.now(), content)));
  };
  /** Edits and deletions reach coexistence numbers only; others get "unsupported". Source: Meta, edit and revoke webhooks (3 Dec 2025). */
  const emitChange = (number: BusinessNumber, content: WebhookValue & { readonly type: string }): string => {
    const id = world.ids.wamid();
    emit(number, id, number.isOnBizApp ? content : unsupportedContent(content.type));
    return id;
  };

  return {
    waId: person.waId,
    get userId() {
      return person.userId;
    },
    get name() {
      return person.name;
    },
    inbox: person.inbox,

    send(phoneNumberId: string, given: FakeContent, options: FakeCustomerSendOptions = {}) {
      const number = numberOf(phoneNumberId);
      const content = contentOf(given, world.ids);
      const id = world.ids.wamid();
      const atMs = world.now();
      remember(world, number, {
        id,
        phoneNumberId: number.id,
        customerWaId: person.waId,
        sender: 'customer',
        atMs,
        content,
        status: 'DELIVERED',
        deleted: false,
        era: number.onboardings,
      });
      if (number.api === 'linked' && content.type !== 'reaction') number.lastInboundAtMs.set(person.waId, atMs);
      const context = options.replyTo === undefined ? {} : { context: { from: number.waId, id: options.replyTo } };
      if (options.unavailableFirst) {
        emit(number, id, unavailableContent());
        agenda.soon(() => {
          emit(number, id, { ...context, ...content });
        }, unavailableMs);
      } else emit(number, id, { ...context, ...content });
      return id;
    },
    edit(messageId, text) {
      const { message, number } = ownMessage(messageId);
      message.content = withText(message.content, text);
      return emitChange(number, editContent(messageId, message.content));
    },
    delete(messageId) {
      const { message, number } = ownMessage(messageId);
      message.deleted = true;
      return emitChange(number, revokeContent(messageId));
    },
    read(messageId) {
      for (const { id } of person.inbox) {
        const message = world.messages.get(id);
        if (!message || message.status === 'READ' || (messageId !== undefined && messageId !== id)) continue;
        tellRead(state, numberOf(message.phoneNumberId), person, message);
      }
    },
    setOnline(online) {
      person.online = online;
      if (online) for (const action of person.waiting.splice(0)) action();
    },
  };
}
