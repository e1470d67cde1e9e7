import type { SendGuard } from '../../sender/guard.js';
import type { LifecycleStatus } from './lifecycle-state.js';

/** What every lifecycle says. */
export interface LifecycleBase {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  /** The latest onboarding of the number. */
  readonly onboardingId: string;
  /** When the status began, by Meta's time. */
  readonly since: Date;
  /** When the business token ends; `'never'` for one that does not. */
  readonly tokenExpiresAt: Date | 'never';
  /** Whether nobody told when the token ends, so that it is taken for the usual 60 days (policy: `tokenLifetimeDays`). */
  readonly tokenExpiryIsAssumed: boolean;
}

/** A number that can send, as far as anybody told. */
export interface StandingLifecycle extends LifecycleBase {
  readonly status: Exclude<LifecycleStatus, 'offboarded' | 'disconnected'>;
}

/** A number that is between two devices: sends fail until it is back. */
export interface OffboardedLifecycle extends LifecycleBase {
  readonly status: 'offboarded';
  /** Without a reconnection until then it is taken for disconnected. */
  readonly reconnectBy: Date;
}

/** A number that is off Cloud API. */
export interface DisconnectedLifecycle extends LifecycleBase {
  readonly status: 'disconnected';
  /** `meta`: Meta said so; `time-out`: no reconnection came, so the library takes it for gone. */
  readonly decidedBy: 'meta' | 'time-out';
  /** Meta's reason, as `PRIMARY_INACTIVITY`; absent for a plain Disconnect in the app, and where Meta does not tell. */
  readonly reason?: string;
  /** Who did it: `USER`, `SYSTEM`, or what Meta adds. */
  readonly initiatedBy?: string;
}

/** Where a number stands, discriminated by `status`. */
export type Lifecycle = StandingLifecycle | OffboardedLifecycle | DisconnectedLifecycle;

/** A number's status changed; it may come again, and of changes in quick succession only the last may come. */
export type LifecycleChanged = Lifecycle & {
  /** The status that was told before; absent for the first. */
  readonly previous?: LifecycleStatus;
};

/** The token of a number ends soon, or has ended: renew it, or have the business go through Embedded Signup again. */
export interface TokenExpiring {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly expiresAt: Date;
  /** Whether that is only the usual time, as nobody told. */
  readonly isAssumed: boolean;
}

/** Where the numbers stand, from onboarding to the end of the link. */
export interface LifecycleModule {
  /** A number, or `undefined` for one that was neither onboarded nor adopted. */
  get(phoneNumberId: string): Promise<Lifecycle | undefined>;
  /** The caller renewed the token of a number, or knows when it ends. `expiresAt: 'never'`: it does not. */
  recordToken(parameters: { readonly phoneNumberId: string; readonly expiresAt: Date | 'never' }): Promise<void>;
  /**
   * Holds sends of a number while it moves to another device, lets them go on once it is back, and refuses them with
   * `NumberDisconnectedError` once the link is gone. For `createSender({ guards: [coexistence.lifecycle.guard] })`. Numbers that nothing is
   * known of pass.
   */
  readonly guard: SendGuard;
}
