import type { Scope } from './unit-of-work.js';

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
export interface ImportedNumber extends ConfirmedNumber {
  /** The requests that were made, or may have been made. */
  readonly requests: readonly { readonly syncType: 'contacts' | 'history'; readonly status: 'requested' | 'unknown' }[];
  /** Whether no request is left. */
  readonly isDone: boolean;
  readonly appOpenedAtMs: number | undefined;
}

/** The internal events with which a module informs the others. Signals may be repeated. */
export interface Signals {
  readonly 'number.confirmed': ConfirmedNumber;
  readonly 'number.imported': ImportedNumber;
  /** Meta returned the expiry of the token. */
  readonly 'token.checked': ConfirmedNumber & { readonly tokenExpiresAtMs: number | 'never' };
  /** All steps of an onboarding are complete. */
  readonly 'onboarding.completed': { readonly phoneNumberId: string; readonly wabaId: string; readonly startedAtMs: number };
  /** Contacts or history will be requested immediately. Their webhooks may arrive before the response. */
  readonly 'sync.starting': SignaledSync;
  /** Contacts or history weren't requested, or Meta rejected the request. */
  readonly 'sync.rejected': SignaledSync;
}

interface SignaledSync {
  readonly phoneNumberId: string;
  readonly syncType: 'contacts' | 'history';
}

/** Handles a signal. Its writes are applied together with those of the sender and the other receivers. */
export type SignalHandler<Signal> = (signal: Signal, scope: Scope) => Promise<void>;

/** Connects the modules. */
export interface SignalBus {
  on<Name extends keyof Signals>(name: Name, handler: SignalHandler<Signals[Name]>): void;
  /** Calls the handlers in the order of their registration. */
  send<Name extends keyof Signals>(scope: Scope, name: Name, signal: Signals[Name]): Promise<void>;
}

/** Creates a {@link SignalBus}. */
export function createSignals(): SignalBus {
  const handlers: { readonly [Name in keyof Signals]: SignalHandler<Signals[Name]>[] } = {
    'number.confirmed': [],
    'number.imported': [],
    'token.checked': [],
    'onboarding.completed': [],
    'sync.starting': [],
    'sync.rejected': [],
  };
  return {
    on(name, handler) {
      handlers[name].push(handler);
    },
    async send(scope, name, signal) {
      for (const handler of handlers[name]) await handler(signal, scope);
    },
  };
}
