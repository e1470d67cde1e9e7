import type { RequestOptions } from '../../client/client.js';
import type { ChecklistItem } from './checklist.js';
import type { OnboardingStep, SyncOutcome } from './onboarding-state.js';

/** The token of a business that was just onboarded. The library doesn't store it. */
export interface SavedToken {
  /**
   * The key of the token. Replace a stored token with the same key: the callback may run again for the same onboarding,
   * for example to add the WABA.
   */
  readonly onboardingId: string;
  readonly token: string;
  /** The WABA of the token. Absent while it is unknown. */
  readonly wabaId?: string;
  /** Expiry of the token. Absent if the exchange returned none, for example for a token that doesn't expire. */
  readonly expiresAt?: Date;
}

/**
 * Saves a business token durably before it resolves. A token can't be fetched again because its code works only once.
 */
export type SaveToken = (token: SavedToken) => void | Promise<void>;

/** The result of Embedded Signup. */
export interface StartOnboardingParameters {
  /** The code. It expires after 30 seconds and works once. */
  readonly code: string;
  /**
   * The session event as the page received it (a JSON string or an object), or parsed by `parseSessionEvent`. It comes
   * from a browser, so its IDs are only hints. The WABA is always one that Meta reports as granted.
   */
  readonly sessionEvent?: unknown;
  /** The redirect URI of a signup by redirect. Omit it for the popup. */
  readonly redirectUri?: string | undefined;
}

/** Information that a person or a late event adds to an onboarding. */
export interface ResumeOnboardingParameters {
  /** The number to onboard, if the state is `choose-number`. */
  readonly phoneNumberId?: string | undefined;
  /** The session event, if it arrived after the code. */
  readonly sessionEvent?: unknown;
  /** The WABA, if the token was granted several. It must be one of them. */
  readonly wabaId?: string | undefined;
  /** The saved token. Pass it if `start` couldn't verify the WABA and the onboarding has no `wabaId`. */
  readonly token?: string | undefined;
}

/**
 * The facts of a number that was onboarded elsewhere. `requested`: the data was requested. `not-requested`: it
 * certainly wasn't, so the library requests it before the deadline. `unknown`: it counts as requested because a second
 * request can cut the app off from its messages.
 */
export interface ImportParameters {
  readonly wabaId: string;
  readonly phoneNumberId: string;
  /** Time at which Embedded Signup was completed. */
  readonly onboardedAt: Date;
  readonly contactsSync: 'requested' | 'not-requested' | 'unknown';
  readonly historySync: 'requested' | 'not-requested' | 'unknown';
  /**
   * The number as Meta formats it. Without it, the library can't match a disconnection event to one of several numbers
   * of a WABA.
   */
  readonly displayPhoneNumber?: string | undefined;
  /**
   * Time at which the app was last opened on the phone.
   * @defaultValue unknown, so that the reminder is due immediately
   */
  readonly appOpenedAt?: Date | undefined;
  /**
   * Expiry of the token.
   * @defaultValue 60 days after `onboardedAt`, until a preflight or `lifecycle.recordToken` provides the exact time
   */
  readonly tokenExpiresAt?: Date | 'never' | undefined;
}

/** Options of the onboarding module. */
export interface OnboardingOptions {
  /**
   * Expected callback overrides of WABAs and numbers. Any other override stops an onboarding because contacts and
   * history, which are sent once, might be delivered there. Source: Meta, Webhook overrides (Nov 2025), which mentions
   * only messages.
   * @defaultValue none
   */
  readonly callbackUrls?: readonly string[] | undefined;
  /** The kind of partner for the checklist, which decides who pays Meta. @defaultValue `'tech-provider'` */
  readonly partner?: 'tech-provider' | 'solution-partner' | undefined;
  /**
   * Time limit for `saveToken` in milliseconds. After it, `start` rejects with the problem `token-not-saved`.
   * @defaultValue 30 000
   */
  readonly saveTokenTimeoutMs?: number | undefined;
}

/** The deadline for contacts and history is near or has passed. */
export interface SyncDeadline {
  readonly onboarding: Onboarding;
  /** The kinds of data that weren't requested. */
  readonly missing: readonly ('contacts' | 'history')[];
  readonly deadlineAt: Date;
}

/** A number that an onboarding found. */
export interface OnboardingNumber {
  readonly phoneNumberId: string;
  /** Formatted for people. */
  readonly displayPhoneNumber?: string;
  readonly verifiedName?: string;
}

