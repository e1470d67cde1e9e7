import { WhatsAppError } from './whatsapp-error.js';

/**
 * A problem that would lose webhooks or make Meta reject requests during an onboarding.
 *
 * - `field`: the app is not subscribed to a webhook field.
 * - `app-subscription`: the app is not subscribed to the WABA.
 * - `callback`: the WABA or the number has its own callback, and your options don't list it. The problem contains only
 *   the host, because the URL can contain secrets.
 * - `token`: the token is invalid, or belongs to another app.
 * - `scope`: the token doesn't have a permission.
 * - `number`: the number is not on the WhatsApp Business app and on Cloud API at the same time.
 */
export type PreflightProblem =
  | { readonly problem: 'field'; readonly field: string }
  | { readonly problem: 'app-subscription' }
  | { readonly problem: 'callback'; readonly of: 'waba' | 'number'; readonly host: string }
  | { readonly problem: 'token'; readonly reason: 'invalid' | 'another-app' }
  | { readonly problem: 'scope'; readonly scope: string }
  | { readonly problem: 'number'; readonly phoneNumberId: string };

/**
 * Thrown if webhooks would not arrive, or if Meta would reject the requests of an onboarding. No one-time request was
 * sent. Fix the {@link SubscriptionMissingError.problems} and resume the onboarding.
 */
export class SubscriptionMissingError extends WhatsAppError {
  override readonly name = 'SubscriptionMissingError';
  override readonly kind = 'subscription-missing';
  /** The problems to fix. */
  readonly problems: readonly PreflightProblem[];
  /** The names of the problems: webhook fields, scopes, `subscribed_apps`, `callback`, `token`, `number`. */
  readonly missing: readonly string[];

  constructor(problems: readonly PreflightProblem[]) {
    super(
      `Contacts and history were not requested, because they would be lost. ${adviceOnProblems(problems).join(' ')} Then resume the onboarding.`,
    );
    this.problems = problems;
    this.missing = problems.map(nameOfProblem);
  }
}

function nameOfProblem(problem: PreflightProblem): string {
  switch (problem.problem) {
    case 'field':
      return problem.field;
    case 'scope':
      return problem.scope;
    case 'app-subscription':
      return 'subscribed_apps';
    default:
      return problem.problem;
  }
}

/** Returns a sentence with a remedy for each problem. */
export function adviceOnProblems(problems: readonly PreflightProblem[]): readonly string[] {
  const fields = problems.flatMap((one) => (one.problem === 'field' ? [one.field] : []));
  const scopes = problems.flatMap((one) => (one.problem === 'scope' ? [one.scope] : []));
  const rest = problems.flatMap((one): string[] => {
    switch (one.problem) {
      case 'field':
      case 'scope':
        return [];
      case 'app-subscription':
        return [
          'The app is not subscribed to the WABA, because GET /{waba-id}/subscribed_apps does not list it. Subscribe it with POST /{waba-id}/subscribed_apps and a token of the same app.',
        ];
      case 'callback':
        return [
          `The ${one.of === 'waba' ? 'WABA' : 'number'} has its own callback at ${one.host}, which may receive the contacts and history. Remove it, or list it in createCoexistence({ onboarding: { callbackUrls } }).`,
        ];
      case 'token':
        return [
          one.reason === 'invalid'
            ? 'The token is invalid. Get a new one with another Embedded Signup.'
            : 'The token belongs to another app, so the accessToken function returned the wrong one.',
        ];
      case 'number':
        return [
          `The number ${one.phoneNumberId} is not both on the WhatsApp Business app (is_on_biz_app) and on Cloud API (platform_type). Finish Embedded Signup on its phone. Don't register the number instead.`,
        ];
    }
  });
  return [
    ...(fields.length > 0
      ? [
          `Subscribe the app to ${fields.join(', ')} (App Dashboard, WhatsApp, Configuration, or POST /{app-id}/subscriptions with object whatsapp_business_account).`,
        ]
      : []),
    ...(scopes.length > 0
      ? [`The token doesn't have the scopes ${scopes.join(', ')}. Add them to the login configuration and complete Embedded Signup again.`]
      : []),
    ...rest,
  ];
}

/**
 * Thrown if the time to request contacts and history is over. No request was sent. You can request them again only
 * after a new onboarding.
 */
export class SyncWindowError extends WhatsAppError {
  override readonly name = 'SyncWindowError';
  override readonly kind = 'sync-window';
  /** The requested data. */
  readonly syncType: 'contacts' | 'history';
  /** End of the time to request it. */
  readonly deadlineAt: Date;

  constructor(syncType: 'contacts' | 'history', deadlineAt: Date) {
    super(
      `The ${syncType} of the app could only be requested until ${deadlineAt.toISOString()}. To request them again, the business has to disconnect in the app ` +
        '(Settings, Account, Business Platform, Disconnect account) and complete Embedded Signup again.',
    );
    this.syncType = syncType;
    this.deadlineAt = deadlineAt;
  }
}

/** Reason why an onboarding can't continue. */
export type OnboardingProblem =
  | 'not-found'
  | 'code-used'
  | 'waba-unknown'
  | 'waba-unverified'
  | 'waba-not-granted'
  | 'token-not-saved'
  | 'no-coexistence-number'
  | 'app-id-unknown';

