import type { GroupParameters } from './group-parameters.js';

/** Which group, and which requests to join it. */
export interface JoinRequestsParameters extends GroupParameters {
  /** Ids from `listJoinRequests` or a `group_join_request_created` webhook. */
  readonly joinRequestIds: readonly string[];
}

/** A request that could not be answered. `graphError(errors[0])` makes the typed error. */
export interface FailedJoinRequest {
  readonly join_request_id: string;
  readonly errors?: readonly {
    readonly code: number;
    readonly title?: string;
    readonly message?: string;
    readonly error_data?: { readonly details?: string };
  }[];
}

/** What became of each request: some may fail while the others succeed (131201). */
export interface JoinRequestsResult {
  readonly messaging_product?: 'whatsapp';
  readonly approved_join_requests?: readonly string[];
  readonly rejected_join_requests?: readonly string[];
  readonly failed_join_requests?: readonly FailedJoinRequest[];
}
