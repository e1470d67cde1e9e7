import type { Rule } from './rule.js';

/** The numbers among Meta's rules for a coexistence number. */
export interface CoexistenceLimits {
  /** Messages a second, in and out together, that Meta lets through for the number (130429 beyond). */
  readonly throughput: number;
  /** Hours after onboarding within which contacts and history can be asked for (2593108 afterwards). */
  readonly syncWindowHours: number;
  /** Days of messages that the history sync holds. */
  readonly historyDays: number;
  /** Days of media that follow the history. */
  readonly historyMediaDays: number;
  /** Days without a sign of the app after which a reminder to open it is due. */
  readonly heartbeatDueDays: number;
  /** Days without a sign of the app after which opening it is urgent. */
  readonly heartbeatUrgentDays: number;
  /** Days without a sign of the app after which the link is to be taken for lost. */
  readonly heartbeatOverdueDays: number;
  /** Hours that a customer's message keeps the service window open. */
  readonly serviceWindowHours: number;
  /** Seconds between two messages to the same recipient in the long run (131056 beyond). */
  readonly pairIntervalSeconds: number;
  /** Messages to the same recipient that may go ahead of that rhythm. */
  readonly pairBurst: number;
  /** Hours to wait for a reconnection after a device change before the number is taken for disconnected. */
  readonly reconnectTimeoutHours: number;
}

const guide = 'Meta, Onboard WhatsApp Business app users (copies of 4 Feb to 11 Sep 2026)';

/** Every number with its history, oldest first. */
export const limitRules: { readonly [Name in keyof CoexistenceLimits]: readonly Rule<CoexistenceLimits[Name]>[] } = {
  throughput: [
    {
      value: 5,
      until: '2025-11-21',
      source: 'Meta, Cloud API overview (a 2025 copy older than 21 Nov 2025)',
      note: 'Third parties reported 20, and as low as 5, in September 2025; the lower is the safe one.',
    },
    {
      value: 20,
      since: '2025-11-21',
      source: 'Meta, Throughput (21 Nov 2025, 11 Sep 2026)',
      note: 'Fixed; the automatic upgrade does not apply.',
    },
  ],
  syncWindowHours: [{ value: 24, source: guide, note: 'Each of contacts and history once an onboarding.' }],
  historyDays: [{ value: 180, source: 'Meta, history webhook reference (12 Dec 2025)', note: 'The feature table says 6 months.' }],
  historyMediaDays: [{ value: 14, source: guide, note: 'Counted from onboarding.' }],
  heartbeatDueDays: [
    { value: 10, source: "Derived from Meta's 'about 14 days' (3 Apr 2026)", note: 'A margin of the library, not a rule of Meta.' },
  ],
  heartbeatUrgentDays: [
    { value: 12, source: "Derived from Meta's 'about 14 days' (3 Apr 2026)", note: 'Several solution partners advise every 13 days.' },
  ],
  heartbeatOverdueDays: [{ value: 14, source: 'Meta, account_update: PRIMARY_INACTIVITY after about 14 days (3 Apr 2026)' }],
  serviceWindowHours: [{ value: 24, source: guide }],
  pairIntervalSeconds: [{ value: 6, source: 'Meta, About the platform (Dec 2025)' }],
  pairBurst: [{ value: 45, source: 'Meta, About the platform (Dec 2025)' }],
  reconnectTimeoutHours: [
    {
      value: 24,
      source: 'Meta, Reconnect offboarded coexistence clients (21 May 2026)',
      note: 'Meta names no time; reconnection usually takes minutes.',
    },
  ],
};
