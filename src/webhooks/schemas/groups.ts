import type {
  GroupLifecycleUpdate,
  GroupParticipant,
  GroupParticipantsUpdate,
  GroupSetting,
  GroupSettingsUpdate,
  GroupStatusUpdate,
} from '../events/groups.js';
import { webhookErrors } from './message.js';
import { fields, flag, idText, list, numeric, text, type Schema } from './schema.js';

const group = { group_id: idText, timestamp: numeric, request_id: idText, errors: webhookErrors };
const participants = /* @__PURE__ */ list(
  /* @__PURE__ */ fields<GroupParticipant>({}, { wa_id: idText, user_id: idText, username: text, input: text, errors: webhookErrors }),
);
const setting = /* @__PURE__ */ fields<GroupSetting>(
  {},
  { text, mime_type: text, sha256: text, update_successful: flag, errors: webhookErrors },
);

export const groupLifecycle: Schema<GroupLifecycleUpdate> = /* @__PURE__ */ fields<GroupLifecycleUpdate>(
  { type: text },
  { ...group, subject: text, description: text, invite_link: text, join_approval_mode: text },
);
export const groupParticipants: Schema<GroupParticipantsUpdate> = /* @__PURE__ */ fields<GroupParticipantsUpdate>(
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
export const groupSettings: Schema<GroupSettingsUpdate> = /* @__PURE__ */ fields<GroupSettingsUpdate>(
  { type: text },
  { ...group, profile_picture: setting, group_subject: setting, group_description: setting },
);
export const groupStatus: Schema<GroupStatusUpdate> = /* @__PURE__ */ fields<GroupStatusUpdate>({ type: text }, group);
