import type { RenderedTemplate } from '../../templates/render-template.js';

/** What the page of the emulator shows. Times are ISO texts, and numbers of people are digits. */
export interface EmulatorView {
  readonly clock: EmulatorClock;
  readonly receiver: ReceiverView;
  /** The lines of a `.env` for your program. */
  readonly env: Readonly<Record<string, string>>;
  readonly numbers: readonly NumberView[];
  readonly customers: readonly CustomerView[];
  /** The number that is shown. Missing if there is none. */
  readonly phone?: PhoneView;
  /** The chat of that number with the selected customer, oldest first. */
  readonly chat: readonly ChatMessageView[];
  /** Whether the business is typing in that chat. */
  readonly typing: boolean;
  readonly gauge: GaugeView;
  readonly templates: readonly TemplateView[];
  /** Faults that can be switched on. */
  readonly faults: readonly FaultView[];
  readonly scenarios: readonly ScenarioView[];
  /** Number of log entries by kind. */
  readonly log: { readonly requests: number; readonly deliveries: number };
}

/** The emulator's time. It runs like the machine's, and can be advanced. */
export interface EmulatorClock {
  readonly now: string;
}

/** Where webhooks go. */
export interface ReceiverView {
  readonly url?: string;
  readonly waiting: number;
}

/** A business number in the list. */
export interface NumberView {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly displayPhoneNumber: string;
  readonly name: string;
  readonly linked: boolean;
}

/** The Business app on the phone of a number. */
export interface PhoneView {
  readonly phoneNumberId: string;
  readonly displayPhoneNumber: string;
  readonly name: string;
  readonly linked: boolean;
  readonly lastUsedAt: string;
  readonly chats: readonly ChatSummary[];
  readonly contacts: readonly { readonly waId: string; readonly fullName: string }[];
  readonly companions: readonly string[];
  readonly features: readonly FeatureView[];
}

/** A chat in the list of the phone. */
export interface ChatSummary {
  readonly customerWaId: string;
  readonly name: string;
  readonly lastText: string;
  readonly lastAt: string;
  readonly messages: number;
}

/** The effect of coexistence on a feature of the app. */
export interface FeatureView {
  readonly feature: string;
  readonly inApp: string;
  readonly note?: string;
}

