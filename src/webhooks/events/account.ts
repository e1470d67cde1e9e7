import type { EventBase, OpenEnum } from './base.js';

/** The number moved to another device: the API is suspended until `account.reconnected` (usually minutes), or for good. */
export type AccountOffboardedEvent = EventBase<'account.offboarded', 'account_update'>;

/** The number is back on the API after a device change. May arrive before its `account.offboarded`: compare `occurredAt`. */
export type AccountReconnectedEvent = EventBase<'account.reconnected', 'account_update'>;

/** The link between app and API is gone (`PARTNER_REMOVED`): only a new onboarding brings it back. */
export interface AccountDisconnectedEvent extends EventBase<'account.disconnected', 'account_update'> {
  /** Absent for a plain Disconnect in the app, and where Meta does not tell yet. */
  readonly reason?: OpenEnum<
    'PRIMARY_INACTIVITY' | 'COMPANION_INACTIVITY' | 'BUSINESS_DOWNGRADE' | 'ACCOUNT_DISCONNECTED' | 'CHANGE_NUMBER' | 'USER_RE_REGISTERED'
  >;
  readonly initiatedBy?: OpenEnum<'USER' | 'SYSTEM'>;
  /** The business number, where Meta tells it: digits. */
  readonly phoneNumber?: string;
}

/** Anything else that happened to the WABA: a violation, a restriction, a partner added, … */
export interface AccountUpdateEvent extends EventBase<'account.update', 'account_update'> {
  readonly event: OpenEnum<
    | 'ACCOUNT_DELETED'
    | 'ACCOUNT_RESTRICTION'
    | 'ACCOUNT_VIOLATION'
    | 'DISABLED_UPDATE'
    | 'PARTNER_ADDED'
    | 'PARTNER_APP_INSTALLED'
    | 'PARTNER_APP_UNINSTALLED'
  >;
  /** Meta's whole value. */
  readonly value: Readonly<Record<string, unknown>>;
}
