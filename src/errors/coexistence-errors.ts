import { WhatsAppError } from './whatsapp-error.js';

/**
 * Something without which an onboarding would lose webhooks or be refused, discriminated by `problem`.
 *
 * - `field`: the app does not subscribe to a webhook field. `app-subscription`: the app is not subscribed to the WABA.
 * - `callback`: the WABA or the number has a callback of its own that nobody said was right; its host is told, not its address, which may hold secrets.
 * - `token`: it is no longer good, or of another app. `scope`: it lacks a permission.
 * - `number`: it is not on the Business app and on Cloud API at once.
 */
export type PreflightProblem =
  | { readonly problem: 'field'; readonly field: string }
  | { readonly problem: 'app-subscription' }
  | { readonly problem: 'callback'; readonly of: 'waba' | 'number'; readonly host: string }
  | { readonly problem: 'token'; readonly reason: 'invalid' | 'another-app' }
  | { readonly problem: 'scope'; readonly scope: string }
  | { readonly problem: 'number'; readonly phoneNumberId: string };

/**
 * Webhooks would not arrive, or the requests would be refused, so nothing that can be done only once was done: mend what is missing and call
 * again.
 */
export class SubscriptionMissingError extends WhatsAppError {
  override readonly name = 'SubscriptionMissingError';
  override readonly kind = 'subscription-missing';
  /** What is in the way, one by one. */
  readonly problems: readonly PreflightProblem[];
  /** The same as names: webhook fields, scopes, `subscribed_apps`, `callback`, `token`, `number`. */
  readonly missing: readonly string[];

  constructor(problems: readonly PreflightProblem[]) {
    super(`Nothing was asked for yet, because it would be lost. ${adviceOnProblems(problems).join(' ')} Then resume the onboarding.`);
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

/** What to do about each kind of problem, in sentences. */
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
          'The app is not subscribed to the WABA (GET /{waba-id}/subscribed_apps does not show it): subscribe it with POST /{waba-id}/subscribed_apps and a token of the same app.',
        ];
      case 'callback':
        return [
          `The ${one.of === 'waba' ? 'WABA' : 'number'} has a callback of its own at ${one.host}, and contacts and history may go there: take it away, or name it in createCoexistence({ onboarding: { callbackUrls } }).`,
        ];
      case 'token':
        return [
          one.reason === 'invalid'
            ? 'The token is no longer good: only another Embedded Signup brings a new one.'
            : 'The token belongs to another app: the accessToken function found the wrong one.',
        ];
      case 'number':
        return [
          `The number ${one.phoneNumberId} is not both on the Business app (is_on_biz_app) and on Cloud API (platform_type): finish Embedded Signup on its phone, and never register it instead.`,
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
      ? [`The token lacks ${scopes.join(', ')}: add them to the login configuration and go through Embedded Signup again.`]
      : []),
    ...rest,
  ];
}

/** The time in which contacts and history can be asked for is over; nothing was sent. Only a new onboarding opens another. */
export class SyncWindowError extends WhatsAppError {
  override readonly name = 'SyncWindowError';
  override readonly kind = 'sync-window';
  /** What was to be asked for. */
  readonly syncType: 'contacts' | 'history';
  /** When the time was over. */
  readonly deadlineAt: Date;

  constructor(syncType: 'contacts' | 'history', deadlineAt: Date) {
    super(
      `The ${syncType} of the app could be asked for until ${deadlineAt.toISOString()}. For another chance the business disconnects in the app ` +
        '(Settings, Account, Business Platform, Disconnect account) and goes through Embedded Signup again.',
    );
    this.syncType = syncType;
    this.deadlineAt = deadlineAt;
  }
}

