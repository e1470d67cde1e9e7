import type { PolicyRule } from './rule.js';
import { changelog, guide, seasalt } from './sources.js';

/** Rules of a coexistence number that are neither limits nor features. */
export interface CoexistenceTerms {
  /** Minimum version of the WhatsApp Business app. */
  readonly minimumAppVersion: string;
  /** How a business proves in Embedded Signup that it owns the app. */
  readonly onboardingProof: 'code-or-qr-code' | 'qr-code';
  /** The unit of Meta's bill. */
  readonly pricingModel: 'per-message' | 'per-conversation';
  /** The price of a message from the app. */
  readonly appMessages: 'free';
  /**
   * Whether Meta charges for API messages without a template. `charged`: after the free tier, which is the limit
   * `freeServiceMessages`. `unknown` is never Meta's rule, but you can use it in an override.
   */
  readonly serviceMessages: 'free' | 'charged' | 'unknown';
  /** Whether Meta charges for a utility template while the service window is open. `unknown`: see above. */
  readonly utilityTemplatesInWindow: 'free' | 'charged' | 'unknown';
  /** The price of a reaction through the API. It doesn't count towards the free tier either. */
  readonly reactions: 'free';
  /**
   * The messages that Meta delivers for an account without a valid payment method: all free messages, including the
   * free tier.
   */
  readonly deliveryWithoutPaymentMethod: 'free-messages' | 'free-tier-and-free-messages';
  /** The organizations that never pay for service messages: governments and non-profits that Meta identified. */
  readonly serviceMessageExemption: 'none' | 'governments-and-non-profits';
  /** The availability of Direct Send: utility messages without a template outside the service window. */
  readonly directSend: 'beta' | 'general';
  /**
   * Whether a Cloud API number has a two-step verification PIN. `being-withdrawn`: eligible numbers lose it, but
   * `register` still requires six digits.
   */
  readonly twoStepPin: 'required' | 'being-withdrawn';
  /** Whether a customer who opens the chat for the first time triggers `request_welcome` (`enable_welcome_message`). */
  readonly welcomeMessages: 'available' | 'removed';
  /** Whether `markAsRead` works for group messages. Each message is marked individually. */
  readonly groupReadReceipts: 'unavailable' | 'available';
  /**
   * Meta's account model. `messaging-account`: the WABA is called messaging account and retains its ID, and a WhatsApp
   * account owns the number. Onboarding with coexistence converts the existing account.
   */
  readonly accountModel: 'whatsapp-business-account' | 'messaging-account';
  /** The reasons that Meta sends with a disconnection. Empty if Meta sends none. */
  readonly disconnectionReasons: readonly string[];
  /** The reason why features of the app are disabled. */
  readonly restrictionsBecause: 'compatibility-with-the-app' | 'same-view-for-customer-and-crm';
  /** The way to send one message to many people. */
  readonly massMessaging: 'templates';
}

const pricing = 'Meta, Pricing (11 Sep 2026)';
const reasonsOfApril = ['PRIMARY_INACTIVITY', 'COMPANION_INACTIVITY', 'BUSINESS_DOWNGRADE'] as const;
const pricingOfOctober = 'Meta, Pricing (10 and 30 Sep 2026) and status webhook reference (14 Sep 2026)';
const changesByTimeZone = "The change took effect at midnight in the account's time zone.";
const directSendPage = 'Meta, Direct Send (31 Jul and 8 Oct 2026)';

