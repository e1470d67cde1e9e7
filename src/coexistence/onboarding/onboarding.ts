import type { RequestOptions } from '../../client/client.js';
import type { ChecklistItem } from './checklist.js';
import type { OnboardingStatus, OnboardingStep, SyncOutcome } from './onboarding-state.js';

/** The token of a business that was just onboarded. It is handed out here and kept nowhere. */
export interface SavedToken {
  /** Save the token under it, and replace what was saved: the call may come again for the same onboarding, then with the WABA. */
  readonly onboardingId: string;
  readonly token: string;
  /** The WABA that the token is for; absent while it is not known. */
  readonly wabaId?: string;
  /** When the token expires; absent where the exchange did not tell, as for one that does not. */
  readonly expiresAt?: Date;
}

/** Keeps a business token, durably, before it resolves: the code it was exchanged for works only once. */
export type SaveToken = (token: SavedToken) => void | Promise<void>;

/** What Embedded Signup left behind. */
export interface StartOnboardingParameters {
  /** Lives 30 seconds and works once. */
  readonly code: string;
  /**
   * The session event as the page received it (a JSON string or an object), or as `parseSessionEvent` read it. It comes from a browser, so its IDs
   * are hints only: the WABA is one that Meta says the token was granted.
   */
  readonly sessionEvent?: unknown | undefined;
  /** The redirect URI of a sign-up by redirect; not for the popup. */
  readonly redirectUri?: string | undefined;
}

/** What a person or a late event adds to an onboarding. */
export interface ResumeOnboardingParameters {
  /** The number to onboard, after `choose-number`. */
  readonly phoneNumberId?: string | undefined;
  /** The session event, where it came after the code. */
  readonly sessionEvent?: unknown | undefined;
  /** The WABA, if the token was granted several. It must be one of them. */
  readonly wabaId?: string | undefined;
  /** The token that was saved. Needed if the WABA could not be verified at `start`, as long as the state has no `wabaId`. */
  readonly token?: string | undefined;
}

/**
 * What the library is to know of a number that was onboarded elsewhere. `requested`: it was asked for; `not-requested`: certainly not, so it
 * is asked for while there is time; `unknown`: counts as asked for, because asking twice can take the app off its messages.
 */
export interface ImportParameters {
  readonly wabaId: string;
  readonly phoneNumberId: string;
  /** When Embedded Signup was finished. */
  readonly onboardedAt: Date;
  readonly contactsSync: 'requested' | 'not-requested' | 'unknown';
  readonly historySync: 'requested' | 'not-requested' | 'unknown';
  /** The number as Meta shows it: without it an end of the link that names a number cannot be told from that of another number of the WABA. */
  readonly displayPhoneNumber?: string | undefined;
  /** When the app was last opened on the phone, as far as anybody knows. @defaultValue unknown: the reminder is due at once */
  readonly appOpenedAt?: Date | undefined;
  /** When the token ends. @defaultValue 60 days after `onboardedAt`, until a preflight or `lifecycle.recordToken` says better */
  readonly tokenExpiresAt?: Date | 'never' | undefined;
}

/** What an onboarding goes by. */
export interface OnboardingOptions {
  /**
   * Callbacks of their own that WABAs and numbers may have (webhook overrides). Any other stops an onboarding, since contacts and history,
   * which come once, might go there. Source: Meta, Webhook overrides (Nov 2025), which tells of messages alone.
   * @defaultValue none
   */
  readonly callbackUrls?: readonly string[] | undefined;
  /** Who pays Meta, for the checklist. @defaultValue `'tech-provider'` */
  readonly partner?: 'tech-provider' | 'solution-partner' | undefined;
  /** Milliseconds that `saveToken` may take. After that, `start` rejects with the problem `token-not-saved`. @defaultValue 30 000 */
  readonly saveTokenTimeoutMs?: number | undefined;
}

/** The time in which contacts and history can be asked for is nearly over, or over. */
export interface SyncDeadline {
  readonly onboarding: Onboarding;
  /** What was not asked for. */
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

/** An onboarding as it stands. */
export interface Onboarding extends Partial<OnboardingNumber> {
  readonly id: string;
  /** `choose-number`: call `resume(id, { phoneNumberId })` with one of `numbers`; `pending`: call `resume(id)`. */
  readonly state: OnboardingStatus;
  /** What is to be done next; `none` when nothing is, or while a choice is awaited. */
  readonly nextStep: OnboardingStep;
  readonly wabaId?: string;
  /** The customer's portfolio: from the session event, or as Meta reports it for the token. */
  readonly businessId?: string;
  /** The numbers to choose from. */
  readonly numbers?: readonly OnboardingNumber[];
  /** What became of the request for contacts; absent until it was made. */
  readonly contactsSync?: SyncOutcome;
  /** What became of the request for history; absent until it was made. */
  readonly historySync?: SyncOutcome;
  readonly startedAt: Date;
  /** Contacts and history can be asked for until then. */
  readonly syncDeadlineAt: Date;
  /** Absent while nobody told. */
  readonly tokenExpiresAt?: Date | 'never';
  /** What people do, and should know: for a page of one's own. */
  readonly checklist: readonly ChecklistItem[];
  /** What stopped the last try: the `kind` of its error, and what to do. */
  readonly stoppedBy?: { readonly kind: string; readonly message: string; readonly at: Date };
}

/** Brings numbers of the Business app onto Cloud API. */
export interface OnboardingModule {
  /**
   * Exchanges the code, asks Meta which WABA its token was granted, waits until the caller has saved the token, and records what is left to do.
   * Nothing else happens until `resume`.
   *
   * The session event comes from a browser, and a signed-in tenant can forge it. A WABA that the token was not granted rejects with an
   * `OnboardingError` (`waba-not-granted`), and nothing is saved. If Meta can't be asked, the token is saved without a WABA, and
   * `resume(id, { token })` verifies it later.
   *
   * Safe to repeat with the same code: a second call returns the onboarding of the first one, also if both run at the same time or in two processes
   * with one store. The code is exchanged one time. The store contains a SHA-256 of it for 30 days. If the start failed after the exchange, later
   * calls reject with the problem `code-used`.
   *
   * @throws `InvalidArgumentError` before the code is used, `OnboardingError`, `MissingCredentialsError`, `GraphApiError` (an expired or used code is code 100), the connection errors, and what `saveToken` throws.
   */
  start(parameters: StartOnboardingParameters, options?: RequestOptions): Promise<Onboarding>;
  /**
   * Does what is left to do, in whichever process: one at a time does, others get the state as it stands. Every step can be repeated;
   * what Meta allows once is recorded before it is asked for, and never asked for again.
   *
   * Finds the number and confirms that it is on the Business app and on Cloud API, never registers it, makes the checks of `runPreflight`
   * (and subscribes the app to the WABA where it is not), and asks for contacts, then history.
   *
   * @throws `SubscriptionMissingError` naming what is missing, `OnboardingError`, `GraphApiError` and the connection errors; the state then says `stoppedBy`.
   */
  resume(id: string, parameters?: ResumeOnboardingParameters): Promise<Onboarding>;
  /**
   * Takes over a number that was onboarded elsewhere: heartbeat, lifecycle and the rest know it from then on, and nothing is asked of Meta. A
   * number that the store knows stays as it is, so this can be repeated at every start. `pending` where something is `not-requested` and there
   * is time: call `resume`.
   */
  import(parameters: ImportParameters): Promise<Onboarding>;
  /** An onboarding as it stands, or `undefined`. */
  get(id: string): Promise<Onboarding | undefined>;
}
