/** Identifies a group. */
export interface GroupParameters {
  /** ID of the group, from {@link listGroups} or a `group_lifecycle_update` webhook. */
  readonly groupId: string;
}

/** Meta's response to a change of a group. The result arrives in a webhook with the same `request_id`. */
export interface GroupResult {
  readonly messaging_product?: 'whatsapp';
  readonly success?: boolean;
  /** The webhook with the result contains the same ID. */
  readonly request_id?: string;
}
