import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';
import { isRecord } from '../../../runtime/json.js';
import type { WebhookEvent } from '../../../webhooks/fields/registry.js';
import type { FakeCloudApi } from '../../fake/fake-cloud-api.js';
import type { FakeContent } from '../../fake/fake-content.js';
import type { FakeCustomer } from '../../fake/fake-customer.js';
import type { FakeChatMessage, FakePhone } from '../../fake/fake-phone.js';
import { sampleContent, sampleEvent } from '../../payloads/sample-event.js';
import { phoneOf } from '../numbers-in-app.js';
import type { TriggerResult } from '../view.js';
import { readContent } from './action-content.js';

/** The people and devices that can cause an event. */
interface TriggerContext {
  readonly fake: FakeCloudApi;
  readonly number: string;
  readonly customer: FakeCustomer;
  /** The Business app of the number, unless the number is only on the API. */
  readonly phone: FakePhone | undefined;
  /** The content of the message of the event. */
  readonly content: FakeContent;
}

/** Causes an event. Returns who did it, or `undefined` if it isn't possible now. */
type Cause = (context: TriggerContext) => TriggerResult['by'] | undefined;

/** The customer of sample events. */
const sampleCustomer = '15550100987';
const editedText = 'Do you have rye bread tomorrow?';

const causes: Readonly<Partial<Record<WebhookEvent['type'], Cause>>> = {
  message: ({ customer, number, content }) => {
    customer.send(number, content);
    return 'customer';
  },
  'message.edit': (context) => {
    context.customer.edit(customerMessage(context), editedText);
    return 'customer';
  },
  'message.revoke': (context) => {
    context.customer.delete(customerMessage(context));
    return 'customer';
  },
  call: ({ customer, number }) => {
    customer.call(number);
    return 'customer';
  },
  echo: ({ phone, customer, content }) => {
    phone?.send(customer.waId, content);
    return phone && 'phone';
  },
  'echo.edit': (context) => {
    const { phone } = context;
    phone?.edit(phoneMessage(phone, context), editedText);
    return phone && 'phone';
  },
  'echo.revoke': (context) => {
    const { phone } = context;
    phone?.delete(phoneMessage(phone, context));
    return phone && 'phone';
  },
  contact: ({ phone, customer }) => {
    phone?.addContact({ waId: customer.waId, fullName: customer.name });
    return phone && 'phone';
  },
  'account.offboarded': ({ phone }) => {
    phone?.changeDevice();
    return phone && 'phone';
  },
  'account.disconnected': ({ phone }) => {
    phone?.disconnect();
    return phone && 'phone';
  },
};

/**
 * Makes an event happen. The customer or the phone performs the action that causes it on Meta, so that the service window,
 * the chats and the link of the number change, too. For other events, the fake only sends a sample webhook.
 *
 * @param number - The ID of the phone number.
 * @param event - A name of `sampleEventNames`.
 * @throws `InvalidArgumentError` if there is no such event.
 */
export function triggerEvent(fake: FakeCloudApi, number: string, event: string): TriggerResult {
  const { type, overrides } = sampleEvent(event);
  const phone = phoneOf(fake, number);
  const customer = fake.customer(sampleCustomer);
  const content = contentOf(
    event,
    lastMessage(phone, customer, ({ sender }) => sender !== 'customer'),
  );
  // Actions on a number that isn't linked to the API cause no webhook.
  const by = phone?.linked === false ? undefined : attempt(() => causes[type]?.({ fake, number, customer, phone, content }));
  if (by === undefined) fake.emit(number, type, overrides);
  return { by: by ?? 'sample' };
}

/** Returns `undefined` if the fake rejects an action, for example a call to a number without calling. */
function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof InvalidArgumentError) return undefined;
    throw error;
  }
}

/** Returns the sample content of an event. Reactions are to the last message of the business, if there is one. */
function contentOf(event: string, reactedTo: FakeChatMessage | undefined): FakeContent {
  const content = sampleContent(event);
  const own = content[content.type];
  if (content.type === 'image' && isRecord(own)) return readContent(undefined, { ...content, image: { ...own, data: 'sample' } });
  if (content.type === 'reaction' && reactedTo) return { ...content, reaction: { ...(isRecord(own) && own), message_id: reactedTo.id } };
  return content;
}

function lastMessage(
  phone: FakePhone | undefined,
  { waId }: FakeCustomer,
  matches: (message: FakeChatMessage) => boolean,
): FakeChatMessage | undefined {
  return phone?.chats.find(({ customerWaId }) => customerWaId === waId)?.messages.findLast(matches);
}

/** Returns the ID of the customer's last text. If there is none, the customer sends one. */
function customerMessage({ phone, customer, number, content }: TriggerContext): string {
  const last = lastMessage(phone, customer, ({ sender, type, deleted }) => sender === 'customer' && type === 'text' && !deleted);
  return last?.id ?? customer.send(number, content);
}

/** Returns the ID of the last text from the phone to the customer. If there is none, the phone sends one. */
function phoneMessage(phone: FakePhone, { customer, content }: TriggerContext): string {
  const last = lastMessage(phone, customer, ({ sender, type, deleted }) => sender === 'app' && type === 'text' && !deleted);
  return last?.id ?? phone.send(customer.waId, content);
}
