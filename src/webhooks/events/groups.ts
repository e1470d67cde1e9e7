import type { FieldEvent, OpenEnum, WebhookError } from './base.js';

/** What every event of a group has (Groups API; not on coexistence numbers). */
export interface GroupReference {
  readonly group_id?: string;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  /** Ties it to the answer of the request that caused it. */
  readonly request_id?: string;
  readonly errors?: readonly WebhookError[];
}

/** A group was made or deleted, or that failed (`errors`). */
export interface GroupLifecycleUpdate extends GroupReference {
  readonly type: OpenEnum<'group_create' | 'group_delete'>;
  readonly subject?: string;
  readonly description?: string;
  readonly invite_link?: string;
  readonly join_approval_mode?: OpenEnum<'auto_approve' | 'approval_required'>;
}

/** A member of a group. */
export interface GroupParticipant {
  readonly wa_id?: string;
  readonly user_id?: string;
  readonly username?: string;
  /** As the request had it. */
  readonly input?: string;
  readonly errors?: readonly WebhookError[];
}

/** Somebody joined or left a group, or asks to join. */
export interface GroupParticipantsUpdate extends GroupReference {
  readonly type: OpenEnum<
    'group_participants_add' | 'group_participants_remove' | 'group_join_request_created' | 'group_join_request_revoked'
  >;
  readonly reason?: OpenEnum<'invite_link'>;
  readonly added_participants?: readonly GroupParticipant[];
  readonly initiated_by?: OpenEnum<'business' | 'participant'>;
  readonly removed_participants?: readonly GroupParticipant[];
  readonly failed_participants?: readonly GroupParticipant[];
  readonly join_request_id?: string;
  /** Who asks to join. */
  readonly wa_id?: string;
  readonly user_id?: string;
  readonly username?: string;
}

/** Whether a change of a group's settings took effect. */
export interface GroupSetting {
  readonly text?: string;
  readonly mime_type?: string;
  readonly sha256?: string;
  readonly update_successful?: boolean;
  readonly errors?: readonly WebhookError[];
}

/** The picture, subject or description of a group was changed. */
export interface GroupSettingsUpdate extends GroupReference {
  readonly type: OpenEnum<'group_settings_update'>;
  readonly profile_picture?: GroupSetting;
  readonly group_subject?: GroupSetting;
  readonly group_description?: GroupSetting;
}

/** A group was suspended, or is no longer. */
export interface GroupStatusUpdate extends GroupReference {
  readonly type: OpenEnum<'group_suspend' | 'group_suspend_cleared'>;
}

/** A group was made or deleted. */
export type GroupLifecycleUpdateEvent = FieldEvent<'group_lifecycle_update', GroupLifecycleUpdate>;
/** Somebody joined or left a group, or asks to join. */
export type GroupParticipantsUpdateEvent = FieldEvent<'group_participants_update', GroupParticipantsUpdate>;
/** A group's picture, subject or description was changed. */
export type GroupSettingsUpdateEvent = FieldEvent<'group_settings_update', GroupSettingsUpdate>;
/** A group was suspended, or is no longer. */
export type GroupStatusUpdateEvent = FieldEvent<'group_status_update', GroupStatusUpdate>;
