import type { Client } from '../../client/client.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { Clock } from '../../runtime/clock.js';
import type { Logger } from '../../runtime/logger.js';
import type { Store } from '../../stores/store.js';
import type { DeadlineFact, OnboardingFact, SyncOutcome } from './onboarding-state.js';
import type { Onboarding, OnboardingOptions, SaveToken, SyncDeadline } from './onboarding.js';

/** A number that is confirmed as a coexistence number, before anything is asked for. */
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
  /** What was, or may have been, asked for. */
  readonly spent: readonly { readonly syncType: 'contacts' | 'history'; readonly status: 'requested' | 'unknown' }[];
  /** Whether nothing is left to ask for. */
  readonly isDone: boolean;
  readonly appOpenedAtMs: number | undefined;
}

/** What an onboarding needs of the rest of the house. */
export interface OnboardingDeps {
  readonly client: Client;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: CoexistencePolicy;
  readonly saveToken: SaveToken;
  readonly appId: string | undefined;
  readonly options: OnboardingOptions;
  /** Told before anything once-only; may be told again. */
  readonly numberConfirmed: (number: ConfirmedNumber) => Promise<void>;
  /** Told what the preflight learned of the token; may be told again. */
  readonly tokenChecked: (number: ConfirmedNumber, expiresAtMs: number | 'never') => Promise<void>;
  /** Told of a number that was onboarded elsewhere; may be told again. */
  readonly numberAdopted: (number: AdoptedNumber) => Promise<void>;
  /** The onboarding under which a number stands, or when its link ended; `undefined` for a number that nothing is known of. */
  readonly standingOf: (phoneNumberId: string) => Promise<{ readonly onboardingId: string } | { readonly endedAtMs: number } | undefined>;
  /** Asks for contacts or history at most once an onboarding. `in-progress`: another process is asking this moment. Rejects if nothing was sent. */
  readonly requestSync: (syncType: 'contacts' | 'history', number: ConfirmedNumber) => Promise<SyncOutcome | 'in-progress'>;
  /** Tells the listeners. */
  readonly emit: (fact: Exclude<EmittedFact, DeadlineFact>, onboarding: Onboarding) => Promise<void>;
  readonly emitDeadline: (fact: DeadlineFact, deadline: SyncDeadline) => Promise<void>;
}

/** Facts that listeners are told. */
export type EmittedFact = Exclude<OnboardingFact, 'number-confirmed'>;
