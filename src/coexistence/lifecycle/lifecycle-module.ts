import type { SendGuard } from '../../sender/guard.js';
import type { LifecycleStatus } from './lifecycle-state.js';

/** The common fields of a lifecycle. */
export interface LifecycleBase {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  /** The latest onboarding of the number. */
  readonly onboardingId: string;
  /** Meta's time of the start of the status. */
  readonly since: Date;
  /** Expiry of the business token. `'never'` if it doesn't expire. */
  readonly tokenExpiresAt: Date | 'never';
  /** Whether the expiry is unknown and the usual 60 days are assumed (policy: `tokenLifetimeDays`). */
  readonly tokenExpiryIsAssumed: boolean;
}

/** A number that can send, according to the events so far. */
export interface StandingLifecycle extends LifecycleBase {
  readonly status: Exclude<LifecycleStatus, 'offboarded' | 'disconnected'>;
}

/** A number that is moving to another device. Sends fail until it reconnects. */
export interface OffboardedLifecycle extends LifecycleBase {
  readonly status: 'offboarded';
  /** Without a reconnection by this time, the number counts as disconnected. */
  readonly reconnectBy: Date;
}

/** A number that is no longer on the Cloud API. */
export interface DisconnectedLifecycle extends LifecycleBase {
  readonly status: 'disconnected';
  /** `meta`: Meta reported the disconnection. `time-out`: no reconnection arrived in time. */
  readonly decidedBy: 'meta' | 'time-out';
  /**
   * Meta's reason, for example `PRIMARY_INACTIVITY`. Absent if the business disconnected in the app, or if Meta gave no
   * reason.
   */
  readonly reason?: string;
  /** `USER`, `SYSTEM`, or another value of Meta. */
  readonly initiatedBy?: string;
}

/** The lifecycle of a number, discriminated by `status`. */
export type Lifecycle = StandingLifecycle | OffboardedLifecycle | DisconnectedLifecycle;

/**
 * A change of a number's status. It may be emitted again. If the status changes several times quickly, only the last
 * change may be emitted.
 */
export type LifecycleChanged = Lifecycle & {
  /** The previously emitted status. Absent for the first one. */
  readonly previous?: LifecycleStatus;
};

/** The token of a number expires soon or has expired. Renew it, or let the business complete Embedded Signup again. */
export interface TokenExpiring {
  readonly phoneNumberId: string;
  readonly wabaId: string;
  readonly expiresAt: Date;
  /** Whether the expiry is unknown and the usual lifetime is assumed. */
  readonly isAssumed: boolean;
}

/** Tracks the status of each number, from onboarding to disconnection. */
export interface LifecycleModule {
  /**
   * Returns the lifecycle of a number, or `undefined` if it was neither onboarded nor imported.
   *
   * @param phoneNumberId - The number.
   */
  get(phoneNumberId: string): Promise<Lifecycle | undefined>;
  /**
   * Records the expiry of a renewed token. `expiresAt: 'never'` means that it doesn't expire.
   *
   * @param parameters - The number and the expiry.
   */
  recordToken(parameters: { readonly phoneNumberId: string; readonly expiresAt: Date | 'never' }): Promise<void>;
  /**
   * A guard for the sender. It delays sends while the number moves to another device. After a disconnection, it rejects
   * them with a `NumberDisconnectedError`. Unknown numbers pass. Use it as `createSender({ guards:
   * [coexistence.lifecycle.guard] })`.
   */
  readonly guard: SendGuard;
}
