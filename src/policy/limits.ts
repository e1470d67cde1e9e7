import type { PolicyRule } from './rule.js';
import { defaultServerWaitMs } from './server-wait.js';
import { guide, seasalt } from './sources.js';

/** The numeric limits of a coexistence number. */
export interface CoexistenceLimits {
  /** Maximum messages per second in both directions together (130429 above). */
  readonly throughput: number;
  /** The same limit for a number that is only on the Cloud API. */
  readonly standardThroughput: number;
  /**
   * The same limit for a number that is only on the Cloud API and that Meta has upgraded. Coexistence numbers are never
   * upgraded.
   */
  readonly upgradedThroughput: number;
  /** Hours after onboarding in which contacts and history can be requested (2593108 afterwards). */
  readonly syncWindowHours: number;
  /** Number of requests for contacts and for history per onboarding (2593107 above). */
  readonly syncsPerOnboarding: number;
  /** Hours before the end of `syncWindowHours` at which a reminder for missing requests is emitted. */
  readonly syncReminderHours: number;
  /** Days of messages in the history. */
  readonly historyDays: number;
  /** Days of media in the history. */
  readonly historyMediaDays: number;
  /** Days without a sign of the app after which a reminder to open it is due. */
  readonly heartbeatDueDays: number;
  /** Days without a sign of the app after which opening it is urgent. */
  readonly heartbeatUrgentDays: number;
  /** Days without a sign of the app after which the number is probably disconnected. */
  readonly heartbeatOverdueDays: number;
  /** Days after which Meta disconnects the number because a companion device was unused. */
  readonly companionInactivityDays: number;
  /** Maximum number of linked devices in addition to the phone. */
  readonly companionDevices: number;
  /** Hours for which a customer's message opens the service window. */
  readonly serviceWindowHours: number;
  /**
   * Maximum hours for which all messages are free after the business replied to a customer from an ad. The status of
   * such a message contains the actual end (`conversation.expiration_timestamp`).
   */
  readonly freeEntryPointHours: number;
  /**
   * Free delivered service messages per number and calendar month. Unused ones expire. `Infinity`: all of them are
   * free.
   */
  readonly freeServiceMessages: number;
  /**
   * Messaging limit of the portfolio (customers per day) from which accounts are generally eligible for Direct Send.
   * `Infinity`: Meta selects accounts.
   */
  readonly directSendMessagingLimit: number;
  /** Average seconds between two messages to the same recipient (131056 above this rate). */
  readonly pairIntervalSeconds: number;
  /** Messages to the same recipient that can exceed this rate in a burst. */
  readonly pairBurst: number;
  /** Hours to wait for a reconnection after a device change before the number counts as disconnected. */
  readonly reconnectTimeoutHours: number;
  /** Lifetime of a business token in days, if neither the exchange nor Meta's token check returns it. */
  readonly tokenLifetimeDays: number;
  /** Days before the expiry of a token at which a reminder is emitted. */
  readonly tokenReminderDays: number;
  /** Maximum milliseconds for which a response can delay a retry (`Retry-After`). */
  readonly maxServerWaitMs: number;
}

const inactivity = 'Meta, account_update: PRIMARY_INACTIVITY after about 14 days (3 Apr 2026)';

