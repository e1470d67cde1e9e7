import type { SyncStatus, SyncType } from './sync-state.js';

/** What to ask for, and for which onboarding. */
export interface RequestSyncParameters {
  readonly syncType: SyncType;
  readonly phoneNumberId: string;
  readonly wabaId: string;
  /** The onboarding that the request belongs to: each asks once. */
  readonly onboardingId: string;
  /** When that was: Meta takes the request for 24 hours. */
  readonly onboardedAt: Date;
  /**
   * Asks although it was asked for before, because somebody knows that Meta did not take it. Meta may refuse (2593107).
   * @defaultValue `false`
   */
  readonly force?: boolean | undefined;
}

/** A request for contacts or history, and what became of it. */
export interface NumberSync {
  readonly syncType: SyncType;
  readonly phoneNumberId: string;
  readonly onboardingId: string;
  /** `unknown` and `refused` are final: the library does not ask again. */
  readonly status: SyncStatus;
  readonly recordedAt: Date;
  readonly settledAt?: Date;
  /** Meta's id, for support tickets. It does not mean that anything will come. */
  readonly requestId?: string;
  /** Why it was refused or is unknown, with the only remedy there is. */
  readonly failure?: { readonly kind: string; readonly code?: number; readonly message: string };
}

/** Asks Meta for the app's contacts and history, each at most once an onboarding. */
export interface SyncModule {
  /**
   * Asks, unless it was asked for before: then it says what became of that. The request is recorded before it is made.
   *
   * @throws `SyncWindowError` after 24 hours (the policy's `syncWindowHours`), `AuthenticationError`, and the connection errors that prove that nothing was sent; then it may be called again.
   */
  request(parameters: RequestSyncParameters): Promise<NumberSync>;
  /** The requests of a number's latest onboarding. */
  get(phoneNumberId: string): Promise<{ readonly contacts?: NumberSync; readonly history?: NumberSync }>;
}
