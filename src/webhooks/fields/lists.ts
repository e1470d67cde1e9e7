/**
 * The lists of items in the value of each field, by the name of the field. Readers can take only these lists, and `splitDelivery` cuts only
 * these: every other list or object of a value is one item. A value of a field that is not here is one item as a whole.
 */
export const fieldLists = {
  messages: ['messages', 'statuses', 'user_actions', 'errors'],
  smb_message_echoes: ['message_echoes', 'smb_message_echoes', 'messages', 'errors'],
  history: ['history', 'messages', 'message_echoes', 'errors'],
  smb_app_state_sync: ['state_sync', 'errors'],
  calls: ['calls', 'statuses', 'errors'],
  standby: ['messages', 'message_echoes', 'statuses'],
  automatic_events: ['automatic_events', 'errors'],
  group_lifecycle_update: ['groups', 'errors'],
  group_participants_update: ['groups', 'errors'],
  group_settings_update: ['groups', 'errors'],
  group_status_update: ['groups', 'errors'],
  user_id_update: ['user_id_update', 'errors'],
  user_preferences: ['user_preferences', 'errors'],
} as const;

/** A field whose value contains lists of items. */
export type ListField = keyof typeof fieldLists;

/** Name of a list of items. */
export type ListName = (typeof fieldLists)[ListField][number];

/** Members of a value that all of its items share. They are no items themselves. */
export const sharedMembers: readonly string[] = ['metadata', 'contacts', 'waba_info', 'recipient', 'phone_number_settings'];

/** Whether a field is in {@link fieldLists}. */
export function isListField(field: string): field is ListField {
  return Object.hasOwn(fieldLists, field);
}