const adviceOn: Readonly<Record<OnboardingProblem, string>> = {
  'code-used':
    'Meta already exchanged this code, but the start failed afterwards. A code works only once, so the customer has to complete Embedded Signup again.',
  'not-found': 'The store contains no onboarding with this ID. Use the ID that start() returned, and the same store in every process.',
  'waba-unknown':
    'The session event and the token do not identify a single WhatsApp Business Account. Resume with the session event, or with { wabaId }.',
  'waba-unverified':
    'The WhatsApp Business Account could not be verified, because no token of this onboarding was checked yet. Resume with the saved token: ' +
    'resume(id, { token }).',
  'waba-not-granted':
    'The session event names a WhatsApp Business Account that this signup did not grant to your app. Nothing was saved. The page may have mixed ' +
    'up two signups, or the request was forged. Start Embedded Signup again, and post only the result of one launchSignup().',
  'token-not-saved':
    'saveToken did not finish in time, so the token may be lost. The code works only once. Fix saveToken. If the token was not saved, start Embedded Signup again.',
  'no-coexistence-number':
    'The account has no number that is both on the WhatsApp Business app (is_on_biz_app) and on Cloud API (platform_type). ' +
    'This can take a few minutes after the signup, so resume later. Do not register the number instead.',
  'app-id-unknown':
    'The onboarding needs the ID of the Meta app to check its subscriptions. Set appId in createClient({ … }) or createCoexistence({ … }).',
};

/**
 * Thrown if an onboarding can't continue. No data is lost. Fix the {@link OnboardingError.problem} and call `resume`.
 */
export class OnboardingError extends WhatsAppError {
  override readonly name = 'OnboardingError';
  override readonly kind = 'onboarding';
  /** Reason why the onboarding can't continue. */
  readonly problem: OnboardingProblem;

  constructor(problem: OnboardingProblem) {
    super(adviceOn[problem]);
    this.problem = problem;
  }
}

/**
 * Thrown if the number was disconnected from Cloud API. The request was not sent. Only a new onboarding connects the
 * number again.
 */
export class NumberDisconnectedError extends WhatsAppError {
  override readonly name = 'NumberDisconnectedError';
  override readonly kind = 'number-disconnected';
  readonly phoneNumberId: string;
  /** Time of the disconnection. */
  readonly disconnectedAt: Date;
  /** Meta's reason, for example `PRIMARY_INACTIVITY`, if Meta reported one. */
  readonly reason: string | undefined;

  constructor(phoneNumberId: string, disconnectedAt: Date, reason: string | undefined) {
    super(
      `The number ${phoneNumberId} was disconnected from Cloud API at ${disconnectedAt.toISOString()}${reason === undefined ? '' : ` (${reason})`}. ` +
        'To send messages, the business has to complete Embedded Signup again.',
    );
    this.phoneNumberId = phoneNumberId;
    this.disconnectedAt = disconnectedAt;
    this.reason = reason;
  }
}

/** Reason why an automated message isn't allowed in a thread. */
export type HandoffReason = 'person-holds' | 'person-wrote' | 'customer-wrote' | 'not-a-customer-message' | 'unknown-thread';

const textOnHandoff: Readonly<Record<HandoffReason, string>> = {
  'person-holds': 'a person is assigned to the thread. The thread returns to the bot automatically, or with handoff.release()',
  'person-wrote': 'a person sent a message from the app after the message that it replies to',
  'customer-wrote': 'the customer sent another message after the one that it replies to. Reply to the later one',
  'not-a-customer-message':
    'it does not reply to a message of a customer, but to an echo, a status or history. A bot that replies to them talks to itself',
  'unknown-thread': 'the event that it replies to has no phone number or no customer',
};

/** Thrown if an automated message was not sent, because the thread isn't assigned to the bot or has newer messages. */
export class HandoffError extends WhatsAppError {
  override readonly name = 'HandoffError';
  override readonly kind = 'handoff';
  /** The reason. */
  readonly reason: HandoffReason;

  constructor(reason: HandoffReason) {
    super(`The message was not sent: ${textOnHandoff[reason]}.`);
    this.reason = reason;
  }
}

/**
 * Thrown if the service window of the customer is closed. The message was not sent, because Meta would reject it
 * (131047). The library computes the window from live messages. The error has the same kind as Meta's error,
 * {@link WindowClosedError}.
 */
export class ServiceWindowClosedError extends WhatsAppError {
  override readonly name = 'ServiceWindowClosedError';
  override readonly kind = 'window-closed';
  /** Time when the window closed. `undefined` if no message of the customer is known. */
  readonly closedAt: Date | undefined;

  constructor(closedAt?: Date) {
    super(
      `The message was not sent: the service window ${closedAt ? `closed at ${closedAt.toISOString()}` : 'is closed'}. It opens when the customer ` +
        'sends a message. Messages that your team sends from the WhatsApp Business app do not open it. Send a template, which you can send at any time.',
    );
    this.closedAt = closedAt;
  }
}
