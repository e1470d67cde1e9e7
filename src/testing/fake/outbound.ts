import type { FakeSentMessage } from './fake-cloud-api.js';
import type { FakeTypedContent } from './fake-content.js';
import { soonMs, type FakeState } from './fake-state.js';
import { putIntoInbox } from './customer-inbox.js';
import { followUpId, newMessageId } from './message-ids.js';
import { conversationOf, settlePrice } from './pricing.js';
import { contactEntry, head, type WebhookValue } from './webhook-values.js';
import { remember, timestamp } from './chats.js';
import type { BusinessNumber, ChatMessage, Person, Pricing } from './entities.js';
import { personOf } from './people.js';
import type { World } from './world.js';

/** A message that passed every check. */
export interface AcceptedMessage {
  readonly number: BusinessNumber;
  readonly person: Person;
  readonly content: FakeTypedContent;
  readonly body: Readonly<Record<string, unknown>>;
  readonly pricing: Pricing;
  /** Why it will fail after all, as an element of `errors[]`. */
  readonly failure?: WebhookValue;
  readonly templateId?: string;
  /** The `id` of the message that it quotes. */
  readonly quotes?: string;
  /** Whether the request named the number or the user ID. */
  readonly addressedBy: 'number' | 'userId';
}

/** Accepts a message: adds it to the chat and schedules its way to the customer. Returns the wamid. */
export function accept(state: FakeState, accepted: AcceptedMessage): string {
  const { world, agenda } = state;
  const { number, person, content, body, pricing, failure, templateId, quotes, addressedBy } = accepted;
  const made = newMessageId(world, person, 'api', addressedBy);
  const { id } = made;
  const atMs = world.now();
  world.sent.set(id, {
    id,
    phoneNumberId: number.id,
    to: person.waId,
    type: content.type,
    body,
    acceptedAt: new Date(atMs),
    acceptedAtMs: world.clock.monotonic(),
    status: 'accepted',
  });
  remember(world, number, {
    ...made,
    phoneNumberId: number.id,
    customerWaId: person.waId,
    sender: 'api',
    atMs,
    content,
    status: 'PENDING',
    deleted: false,
    era: number.onboardings,
    pricing,
    ...(failure && { failure }),
    ...(templateId !== undefined && { templateId }),
    ...(quotes !== undefined && { quotes }),
    events: [],
  });
  agenda.plan({ kind: 'progress', id }, soonMs);
  return id;
}

/** The next step of a message that was sent through the API: `sent` or `failed`, then `delivered` once the customer's phone is on. */
export function progress(state: FakeState, messageId: string): void {
  const { world, agenda } = state;
  const message = world.messages.get(messageId);
  if (!message) return;
  if (message.status !== 'PENDING') {
    arrive(state, message);
    return;
  }
  const failure = message.failure ?? priceFailure(world, message, 'sent');
  if (failure) {
    fail(state, message, failure);
    return;
  }
  message.status = 'SENT';
  tellStatus(state, message, 'sent', priceParts(world, message));
  // Meta reports only `sent` for reactions.
  if (message.content.type !== 'reaction') agenda.plan({ kind: 'progress', id: messageId }, soonMs);
}

/** A message reaches the customer, or waits until the customer's phone is on. */
export function arrive(state: FakeState, message: ChatMessage): void {
  const { world } = state;
  const person = personOf(world, message.customerWaId);
  if (!person.online) {
    person.waiting.push(message.id);
    return;
  }
  const failure = message.sender === 'api' ? priceFailure(world, message, 'delivered') : undefined;
  if (failure) {
    fail(state, message, failure);
    return;
  }
  message.status = 'DELIVERED';
  putIntoInbox(world, person, message);
  if (message.sender === 'api') tellStatus(state, message, 'delivered', priceParts(world, message));
  else world.changed('message', message.id);
}

function fail(state: FakeState, message: ChatMessage, failure: WebhookValue): void {
  message.status = 'ERROR';
  tellStatus(state, message, 'failed', { errors: [failure] });
}

function priceFailure(world: World, message: ChatMessage, step: 'sent' | 'delivered'): WebhookValue | undefined {
  const number = world.numbers.get(message.phoneNumberId);
  return number && settlePrice(world, number, message, step);
}

/** What a status says about the price. */
function priceParts(world: World, message: ChatMessage): WebhookValue {
  const number = world.numbers.get(message.phoneNumberId);
  const conversation = number && conversationOf(number, message);
  return { pricing: message.pricing, ...(conversation && { conversation }) };
}

/** The customer has seen a message, or heard it. */
export function tellRead(state: FakeState, message: ChatMessage, status: 'read' | 'played' = 'read'): void {
  message.status = status === 'read' ? 'READ' : 'PLAYED';
  if (message.sender === 'api') tellStatus(state, message, status, {});
  else state.world.changed('message', message.id);
}

function tellStatus({ world, webhooks }: FakeState, message: ChatMessage, status: FakeSentMessage['status'], more: WebhookValue): void {
  const { id } = message;
  const number = world.numbers.get(message.phoneNumberId);
  const sent = world.sent.get(id);
  if (!number || !sent) return;
  sent.status = status;
  const person = personOf(world, message.customerWaId);
  const callbackData = sent.body.biz_opaque_callback_data;
  message.events?.push({ id: world.ids.graphId(), status: status.toUpperCase(), atMs: world.now() });
  world.changed('message', id);
  webhooks.emit(number, 'messages', {
    ...head(number),
    ...(status !== 'failed' && { contacts: [contactEntry(person)] }),
    statuses: [
      {
        id: followUpId(world, message, person),
        status,
        timestamp: timestamp(world.now()),
        ...(!person.hidesNumber && { recipient_id: person.waId }),
        recipient_user_id: person.userId,
        ...(person.parentUserId !== undefined && { recipient_parent_user_id: person.parentUserId }),
        ...(typeof callbackData === 'string' && { biz_opaque_callback_data: callbackData }),
        ...more,
      },
    ],
  });
}
