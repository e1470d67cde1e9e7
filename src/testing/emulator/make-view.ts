import { restrictions } from '../../coexistence/restrictions/restrictions.js';
import type { FakeCloudApi, FakeNumber } from '../fake/fake-cloud-api.js';
import type { FakeChat, FakePhone } from '../fake/fake-phone.js';
import { bodyTextOf } from '../fake/template-content.js';
import { chatView, summarizeMessage } from './chat/message-view.js';
import type { Typing } from './chat/typing.js';
import type { CustomerList } from './customer-list.js';
import type { Activity } from './log/activity.js';
import { numbersInApp } from './numbers-in-app.js';
import type { Campaigns } from './play/page-campaigns.js';
import type { PageFaults } from './play/faults.js';
import type { Scenarios } from './play/scenarios.js';
import type { Receiver } from './receiver.js';
import type { ChatSummary, EmulatorView, FeatureView, GaugeView, PhoneView, TemplateView } from './view.js';

/** What a view is made of. */
export interface ViewSources {
  readonly fake: FakeCloudApi;
  readonly receiver: Receiver;
  readonly campaigns: Campaigns;
  readonly activity: Activity;
  readonly customers: CustomerList;
  readonly typing: Typing;
  readonly faults: PageFaults;
  readonly scenarios: Scenarios;
  /** The lines of a `.env`. */
  readonly env: () => Readonly<Record<string, string>>;
  /** Accepted and throttled messages of a number. */
  readonly counts: (phoneNumberId: string) => { readonly accepted: number; readonly throttled: number };
}

/** What is looked at. */
export interface ViewSelection {
  readonly number?: string | undefined;
  readonly customer?: string | undefined;
}

/** The longest lists that the page gets. */
const maxChats = 100;
const maxMessages = 200;
const maxTemplates = 100;

/** Makes what the page shows of a number and a customer. */
export function makeView(sources: ViewSources, selection: ViewSelection): EmulatorView {
  const { fake, receiver, activity, customers, typing, faults, scenarios, env } = sources;
  const numbers = numbersInApp(fake);
  const { number: chosen, phone } = numbers.find(({ number }) => number.phoneNumberId === selection.number) ?? numbers[0] ?? {};
  const chats = phone?.chats ?? [];
  const chat = (chats.find(({ customerWaId }) => customerWaId === selection.customer)?.messages ?? []).slice(-maxMessages);
  const templates = chosen === undefined ? [] : fake.templates.filter(({ wabaId }) => wabaId === chosen.wabaId);
  return {
    clock: { now: new Date(fake.clock.now()).toISOString() },
    receiver: { ...(receiver.url !== undefined && { url: receiver.url }), waiting: activity.waiting },
    env: env(),
    numbers: numbers.map(({ number: { phoneNumberId, wabaId, displayPhoneNumber, verifiedName }, phone: { linked } }) => ({
      phoneNumberId,
      wabaId,
      displayPhoneNumber,
      name: verifiedName,
      linked,
    })),
    customers: Array.from(customers.waIds, (waId) => ({ waId, name: fake.customer(waId).name })),
    ...(chosen && phone && { phone: phoneView(fake, chosen, { phone, chats }) }),
    chat: chatView(chat, templates),
    typing: typing.isTyping(chat),
    gauge: gaugeView(sources, chosen),
    templates: templates.slice(-maxTemplates).map(({ id, name, language, status, category, components }): TemplateView => ({
      id,
      name,
      language,
      status,
      category,
      body: bodyTextOf(components),
    })),
    faults: faults.list(),
    scenarios: scenarios.list(),
    log: activity.counts,
  };
}

function phoneView(
  fake: FakeCloudApi,
  { phoneNumberId, displayPhoneNumber, verifiedName }: FakeNumber,
  { phone, chats: allChats }: { readonly phone: FakePhone; readonly chats: readonly FakeChat[] },
): PhoneView {
  const contacts = phone.contacts.map(({ waId, fullName }) => ({ waId, fullName }));
  // The app shows a person as the address book has it.
  const names = new Map(contacts.map(({ waId, fullName }) => [waId, fullName]));
  const chats = allChats
    .map((chat) => ({ chat, lastMs: chat.lastMessageAt?.getTime() ?? 0 }))
    .sort((left, right) => right.lastMs - left.lastMs)
    .slice(0, maxChats)
    .flatMap(({ chat: { customerWaId, customerName, messageCount, lastMessage } }): readonly ChatSummary[] => {
      if (!lastMessage) return [];
      const name = names.get(customerWaId) ?? customerName ?? customerWaId;
      const lastText = summarizeMessage(lastMessage);
      return [{ customerWaId, name, lastText, lastAt: lastMessage.at.toISOString(), messages: messageCount }];
    });
  return {
    phoneNumberId,
    displayPhoneNumber,
    name: verifiedName,
    linked: phone.linked,
    lastUsedAt: phone.lastUsedAt.toISOString(),
    chats,
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

function gaugeView({ fake, campaigns, counts }: ViewSources, number: FakeNumber | undefined): GaugeView {
  if (!number) return { cap: 1, lastSecond: 0, accepted: 0, throttled: 0 };
  const { phoneNumberId } = number;
  const { limit, inLastSecond } = fake.throughput(number);
  const queued = campaigns.queued(phoneNumberId);
  return {
    cap: limit,
    lastSecond: inLastSecond,
    ...counts(phoneNumberId),
    ...(queued !== undefined && { queued }),
  };
}