/** A message in a chat. */
export interface ChatMessageView {
  readonly id: string;
  readonly sender: 'customer' | 'app' | 'api';
  readonly at: string;
  readonly type: string;
  /** The text or caption, otherwise the type in brackets. */
  readonly text: string;
  /** The content in Meta's shape, under the key `type`. */
  readonly content: Readonly<Record<string, unknown>>;
  /** A template with its values. */
  readonly template?: RenderedTemplate;
  /** The message that it quotes. */
  readonly quote?: { readonly sender: 'customer' | 'app' | 'api'; readonly text: string };
  /** Reactions to it. */
  readonly reactions: readonly { readonly emoji: string; readonly sender: 'customer' | 'app' | 'api' }[];
  readonly status: string;
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** A person with WhatsApp. */
export interface CustomerView {
  readonly waId: string;
  readonly name: string;
}

/** A request to the Graph API in the log. */
export interface RequestEntryView {
  readonly kind: 'request';
  /** Position in the log. */
  readonly position: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** Its content in a few words. */
  readonly about: string;
  /** Missing if the response was lost. */
  readonly status?: number;
  readonly code?: number;
  readonly subcode?: number;
  /** Meta's explanation of the error. */
  readonly problem?: string;
  /** How to fix the error. */
  readonly remedy?: string;
  readonly fault?: string;
}

/** A webhook request in the log. */
export interface DeliveryEntryView {
  readonly kind: 'delivery';
  /** Position in the log. */
  readonly position: number;
  readonly at: string;
  readonly id: number;
  readonly fields: readonly string[];
  /** Its events in a few words. */
  readonly about: string;
  /** The customer and the text of its message, if it contains only one event. */
  readonly excerpt?: string;
  readonly state: 'waiting' | 'delivered' | 'abandoned' | 'dropped';
  /** Why it was dropped. */
  readonly reason?: string;
  readonly duplicate: boolean;
  readonly attempts: readonly { readonly at: string; readonly status?: number; readonly responseText?: string }[];
}

/** An entry of the log. */
export type LogEntryView = RequestEntryView | DeliveryEntryView;

/** A page of the log, newest entry first. */
export interface LogPage {
  readonly entries: readonly LogEntryView[];
  /** Pass it as `before` to get older entries. Missing on the last page. */
  readonly next?: number;
}

/** An entry with its bodies. */
export interface LogDetails {
  /** The JSON that was sent. */
  readonly sent: string;
  /** The response, if it is known. */
  readonly received?: string;
  /** The same request for a shell. */
  readonly curl: string;
}

/** Throughput of a number. */
export interface GaugeView {
  /** Messages per second that Meta accepts. */
  readonly cap: number;
  /** Accepted in the last second. */
  readonly lastSecond: number;
  readonly accepted: number;
  /** Rejected with 130429. */
  readonly throttled: number;
  /** Queued messages of the sender, if a sender reports them. */
  readonly queued?: number;
}

/** A message template. */
export interface TemplateView {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly status: string;
  readonly category: string;
  readonly body: string;
}

/** Names of faults on the page. */
export type FaultName = 'lose-response' | 'storm' | 'slow' | 'server-error';

/** A fault on the page. */
export interface FaultView {
  readonly name: FaultName;
  readonly title: string;
  readonly note: string;
  readonly active: boolean;
}

/** A scenario. */
export interface ScenarioView {
  readonly name: string;
  readonly steps: number;
  /** Whether the emulator contains it. You saved the others. */
  readonly builtIn: boolean;
}

/** Result of the action `signup`. */
export interface SignupResult {
  readonly code: string;
  readonly sessionEvent: Readonly<Record<string, unknown>>;
  /** The response of your program, if the action had `postTo`. */
  readonly posted?: { readonly url: string; readonly status?: number; readonly text: string };
}

/** Content in Meta's shape. A file has its bytes in base64, as `data`. */
export interface ActionContent {
  readonly type: string;
  readonly [name: string]: unknown;
}

interface OnNumber {
  /** Phone number ID. */
  readonly number: string;
}
interface OnCustomer {
  /** The customer's number. */
  readonly customer: string;
}
interface OnMessage {
  /** The wamid. */
  readonly message: string;
}

/** The result of `webhook.trigger`. */
export interface TriggerResult {
  /** Who caused the event. `sample` if only a sample webhook was sent. */
  readonly by: 'customer' | 'phone' | 'sample';
}

/** What can be done on the page. */
export type EmulatorAction =
  | ({ readonly do: 'phone.send'; readonly text?: string; readonly content?: ActionContent; readonly from?: string } & OnNumber &
      OnCustomer)
  | ({ readonly do: 'phone.edit'; readonly text: string } & OnNumber & OnMessage)
  | ({ readonly do: 'phone.delete' } & OnNumber & OnMessage)
  | ({ readonly do: 'phone.add-contact'; readonly name: string } & OnNumber & OnCustomer)
  | ({ readonly do: 'phone.remove-contact' } & OnNumber & OnCustomer)
  | ({ readonly do: 'phone.link-companion'; readonly companion: string } & OnNumber)
  | ({ readonly do: 'phone.open-app' } & OnNumber)
  | ({ readonly do: 'phone.disconnect' } & OnNumber)
  | ({ readonly do: 'phone.change-device' } & OnNumber)
  | ({ readonly do: 'customer.add'; readonly name: string } & OnCustomer)
  | ({
      readonly do: 'customer.send';
      readonly text?: string;
      readonly content?: ActionContent;
      /** The wamid of the message that it quotes. */
      readonly replyTo?: string;
    } & OnNumber &
      OnCustomer)
  | ({ readonly do: 'customer.edit'; readonly number?: string; readonly text: string } & OnCustomer & OnMessage)
  | ({ readonly do: 'customer.delete'; readonly number?: string } & OnCustomer & OnMessage)
  | ({ readonly do: 'customer.read' } & OnCustomer)
  | ({ readonly do: 'customer.play' } & OnCustomer & OnMessage)
  | ({ readonly do: 'api.send'; readonly message: Readonly<Record<string, unknown>> } & OnNumber)
  | { readonly do: 'clock.advance'; readonly days?: number; readonly minutes?: number }
  | { readonly do: 'receiver.set'; readonly url: string }
  | ({ readonly do: 'campaign.send'; readonly messages: number } & OnNumber)
  | ({ readonly do: 'signup'; readonly shareHistory: boolean; readonly postTo?: string } & OnNumber)
  | { readonly do: 'delivery.resend'; readonly delivery: number; readonly body?: string }
  | ({ readonly do: 'webhook.trigger'; readonly event: string } & OnNumber)
  | { readonly do: 'fault.add'; readonly fault: string }
  | { readonly do: 'fault.clear' }
  | { readonly do: 'template.approve'; readonly template: string }
  | { readonly do: 'template.reject'; readonly template: string }
  | { readonly do: 'template.pause'; readonly template: string }
  | { readonly do: 'scenario.save'; readonly name: string; readonly steps: readonly unknown[] }
  | ({ readonly do: 'scenario.run'; readonly name: string } & OnNumber & OnCustomer)
  | { readonly do: 'scenario.delete'; readonly name: string };
