import { claimThread, isOwnedByOther } from './threads.js';
import { contentOf } from './content.js';
import type { BusinessNumber, Person } from './entities.js';
import { remember } from './chats.js';
import type { FakeContent } from './fake-content.js';
import type { FakeCustomerSendOptions } from './fake-customer.js';
import type { FakeState } from './fake-state.js';
import { filesOf } from './files.js';
import { followUpContent, quoteContext } from './follow-up-content.js';
import { findMessage, newMessageId } from './message-ids.js';
import { noteReferral } from './pricing.js';
import { incomingMessage, messagesValue, standbyValue, unavailableContent, type WebhookValue } from './webhook-values.js';

/** Between the stub of a message and the message itself; seen in an incident of 30 Jul 2026. */
const unavailableMs = 200;

/** How messages of a person reach programs: as `messages`, or as `standby` if another responder owns the thread. */
interface Channel {
  readonly emit: (number: BusinessNumber, id: string, content: WebhookValue) => void;
  readonly valueOf: (number: BusinessNumber, id: string, content: WebhookValue) => WebhookValue;
  readonly fieldOf: (number: BusinessNumber) => string;
}

/** Creates the channel of a person. */
export function createChannel({ world, webhooks }: FakeState, person: Person): Channel {
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
  return { emit, valueOf, fieldOf };
}

/** A person sends a message to a number. Returns the wamid. */
export function sendMessage(
  state: FakeState,
  person: Person,
  number: BusinessNumber,
  given: FakeContent,
  options: FakeCustomerSendOptions = {},
): string {
  const { world, webhooks, agenda } = state;
  const { emit, valueOf, fieldOf } = createChannel(state, person);
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
}
