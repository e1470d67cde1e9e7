/** Which group. */
export interface GroupParameters {
  /** Id of the group, from `listGroups` or a `group_lifecycle_update` webhook. */
  readonly groupId: string;
}

/** What Meta answers to a change of a group: the outcome arrives as a webhook with the same id. */
export interface GroupResult {
  readonly messaging_product?: 'whatsapp';
  readonly success?: boolean;
  /** Also in the webhook that tells the outcome. */
  readonly request_id?: string;
}