/** Why an onboarding cannot go on. */
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
    'Meta already exchanged this code, but the start failed afterwards, and a code works one time. Let the customer go through Embedded Signup again.',
  'not-found': 'There is no onboarding with this id in the store: use the id that start() returned, and the same store in every process.',
  'waba-unknown':
    'Neither the session event nor the token names a single WhatsApp Business Account: resume with the session event, or with { wabaId }.',
  'waba-unverified':
    'The WhatsApp Business Account could not be verified, because no token of this onboarding was checked yet. Resume with the saved token: ' +
    'resume(id, { token }).',
  'waba-not-granted':
    'The session event names a WhatsApp Business Account that this signup did not grant to your app. Nothing was saved. The page may have mixed ' +
    'up two signups, or the request was forged. Start Embedded Signup again, and post only the result of one launchSignup().',
  'token-not-saved':
    'saveToken did not finish in time, so the token may be lost, and the code works only once. Fix saveToken. If the token was not saved, start Embedded Signup again.',
  'no-coexistence-number':
    'The account has no number that is both on the Business app (is_on_biz_app) and on Cloud API (platform_type). ' +
    'Right after the signup this can take some minutes: resume later. It is never registered instead.',
  'app-id-unknown':
    'The id of the Meta app is needed to check its subscriptions: set appId in createClient({ … }) or createCoexistence({ … }).',
};

/** An onboarding cannot go on as it is; nothing is lost, and `resume` goes on once the cause is gone. */
export class OnboardingError extends WhatsAppError {
  override readonly name = 'OnboardingError';
  override readonly kind = 'onboarding';
  /** What stands in the way. */
  readonly problem: OnboardingProblem;

  constructor(problem: OnboardingProblem) {
    super(adviceOn[problem]);
    this.problem = problem;
  }
}

/** The link between app and API is gone, so nothing was sent; only a new onboarding brings the number back. */
export class NumberDisconnectedError extends WhatsAppError {
  override readonly name = 'NumberDisconnectedError';
  override readonly kind = 'number-disconnected';
  readonly phoneNumberId: string;
  /** When the link went. */
  readonly disconnectedAt: Date;
  /** Meta's reason, as `PRIMARY_INACTIVITY`, where it gave one. */
  readonly reason: string | undefined;

  constructor(phoneNumberId: string, disconnectedAt: Date, reason: string | undefined) {
    super(
      `The number ${phoneNumberId} has been off Cloud API since ${disconnectedAt.toISOString()}${reason === undefined ? '' : ` (${reason})`}: ` +
        'nothing can be sent until it has gone through Embedded Signup again.',
    );
    this.phoneNumberId = phoneNumberId;
    this.disconnectedAt = disconnectedAt;
    this.reason = reason;
  }
}

/** Why an automated message may not go out into a thread. */
export type HandoffReason = 'person-holds' | 'person-wrote' | 'customer-wrote' | 'not-a-customer-message' | 'unknown-thread';

const textOnHandoff: Readonly<Record<HandoffReason, string>> = {
  'person-holds': 'a person holds the thread; it returns to the bot by itself, or by handoff.release()',
  'person-wrote': 'a person wrote in the app since the message that it answers',
  'customer-wrote': 'the customer wrote again since the message that it answers; answer the later one',
  'not-a-customer-message': 'it answers no message of a customer (an echo, a status, history): a bot that answers those talks to itself',
  'unknown-thread': 'the event that it answers names no number or no customer',
};

/** An automated message was not sent, because the thread is not the bot's, or has moved on. */
export class HandoffError extends WhatsAppError {
  override readonly name = 'HandoffError';
  override readonly kind = 'handoff';
  /** Why. */
  readonly reason: HandoffReason;

  constructor(reason: HandoffReason) {
    super(`The message was not sent: ${textOnHandoff[reason]}.`);
    this.reason = reason;
  }
}

/**
 * The service window of the customer is closed as far as live messages tell, so Meta would refuse the message (131047); nothing was sent.
 * Of the same kind as Meta's own word for it, `WindowClosedError`.
 */
export class ServiceWindowClosedError extends WhatsAppError {
  override readonly name = 'ServiceWindowClosedError';
  override readonly kind = 'window-closed';
  /** When it closed; absent if no message of the customer is known. */
  readonly closedAt: Date | undefined;

  constructor(closedAt?: Date) {
    super(
      `The message was not sent: the service window ${closedAt ? `closed at ${closedAt.toISOString()}` : 'is closed'}. It opens when the customer ` +
        'writes; what people write in the app does not open it. Send a template, which may go out at any time.',
    );
    this.closedAt = closedAt;
  }
}
