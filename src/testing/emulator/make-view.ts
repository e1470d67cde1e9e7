import { aboutDelivery } from './about-delivery.js';
import { restrictions } from '../../coexistence/restrictions/restrictions.js';
import { isRecord } from '../../runtime/json.js';
import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';
import type { FakeDelivery } from '../fake/fake-delivery.js';
import type { FakeChatMessage, FakePhone } from '../fake/fake-phone.js';
import type { Campaigns } from './campaigns.js';
import type { Receiver } from './receiver.js';
import type { ChatMessageView, ChatSummary, DeliveryView, EmulatorView, FeatureView, GaugeView, PhoneView } from './view.js';

/** What a view is made of. */
export interface ViewSources {
  readonly fake: FakeCloudApi;
  readonly receiver: Receiver;
  readonly campaigns: Campaigns;
  /** Messages of a number that were refused with 130429. */
  readonly throttled: (phoneNumberId: string) => number;
}

/** What is looked at. */
export interface ViewSelection {
  readonly number?: string | undefined;
  readonly customer?: string | undefined;
}

/** The longest lists that the page gets. */
const mostChats = 100;
const mostMessages = 200;
const mostDeliveries = 80;

/** Makes what the page shows of a number and a customer. */
export function makeView(sources: ViewSources, selection: ViewSelection): EmulatorView {
  const { fake, receiver } = sources;
  const chosen = fake.numbers.find(({ phoneNumberId }) => phoneNumberId === selection.number) ?? fake.numbers[0];
  const phone = chosen && fake.phone(chosen);
  const chat = phone?.chats.find(({ customerWaId }) => customerWaId === selection.customer)?.messages ?? [];
  const { deliveries } = fake;
  return {
    clock: { now: new Date(fake.clock.now()).toISOString() },
    receiver: {
      ...(receiver.url !== undefined && { url: receiver.url }),
      waiting: deliveries.reduce((count, { state }) => count + (state === 'waiting' ? 1 : 0), 0),
    },
    numbers: fake.numbers.map((number) => ({
      phoneNumberId: number.phoneNumberId,
      wabaId: number.wabaId,
      displayPhoneNumber: number.displayPhoneNumber,
      name: number.verifiedName,
      linked: fake.phone(number).linked,
    })),
    customers: fake.customers.map(({ waId, name }) => ({ waId, name })),
    ...(chosen && phone && { phone: phoneView(fake, chosen, phone) }),
    chat: chat.slice(-mostMessages).map(messageView),
    deliveries: deliveries.slice(-mostDeliveries).reverse().map(deliveryView),
    gauge: gaugeView(sources, chosen),
  };
}

function phoneView(fake: FakeCloudApi, { phoneNumberId, displayPhoneNumber, verifiedName }: FakeNumber, phone: FakePhone): PhoneView {
  const contacts = phone.contacts.map(({ waId, fullName }) => ({ waId, fullName }));
  const names = new Map([
    ...fake.customers.map(({ waId, name }) => [waId, name] as const),
    // The app shows a person as the address book has it.
    ...contacts.map(({ waId, fullName }) => [waId, fullName] as const),
  ]);
  const chats = phone.chats.flatMap(({ customerWaId, messages }): ChatSummary[] => {
    const last = messages.at(-1);
    if (!last) return [];
    const lastText = last.deleted ? 'This message was deleted.' : textOf(last);
    return [
      { customerWaId, name: names.get(customerWaId) ?? customerWaId, lastText, lastAt: last.at.toISOString(), messages: messages.length },
    ];
  });
  return {
    phoneNumberId,
    displayPhoneNumber,
    name: verifiedName,
    linked: phone.linked,
    lastUsedAt: phone.lastUsedAt.toISOString(),
    chats: chats.sort((left, right) => (left.lastAt < right.lastAt ? 1 : -1)).slice(0, mostChats),
    contacts,
    companions: phone.companions,
    features: changedFeatures(new Date(fake.clock.now())),
  };
}

/** The features that are not in the app as they were. */
function changedFeatures(asOf: Date): readonly FeatureView[] {
  return restrictions({ asOf })
    .filter(({ inApp }) => inApp !== 'unchanged')
    .map(({ title, inApp, note }) => ({ feature: title, inApp, ...(note !== undefined && { note }) }));
}

function messageView(message: FakeChatMessage): ChatMessageView {
  const { id, sender, at, type, status, edited, deleted } = message;
  return { id, sender, at: at.toISOString(), type, text: textOf(message), status, edited, deleted };
}

/** A text as it is, anything else by its kind and caption. */
function textOf({ type, text, content }: FakeChatMessage): string {
  if (text !== undefined) return text;
  const part = content[type];
  const told = isRecord(part) ? [part.name, part.caption].filter((value) => typeof value === 'string').join(' ') : '';
  return `[${type.replaceAll('_', ' ')}${told === '' ? '' : `: ${told}`}]`;
}

function deliveryView({ id, fields, body, state, reason, duplicateOf, attempts }: FakeDelivery): DeliveryView {
  return {
    id,
    fields,
    about: aboutDelivery(body),
    state,
    ...(reason !== undefined && { reason }),
    duplicate: duplicateOf !== undefined,
    attempts: attempts.map(({ at, status }) => ({ at: at.toISOString(), ...(status !== undefined && { status }) })),
  };
}

function gaugeView({ fake, campaigns, throttled }: ViewSources, number: FakeNumber | undefined): GaugeView {
  if (!number) return { cap: 1, lastSecond: 0, accepted: 0, throttled: 0 };
  const { phoneNumberId } = number;
  const { limit, inLastSecond } = fake.throughput(number);
  const queued = campaigns.queued(phoneNumberId);
  return {
    cap: limit,
    lastSecond: inLastSecond,
    accepted: fake.sent.reduce((count, sent) => count + (sent.phoneNumberId === phoneNumberId ? 1 : 0), 0),
    throttled: throttled(phoneNumberId),
    ...(queued !== undefined && { queued }),
  };
}