/** The members of every {@link Onboarding}, and its number if Meta has confirmed it. */
export interface OnboardingFacts extends Partial<OnboardingNumber> {
  readonly id: string;
  /** The next step. `none` if no step is left or a person has to choose a number. */
  readonly nextStep: OnboardingStep;
  readonly wabaId?: string;
  /** The customer's portfolio, from the session event or from Meta's response for the token. */
  readonly businessId?: string;
  /** The result of the request for contacts. Absent before the request. */
  readonly contactsSync?: SyncOutcome;
  /** The result of the request for history. Absent before the request. */
  readonly historySync?: SyncOutcome;
  readonly startedAt: Date;
  /** Deadline of the requests for contacts and history. */
  readonly syncDeadlineAt: Date;
  /** Absent if unknown. */
  readonly tokenExpiresAt?: Date | 'never';
  /** The tasks of people, for your own page. */
  readonly checklist: readonly ChecklistItem[];
  /** The error of the last attempt: its `kind`, and how to fix it. */
  readonly stoppedBy?: { readonly kind: string; readonly message: string; readonly at: Date };
}

/** An onboarding whose number is connected: Meta confirmed the WABA and the number. */
export interface CompletedOnboarding extends OnboardingFacts {
  readonly state: 'done';
  readonly wabaId: string;
  readonly phoneNumberId: string;
  readonly contactsSync: SyncOutcome;
  readonly historySync: SyncOutcome;
}

/** An onboarding that waits until a person chooses one of several numbers. */
export interface NumberChoiceOnboarding extends OnboardingFacts {
  readonly state: 'choose-number';
  readonly wabaId: string;
  /** The numbers to choose from. */
  readonly numbers: readonly OnboardingNumber[];
}

/** An onboarding with open steps, or one that failed. */
export interface UnfinishedOnboarding extends OnboardingFacts {
  readonly state: 'pending' | 'failed';
}

/**
 * An onboarding. `pending`: call `resume(id)`. `choose-number`: call `resume(id, { phoneNumberId })` with one of
 * `numbers`. In the state `done`, the WABA and the number are known.
 */
export type Onboarding = CompletedOnboarding | NumberChoiceOnboarding | UnfinishedOnboarding;

/** Onboards numbers of the Business app to the Cloud API. */
export interface OnboardingModule {
  /**
   * Exchanges the code, asks Meta which WABA the token was granted, waits for `saveToken`, and stores the onboarding.
   * The other steps start with `resume`.
   *
   * The session event comes from a browser, and a signed-in tenant can forge it. A WABA that the token wasn't granted
   * rejects with an `OnboardingError` (`waba-not-granted`), and no token is saved. If Meta can't be reached, the token
   * is saved without a WABA, and `resume(id, { token })` verifies it later.
   *
   * You can repeat a call with the same code. The second call returns the onboarding of the first one, even if both run
   * concurrently or in two processes with one store. The code is exchanged only once. The store contains its SHA-256
   * for 30 days. If the start fails after the exchange, later calls reject with the problem `code-used`.
   *
   * @param parameters - The code, the session event and the redirect URI.
   * @param options - The options of the requests.
   * @throws `InvalidArgumentError` before the code is used
   * @throws `OnboardingError`, `MissingCredentialsError`, and the connection errors
   * @throws `GraphApiError`, for example with code 100 for an expired or used code
   * @throws the error of `saveToken`
   */
  start(parameters: StartOnboardingParameters, options?: RequestOptions): Promise<Onboarding>;
  /**
   * Runs the remaining steps. One process at a time runs them. Other callers get the current state. You can repeat each
   * call. The library records one-time requests before it makes them and never repeats them.
   *
   * It finds the number and confirms that it is on the Business app and the Cloud API. It never registers the number.
   * It runs the checks of `runPreflight`, and subscribes the app to the WABA if it isn't subscribed. Then it requests
   * contacts and history.
   *
   * @param id - The ID of the onboarding.
   * @param parameters - The chosen number, or information that was missing at `start`.
   * @throws `SubscriptionMissingError` with the problems
   * @throws `OnboardingError`, `GraphApiError` and the connection errors. Then the state contains `stoppedBy`.
   */
  resume(id: string, parameters?: ResumeOnboardingParameters): Promise<Onboarding>;
  /**
   * Imports a number that was onboarded elsewhere. All modules know the number from then on. It makes no request to
   * Meta. A known number stays unchanged, so you can call it at each start. The result is `pending` if data is
   * `not-requested` and the deadline hasn't passed. Then call `resume`.
   *
   * @param parameters - The facts of the number.
   */
  import(parameters: ImportParameters): Promise<Onboarding>;
  /**
   * Returns an onboarding, or `undefined` if it doesn't exist.
   *
   * @param id - The ID of the onboarding.
   */
  get(id: string): Promise<Onboarding | undefined>;
}