/** All limits with their history, oldest first. */
export const limitRules: { readonly [Name in keyof CoexistenceLimits]: readonly PolicyRule<CoexistenceLimits[Name]>[] } = {
  throughput: [
    {
      value: 20,
      until: '2025-11-21',
      source: seasalt,
      note: "Reported as 20, and as low as 5 in many regions. An undated 2025 copy of Meta's overview says 5 for all numbers. It isn't known when this changed.",
      alternatives: [{ value: 5, source: 'Meta, Cloud API overview (a 2025 copy older than 21 Nov 2025)' }],
    },
    {
      value: 20,
      since: '2025-11-21',
      source: 'Meta, Throughput (21 Nov 2025, 11 Sep 2026)',
      note: "Fixed. The automatic upgrade doesn't apply.",
    },
  ],
  standardThroughput: [{ value: 80, source: 'Meta, Throughput (21 Nov 2025, 11 Sep 2026)' }],
  upgradedThroughput: [
    {
      value: 1_000,
      source: 'Meta, Throughput (21 Nov 2025, 11 Sep 2026)',
      note: 'Meta upgrades a number automatically if it has no messaging limit, 100,000 recipients a day outside windows, and quality yellow or better.',
    },
  ],
  syncWindowHours: [{ value: 24, source: guide, note: 'For contacts and for history.' }],
  syncsPerOnboarding: [
    { value: 1, source: guide, note: 'Once each for contacts and history. Only another onboarding allows another sync.' },
  ],
  syncReminderHours: [{ value: 6, source: "Derived from Meta's 24 hours", note: "A safety margin of this library, not Meta's rule." }],
  historyDays: [{ value: 180, source: 'Meta, history webhook reference (12 Dec 2025)', note: 'The feature table says 6 months.' }],
  historyMediaDays: [{ value: 14, source: guide, note: 'Counted back from onboarding. Meta never sends older media.' }],
  heartbeatDueDays: [{ value: 10, source: `Derived from ${inactivity}`, note: "A safety margin of this library, not Meta's rule." }],
  heartbeatUrgentDays: [{ value: 12, source: `Derived from ${inactivity}`, note: 'Several solution partners advise every 13 days.' }],
  heartbeatOverdueDays: [
    {
      value: 13,
      until: '2026-04-03',
      source: `${seasalt}; Dualhook; Coral (1 Feb 2026)`,
      note: "Meta didn't name a figure yet. This is a safety margin that partners used.",
      alternatives: [{ value: 14, source: 'respond.io' }],
    },
    { value: 14, since: '2026-04-03', source: inactivity, note: 'Meta says "about" and does not report when the phone was last seen.' },
  ],
  companionInactivityDays: [
    {
      value: 30,
      source: 'Meta, account_update: COMPANION_INACTIVITY after about 30 days (3 Apr 2026)',
      note: 'No earlier figure is known.',
    },
  ],
  companionDevices: [{ value: 4, source: guide, note: 'Onboarding unlinks all devices. They can be linked again.' }],
  serviceWindowHours: [
    { value: 24, source: guide, note: "Opened only by a customer's message after onboarding. Messages from the app never count." },
  ],
  freeEntryPointHours: [
    { value: 72, until: '2026-09-28', source: 'Meta, Pricing (11 Sep 2026)' },
    {
      value: 168,
      since: '2026-09-28',
      source: 'Meta, Pricing (28 Sep 2026)',
      note: 'Up to 7 days. All messaging accounts of the number share the window.',
    },
  ],
  freeServiceMessages: [
    { value: Infinity, until: '2026-10-01', source: 'Meta, Pricing (11 Sep 2026)' },
    {
      value: 1_000,
      since: '2026-10-01',
      source: 'Meta, Pricing (10 and 30 Sep 2026)',
      note: "Counts one-to-one and group deliveries together, per calendar month in the account's time zone. Reactions don't count.",
    },
  ],
  directSendMessagingLimit: [
    { value: Infinity, until: '2026-10-08', source: 'Meta, Direct Send (31 Jul 2026)' },
    { value: 100_000, since: '2026-10-08', source: 'Meta, Direct Send (8 Oct 2026)', note: 'Or an unlimited one.' },
  ],
  pairIntervalSeconds: [{ value: 6, source: 'Meta, About the platform (Dec 2025)' }],
  pairBurst: [{ value: 45, source: 'Meta, About the platform (Dec 2025)' }],
  reconnectTimeoutHours: [
    {
      value: 24,
      source: 'Meta, Reconnect offboarded coexistence clients (21 May 2026)',
      note: "Meta doesn't state a limit. Reconnection usually takes minutes.",
    },
  ],
  tokenLifetimeDays: [
    {
      value: 60,
      source: 'Meta, Embedded Signup implementation (20 Feb 2026): the template of the login configuration',
      note: "Your own login configuration can issue tokens that don't expire.",
    },
  ],
  tokenReminderDays: [{ value: 7, source: "Derived from Meta's 60 days", note: "A safety margin of this library, not Meta's rule." }],
  maxServerWaitMs: [
    {
      value: defaultServerWaitMs,
      source: "Derived from Meta's rate limits, whose longest windows are one hour (Graph API, Rate limits, 2025)",
      note: "A safety margin of this library, not Meta's rule. A longer wait is cut to this value, and then the request is retried.",
    },
  ],
};