/** All terms with their history, oldest first. */
export const termRules: { readonly [Name in keyof CoexistenceTerms]: readonly PolicyRule<CoexistenceTerms[Name]>[] } = {
  minimumAppVersion: [
    { value: '2.24.17', source: guide, note: "The WhatsApp Business app. Meta doesn't state a separate version for iOS." },
  ],
  onboardingProof: [
    {
      value: 'code-or-qr-code',
      source: guide,
      note: 'A verification code that arrives in the app, or a QR code instead.',
      alternatives: [{ value: 'qr-code', source: seasalt }],
    },
  ],
  pricingModel: [
    { value: 'per-conversation', until: '2025-07-01', source: pricing },
    {
      value: 'per-message',
      since: '2025-07-01',
      source: pricing,
      note: 'Charged on delivery, by category and country of the recipient.',
      alternatives: [{ value: 'per-conversation', source: seasalt }],
    },
  ],
  appMessages: [{ value: 'free', source: guide, note: "They never open or extend a window, and don't change the price of API messages." }],
  serviceMessages: [
    { value: 'free', until: '2026-10-01', source: pricing },
    {
      value: 'charged',
      since: '2026-10-01',
      source: pricingOfOctober,
      note: `Each number has 1,000 free deliveries a month, then the rate of utility messages applies. ${changesByTimeZone}`,
    },
  ],
  utilityTemplatesInWindow: [
    { value: 'free', until: '2026-10-01', source: pricing },
    { value: 'charged', since: '2026-10-01', source: pricingOfOctober, note: changesByTimeZone },
  ],
  reactions: [
    {
      value: 'free',
      source: 'Meta, Pricing, exemptions (29 Sep 2026)',
      note: 'Since 1 Oct 2026 the only service message that is free for everyone. It does not use the free tier.',
    },
  ],
  deliveryWithoutPaymentMethod: [
    { value: 'free-messages', until: '2026-10-01', source: pricing, note: 'All service messages were free.' },
    {
      value: 'free-tier-and-free-messages',
      since: '2026-10-01',
      source: pricingOfOctober,
      note: 'Charged messages fail with 131042, in the response or in a status.',
    },
  ],
  serviceMessageExemption: [
    { value: 'none', until: '2026-10-01', source: pricing, note: 'Service messages were free for everyone.' },
    {
      value: 'governments-and-non-profits',
      since: '2026-10-01',
      until: '2028-01-01',
      source: 'Meta, Pricing, exemptions (29 Sep 2026)',
      note: 'Meta decides who is eligible. Statuses can contain the pricing subtype paid_exempt.',
    },
    { value: 'none', since: '2028-01-01', source: 'Meta, Pricing, exemptions (29 Sep 2026)', note: 'The exemption ends on 31 Dec 2027.' },
  ],
  directSend: [
    {
      value: 'beta',
      until: '2026-07-31',
      source: directSendPage,
      note: 'For accounts that Meta selected. The start of the beta is unknown.',
    },
    {
      value: 'general',
      since: '2026-07-31',
      source: directSendPage,
      note: 'Utility messages. Authentication messages remain a beta by request. The limit directSendMessagingLimit names the eligible accounts.',
    },
  ],
  twoStepPin: [
    { value: 'required', until: '2026-09-23', source: 'Meta, Two-step verification (Dec 2025)' },
    {
      value: 'being-withdrawn',
      since: '2026-09-23',
      source: 'Meta, Two-step verification (26 Sep 2026)',
      note: 'Meta removes the PIN from eligible Cloud API numbers. register still requires a PIN of six digits.',
    },
  ],
  welcomeMessages: [
    { value: 'available', until: '2026-03-27', source: 'Meta, Conversational components (Dec 2025)' },
    {
      value: 'removed',
      since: '2026-03-27',
      source: changelog('27 Mar 2026'),
      note: 'request_welcome and enable_welcome_message. Prompts and commands remain.',
    },
  ],
  groupReadReceipts: [
    { value: 'unavailable', until: '2026-05-14', source: 'Meta, Mark messages as read (Oct 2025)' },
    {
      value: 'available',
      since: '2026-05-14',
      source: changelog('14 May 2026'),
      note: 'Each message individually. Earlier messages remain unread.',
    },
  ],
  accountModel: [
    { value: 'whatsapp-business-account', until: '2026-09-23', source: 'Meta, Account model evolution (27 Oct 2026)' },
    {
      value: 'messaging-account',
      since: '2026-09-23',
      source: 'Meta, Account model evolution (27 Oct 2026)',
      note: 'Rolled out until mid-October 2026. waba_id is the ID of the messaging account. Moving numbers between accounts is not supported.',
    },
  ],
  disconnectionReasons: [
    { value: [], until: '2026-04-03', source: guide, note: 'Meta could cut the link (PARTNER_REMOVED) without naming a reason.' },
    { value: reasonsOfApril, since: '2026-04-03', until: '2026-04-20', source: changelog('3 Apr 2026') },
    {
      value: [...reasonsOfApril, 'ACCOUNT_DISCONNECTED', 'CHANGE_NUMBER', 'USER_RE_REGISTERED'],
      since: '2026-04-20',
      source: changelog('20 Apr 2026'),
      note: 'A plain disconnection in the app may still come without a reason.',
    },
  ],
  restrictionsBecause: [
    {
      value: 'compatibility-with-the-app',
      source: guide,
      alternatives: [{ value: 'same-view-for-customer-and-crm', source: `${seasalt}, unverified` }],
    },
  ],
  massMessaging: [
    {
      value: 'templates',
      source: guide,
      note: "Broadcast lists in the app can't send new messages. Send templates through the API for campaigns.",
    },
  ],
};
