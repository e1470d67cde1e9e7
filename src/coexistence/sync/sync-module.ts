import type { SyncStatus, SyncType } from './sync-state.js';

/** The data to request, and its onboarding. */
export interface RequestSyncParameters {
  readonly syncType: SyncType;
  readonly phoneNumberId: string;
  readonly wabaId: string;
  /** The onboarding of the request. Each onboarding can request once. */
  readonly onboardingId: string;
  /** Time of the onboarding. Meta accepts the request for 24 hours. */
  readonly onboardedAt: Date;
  /**
   * Repeats a request because you know that Meta didn't accept the first one. Meta may reject it (2593107).
   * @defaultValue `false`
   */
  readonly force?: boolean | undefined;
}

/** A request for contacts or history and its result. */
export interface NumberSync {
  readonly syncType: SyncType;
  readonly phoneNumberId: string;
  readonly onboardingId: string;
  /** `unknown` and `rejected` are final. The library doesn't repeat the request. */
  readonly status: SyncStatus;
  readonly recordedAt: Date;
  readonly settledAt?: Date;
  /** Meta's ID of the request, for support tickets. It doesn't mean that data will arrive. */
  readonly requestId?: string;
  /** The reason of a rejected or unknown request, with its only remedy. */
  readonly failure?: { readonly kind: string; readonly code?: number; readonly message: string };
}

/** Requests contacts and history from Meta, each at most once per onboarding. */
export interface SyncModule {
  /**
   * Requests contacts or history. If they were requested before, it returns the previous result. The request is
   * recorded before the call.
   *
   * @param parameters - The data to request, the number and the onboarding.
   * @throws `SyncWindowError` after 24 hours (the policy's `syncWindowHours`)
   * @throws `AuthenticationError`, and connection errors that prove that no request was sent. Then you can call it
   *   again.
   */
  request(parameters: RequestSyncParameters): Promise<NumberSync>;
  /**
   * Returns the requests of a number's latest onboarding.
   *
   * @param phoneNumberId - The number.
   */
  get(phoneNumberId: string): Promise<{ readonly contacts?: NumberSync; readonly history?: NumberSync }>;
}
