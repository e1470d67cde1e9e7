import { WhatsAppError } from './whatsapp-error.js';

/**
 * Webhooks would not arrive, so nothing that can be done only once was done: subscribe to what is missing and call again.
 */
export class SubscriptionMissingError extends WhatsAppError {
  override readonly name = 'SubscriptionMissingError';
  override readonly kind = 'subscription-missing';
  /** Webhook fields that the app has to subscribe to, and `subscribed_apps` if the WABA's own subscription does not stand. */
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    const fields = missing.filter((name) => name !== 'subscribed_apps');
    super(
      [
        'Nothing was asked for yet, because its webhooks would be lost.',
        fields.length > 0 &&
          `Subscribe the app to ${fields.join(', ')} (App Dashboard, WhatsApp, Configuration, or POST /{app-id}/subscriptions with object whatsapp_business_account).`,
        fields.length < missing.length &&
          'The subscription of the app to the WABA was made but does not show in GET /{waba-id}/subscribed_apps; the token must belong to the same app.',
        'Then resume the onboarding.',
      ]
        .filter(Boolean)
        .join(' '),
    );
    this.missing = missing;
  }
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
export type OnboardingProblem = 'not-found' | 'waba-unknown' | 'no-coexistence-number' | 'app-id-unknown';

const adviceOn: Readonly<Record<OnboardingProblem, string>> = {
  'not-found': 'There is no onboarding with this id in the store: use the id that start() returned, and the same store in every process.',
  'waba-unknown':
    'Neither the session event nor the token names a single WhatsApp Business Account: resume with the session event, or with { wabaId }.',
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
