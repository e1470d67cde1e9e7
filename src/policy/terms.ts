import type { Rule } from './rule.js';
import { changelog, guide, seasalt } from './sources.js';

/** What holds for a coexistence number and is neither a number nor a feature. */
export interface CoexistenceTerms {
  /** The least version of the WhatsApp Business app. */
  readonly minimumAppVersion: string;
  /** How a business proves in Embedded Signup that the app is its own. */
  readonly onboardingProof: 'code-or-qr-code' | 'qr-code';
  /** By what Meta bills. */
  readonly pricingModel: 'per-message' | 'per-conversation';
  /** What a message typed in the app costs. */
  readonly appMessages: 'free';
  /** What a message without a template costs through the API. `unknown`: sources disagree; the `pricing` object of a status says it. */
  readonly serviceMessages: 'free' | 'charged' | 'unknown';
  /** What a utility template costs while the service window is open. `unknown`: as above. */
  readonly utilityTemplatesInWindow: 'free' | 'charged' | 'unknown';
  /** The reasons that Meta names when it cuts the link; empty where it names none. */
  readonly disconnectionReasons: readonly string[];
  /** Why features of the app are switched off. */
  readonly restrictionsBecause: 'compatibility-with-the-app' | 'same-view-for-customer-and-crm';
  /** How one message reaches many people. */
  readonly massMessaging: 'templates';
}

const pricing = 'Meta, Pricing (11 Sep 2026)';
const reasonsOfApril = ['PRIMARY_INACTIVITY', 'COMPANION_INACTIVITY', 'BUSINESS_DOWNGRADE'] as const;
const fromOctober = "YCloud, Chakra, charles, Patagon, WhaTools (2026); a note of 17 Sep 2026 on Meta's page of 5 Aug 2026";

/** Every term with its history, oldest first. */
export const termRules: { readonly [Name in keyof CoexistenceTerms]: readonly Rule<CoexistenceTerms[Name]>[] } = {
  minimumAppVersion: [{ value: '2.24.17', source: guide, note: 'The WhatsApp Business app; for iOS Meta states none of its own.' }],
  onboardingProof: [
    {
      value: 'code-or-qr-code',
      source: guide,
      note: 'A verification code that comes in the app, or a QR code in its place.',
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
  appMessages: [{ value: 'free', source: guide, note: 'They never open or extend a window, nor change the price of messages of the API.' }],
  serviceMessages: [
    { value: 'free', until: '2026-10-01', source: pricing },
    {
      value: 'unknown',
      since: '2026-10-01',
      source: pricing,
      note: "Reported to be charged at the utility rate after 1,000 a month and number; Meta's page still said free. Go by the pricing object.",
      alternatives: [
        { value: 'free', source: pricing },
        { value: 'charged', source: fromOctober },
      ],
    },
  ],
  utilityTemplatesInWindow: [
    { value: 'free', until: '2026-10-01', source: pricing },
    {
      value: 'unknown',
      since: '2026-10-01',
      source: pricing,
      note: "Reported to be charged; Meta's page still said free. Go by the pricing object.",
      alternatives: [
        { value: 'free', source: pricing },
        { value: 'charged', source: fromOctober },
      ],
    },
  ],
  disconnectionReasons: [
    { value: [], until: '2026-04-03', source: guide, note: 'The link could be cut (PARTNER_REMOVED), without a reason being named.' },
    { value: reasonsOfApril, since: '2026-04-03', until: '2026-04-20', source: changelog('3 Apr 2026') },
    {
      value: [...reasonsOfApril, 'ACCOUNT_DISCONNECTED', 'CHANGE_NUMBER', 'USER_RE_REGISTERED'],
      since: '2026-04-20',
      source: changelog('20 Apr 2026'),
      note: 'A plain disconnection in the app may still name none.',
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
    { value: 'templates', source: guide, note: 'Broadcast lists of the app take no new messages; campaigns are templates of the API.' },
  ],
};
