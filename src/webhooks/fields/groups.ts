import type { AccountErrorEvent, FieldEvent, OpenEnum, WebhookError } from '../events/base.js';
import type { ExampleScene, FieldExample } from '../parsing/field-example.js';
import { webhookErrors } from '../parsing/message-schema.js';
import { fields, flag, idText, list, numeric, text } from '../parsing/schema.js';
import { valueList } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** Members of every group event (Groups API, not on coexistence numbers). */
export interface GroupReference {
  readonly group_id?: string;
  /** Unix seconds. */
  readonly timestamp?: number | string;
  /** Matches the `request_id` in the response of the request that caused the event. */
  readonly request_id?: string;
  readonly errors?: readonly WebhookError[];
}

/** A group was created or deleted, or that failed (`errors`). */
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
  /** The number or ID in your request. */
  readonly input?: string;
  readonly errors?: readonly WebhookError[];
}

/** A participant joined or left a group, or requested to join. */
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
  /** The person who requests to join. */
  readonly wa_id?: string;
  readonly user_id?: string;
  readonly username?: string;
}

/** The result of a change of a group setting. */
export interface GroupSetting {
  readonly text?: string;
  readonly mime_type?: string;
  readonly sha256?: string;
  readonly update_successful?: boolean;
  readonly errors?: readonly WebhookError[];
}

/** The picture, subject or description of a group changed. */
export interface GroupSettingsUpdate extends GroupReference {
  readonly type: OpenEnum<'group_settings_update'>;
  readonly profile_picture?: GroupSetting;
  readonly group_subject?: GroupSetting;
  readonly group_description?: GroupSetting;
}

/** A group was suspended or ended. */
export interface GroupStatusUpdate extends GroupReference {
  readonly type: OpenEnum<'group_suspend' | 'group_suspend_cleared'>;
}

/** A group was created or deleted. */
export type GroupLifecycleUpdateEvent = FieldEvent<'group_lifecycle_update', GroupLifecycleUpdate>;
/** A participant joined or left a group, or requested to join. */
export type GroupParticipantsUpdateEvent = FieldEvent<'group_participants_update', GroupParticipantsUpdate>;
/** The picture, subject or description of a group changed. */
export type GroupSettingsUpdateEvent = FieldEvent<'group_settings_update', GroupSettingsUpdate>;
/** A group was suspended or ended. */
export type GroupStatusUpdateEvent = FieldEvent<'group_status_update', GroupStatusUpdate>;

const group = { group_id: idText, timestamp: numeric, request_id: idText, errors: webhookErrors };
const participants = /* @__PURE__ */ list(
  /* @__PURE__ */ fields<GroupParticipant>({}, { wa_id: idText, user_id: idText, username: text, input: text, errors: webhookErrors }),
);
const setting = /* @__PURE__ */ fields<GroupSetting>(
  {},
  { text, mime_type: text, sha256: text, update_successful: flag, errors: webhookErrors },
);

/** The field `group_lifecycle_update`. */
export const groupLifecycleUpdate: WebhookField<GroupLifecycleUpdateEvent | AccountErrorEvent> =
  /* @__PURE__ */ valueList<GroupLifecycleUpdateEvent>(
    'groups',
    { type: text },
    { ...group, subject: text, description: text, invite_link: text, join_approval_mode: text },
  );

/** The field `group_participants_update`. */
export const groupParticipantsUpdate: WebhookField<GroupParticipantsUpdateEvent | AccountErrorEvent> =
  /* @__PURE__ */ valueList<GroupParticipantsUpdateEvent>(
    'groups',
    { type: text },
    {
      ...group,
      reason: text,
      added_participants: participants,
      initiated_by: text,
      removed_participants: participants,
      failed_participants: participants,
      join_request_id: idText,
      wa_id: idText,
      user_id: idText,
      username: text,
    },
  );

/** The field `group_settings_update`. */
export const groupSettingsUpdate: WebhookField<GroupSettingsUpdateEvent | AccountErrorEvent> =
  /* @__PURE__ */ valueList<GroupSettingsUpdateEvent>(
    'groups',
    { type: text },
    { ...group, profile_picture: setting, group_subject: setting, group_description: setting },
  );

/** The field `group_status_update`. */
export const groupStatusUpdate: WebhookField<GroupStatusUpdateEvent | AccountErrorEvent> =
  /* @__PURE__ */ valueList<GroupStatusUpdateEvent>('groups', { type: text }, group);

function exampleGroup({ timestamp }: ExampleScene): GroupReference {
  return { group_id: 'EXAMPLEGROUPID', timestamp, request_id: 'EXAMPLEREQUESTID' };
}

/** See {@link groupLifecycleUpdate}. */
export const groupLifecycleUpdateExample: FieldExample<GroupLifecycleUpdateEvent, 'number'> = {
  text: 'A group was created or deleted.',
  place: 'number',
  value: (scene) => ({ ...exampleGroup(scene), type: 'group_create', subject: 'Wholesale customers' }),
};

/** See {@link groupParticipantsUpdate}. */
export const groupParticipantsUpdateExample: FieldExample<GroupParticipantsUpdateEvent, 'number'> = {
  text: 'A customer joined or left a group, or asks to join.',
  place: 'number',
  value: (scene) => ({
    ...exampleGroup(scene),
    type: 'group_participants_add',
    reason: 'invite_link',
    added_participants: [scene.person],
  }),
};

/** See {@link groupSettingsUpdate}. */
export const groupSettingsUpdateExample: FieldExample<GroupSettingsUpdateEvent, 'number'> = {
  text: 'The picture, subject or description of a group changed.',
  place: 'number',
  value: (scene) => ({
    ...exampleGroup(scene),
    type: 'group_settings_update',
    group_subject: { text: 'Wholesale customers', update_successful: true },
  }),
};

/** See {@link groupStatusUpdate}. */
export const groupStatusUpdateExample: FieldExample<GroupStatusUpdateEvent, 'number'> = {
  text: 'A group was suspended, or its suspension ended.',
  place: 'number',
  value: ({ timestamp }) => ({ group_id: 'EXAMPLEGROUPID', timestamp, type: 'group_suspend' }),
};
