import type { FieldEvent, OpenEnum } from './base.js';

/** A customer's choice on marketing messages. */
export interface UserPreference {
  readonly category?: OpenEnum<'marketing_messages'>;
  /** `stop`: no marketing messages from now on (131050). */
  readonly value?: OpenEnum<'stop' | 'resume'>;
  /** A sentence for people. */
  readonly detail?: string;
  readonly wa_id?: string;
  readonly user_id?: string;
  readonly parent_user_id?: string;
  /** Unix seconds. */
  readonly timestamp?: number | string;
}

/** A customer's business-scoped user id changed, as after a change of number: link both. */
export interface UserIdUpdate {
  readonly wa_id?: string;
  readonly user_id?: { readonly previous?: string; readonly current?: string };
  readonly parent_user_id?: { readonly previous?: string; readonly current?: string };
  /** A sentence for people. */
  readonly detail?: string;
  /** Unix seconds. */
  readonly timestamp?: number | string;
}

/** A customer wants no more marketing messages, or wants them again. */
export type UserPreferenceEvent = FieldEvent<'user_preferences', UserPreference>;
/** A customer's business-scoped user id changed. */
export type UserIdUpdateEvent = FieldEvent<'user_id_update', UserIdUpdate>;
