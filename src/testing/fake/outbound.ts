import type { FakeSentMessage } from './fake-cloud-api.js';
import type { FakeTypedContent } from './fake-content.js';
import { soonMs, type FakeState } from './fake-state.js';
import { putIntoInbox, whenOnline } from './inbox.js';
import type { Pricing } from './pricing.js';
import { contactEntry, head, type WebhookValue } from './webhook-values.js';
import { remember, timestamp, type BusinessNumber, type ChatMessage, type Person, type Writable } from './world.js';

/** A message that passed every check. */
export interface AcceptedMessage {
  readonly number: BusinessNumber;
  readonly person: Person;
  readonly content: FakeTypedContent;
  readonly body: Readonly<Record<string, unknown>>;
  readonly pricing: Pricing;
  /** Why it will fail after all, as an element of `errors[]`. */
  readonly failure?: WebhookValue;
}

/** Takes a message: into the chat, which the phone shows, too, and on its way to the customer. Gives the wamid. */
export function accept(state: FakeState, accepted: AcceptedMessage): string {
  const { world, agenda } = state;
  const { number, person, content, body } = accepted;
  const id = world.ids.wamid();
  const atMs = world.now();
  const sent: Writable<FakeSentMessage> = {
    id,
    phoneNumberId: number.id,
    to: person.waId,
    type: content.type,
    body,
    acceptedAt: new Date(atMs),
    acceptedAtMs: world.clock.monotonic(),
    status: 'accepted',
  };
  const message: ChatMessage = {
    id,
    phoneNumberId: number.id,
    customerWaId: person.waId,
    sender: 'api',
    atMs,
    content,
    status: 'PENDING',
    deleted: false,
    era: number.onboardings,
    sent,
  };
  remember(world, number, message);
  world.sent.push(sent);
  const tell = (status: FakeSentMessage['status'], more: WebhookValue): void => {
    sent.status = status;
    tellStatus(state, accepted, id, status, more);
  };
  agenda.soon(() => {
    if (accepted.failure) {
      message.status = 'ERROR';
      tell('failed', { errors: [accepted.failure] });
      return;
    }
    message.status = 'SENT';
    tell('sent', { pricing: accepted.pricing });
    // Meta reports only `sent` for reactions.
    if (content.type === 'reaction') return;
    agenda.soon(() => {
      whenOnline(person, () => {
        putIntoInbox(world, person, message);
        message.status = 'DELIVERED';
        tell('delivered', { pricing: accepted.pricing });
      });
    }, soonMs);
  }, soonMs);
  return id;
}

/** The customer has seen a message that was sent through the API. */
export function tellRead(state: FakeState, number: BusinessNumber, person: Person, message: ChatMessage): void {
  message.status = 'READ';
  const { sent } = message;
  if (!sent) return;
  sent.status = 'read';
  tellStatus(state, { number, person, body: sent.body }, message.id, 'read', {});
}

function tellStatus(
  { world, webhooks }: FakeState,
  { number, person, body }: Pick<AcceptedMessage, 'number' | 'person' | 'body'>,
  id: string,
  status: string,
  more: WebhookValue,
): void {
  const callbackData = body.biz_opaque_callback_data;
  webhooks.emit(number.wabaId, 'messages', {
    ...head(number),
    ...(status !== 'failed' && { contacts: [contactEntry(person)] }),
    statuses: [
      {
        id,
        status,
        timestamp: timestamp(world.now()),
        ...(!person.hidesNumber && { recipient_id: person.waId }),
        recipient_user_id: person.userId,
        ...(typeof callbackData === 'string' && { biz_opaque_callback_data: callbackData }),
        ...more,
      },
    ],
  });
}
