import type { Client } from '../../client/client.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { DeadlineFact, OnboardingFact, SyncOutcome } from './onboarding-state.js';
import type { Onboarding, OnboardingOptions, SaveToken, SyncDeadline } from './onboarding.js';

/** A number that Meta confirmed as a coexistence number, before any request for contacts or history. */
export interface ConfirmedNumber {
  readonly onboardingId: string;
  readonly wabaId: string;
  readonly phoneNumberId: string;
  readonly displayPhoneNumber?: string;
  readonly onboardedAtMs: number;
  readonly tokenExpiresAtMs?: number | 'never';
}

/** A number that was onboarded elsewhere. */
export interface AdoptedNumber extends ConfirmedNumber {
  /** The requests that were made, or may have been made. */
  readonly spent: readonly { readonly syncType: 'contacts' | 'history'; readonly status: 'requested' | 'unknown' }[];
  /** Whether no request is left. */
  readonly isDone: boolean;
  readonly appOpenedAtMs: number | undefined;
}

/** Dependencies of `createOnboarding`. */
export interface OnboardingDeps {
  readonly client: Client;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: CoexistencePolicy;
  readonly saveToken: SaveToken;
  readonly appId: string | undefined;
  readonly options: OnboardingOptions;
  /** Called before any one-time request. It may be called repeatedly. */
  readonly numberConfirmed: (number: ConfirmedNumber) => Promise<void>;
  /** Called with the token expiry from the preflight. It may be called repeatedly. */
  readonly tokenChecked: (number: ConfirmedNumber, expiresAtMs: number | 'never') => Promise<void>;
  /** Called for a number that was onboarded elsewhere. It may be called repeatedly. */
  readonly numberAdopted: (number: AdoptedNumber) => Promise<void>;
  /**
   * Returns the current onboarding of a number, or the time of its disconnection. Returns `undefined` for an unknown
   * number.
   */
  readonly standingOf: (phoneNumberId: string) => Promise<{ readonly onboardingId: string } | { readonly endedAtMs: number } | undefined>;
  /**
   * Requests contacts or history, at most once per onboarding. `in-progress`: another process is making the request.
   * Rejects if no request was sent.
   */
  readonly requestSync: (syncType: 'contacts' | 'history', number: ConfirmedNumber) => Promise<SyncOutcome | 'in-progress'>;
  /** Emits an event to the listeners. */
  readonly emit: (fact: Exclude<EmittedFact, DeadlineFact>, onboarding: Onboarding) => Promise<void>;
  readonly emitDeadline: (fact: DeadlineFact, deadline: SyncDeadline) => Promise<void>;
}

/** Facts that are emitted to listeners. */
export type EmittedFact = Exclude<OnboardingFact, 'number-confirmed'>;
