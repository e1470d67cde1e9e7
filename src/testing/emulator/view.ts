/** What the page of the emulator shows, as the server gives it. Times are ISO texts; numbers of people are digits. */
export interface EmulatorView {
  readonly clock: EmulatorClock;
  readonly receiver: ReceiverView;
  readonly numbers: readonly NumberView[];
  readonly customers: readonly CustomerView[];
  /** The number that is looked at; absent while there is none. */
  readonly phone?: PhoneView;
  /** The chat of that number with the customer that is looked at, oldest first. */
  readonly chat: readonly ChatMessageView[];
  /** Webhook requests, newest first. */
  readonly deliveries: readonly DeliveryView[];
  readonly gauge: GaugeView;
}

/** The emulator's time: it runs like the machine's, and can be put ahead. */
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

/** What coexistence did to a feature of the app. */
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
  readonly text: string;
  readonly status: string;
  readonly edited: boolean;
  readonly deleted: boolean;
}

/** A person with WhatsApp. */
export interface CustomerView {
  readonly waId: string;
  readonly name: string;
}

/** A webhook request in the list. */
export interface DeliveryView {
  readonly id: number;
  readonly fields: readonly string[];
  /** What is in it, in a few words. */
  readonly about: string;
  readonly state: 'waiting' | 'delivered' | 'abandoned' | 'dropped';
  /** Why it was dropped. */
  readonly reason?: string;
  readonly duplicate: boolean;
  readonly attempts: readonly { readonly at: string; readonly status?: number }[];
}

/** How close a number is to its throughput. */
export interface GaugeView {
  /** Messages a second that Meta lets through. */
  readonly cap: number;
  /** Accepted in the last second. */
  readonly lastSecond: number;
  readonly accepted: number;
  /** Refused with 130429. */
  readonly throttled: number;
  /** Queued messages of the sender, if a sender reports them. */
  readonly queued?: number;
}

/** What can be done on the page. */
export type EmulatorAction =
  | { readonly do: 'phone.send'; readonly number: string; readonly customer: string; readonly text: string; readonly from?: string }
  | { readonly do: 'phone.edit'; readonly number: string; readonly message: string; readonly text: string }
  | { readonly do: 'phone.delete'; readonly number: string; readonly message: string }
  | { readonly do: 'phone.add-contact'; readonly number: string; readonly customer: string; readonly name: string }
  | { readonly do: 'phone.remove-contact'; readonly number: string; readonly customer: string }
  | { readonly do: 'phone.link-companion'; readonly number: string; readonly companion: string }
  | { readonly do: 'phone.open-app'; readonly number: string }
  | { readonly do: 'phone.disconnect'; readonly number: string }
  | { readonly do: 'phone.change-device'; readonly number: string }
  | { readonly do: 'customer.add'; readonly customer: string; readonly name: string }
  | { readonly do: 'customer.send'; readonly number: string; readonly customer: string; readonly text: string }
  | { readonly do: 'customer.edit'; readonly number: string; readonly customer: string; readonly message: string; readonly text: string }
  | { readonly do: 'customer.delete'; readonly number: string; readonly customer: string; readonly message: string }
  | { readonly do: 'customer.read'; readonly customer: string }
  | { readonly do: 'clock.advance'; readonly days: number }
  | { readonly do: 'receiver.set'; readonly url: string }
  | { readonly do: 'campaign.send'; readonly number: string; readonly messages: number }
  | { readonly do: 'signup'; readonly number: string; readonly shareHistory: boolean };
