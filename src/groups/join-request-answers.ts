import type { GroupParameters } from './group-parameters.js';

/** Parameters of {@link approveJoinRequests} and {@link rejectJoinRequests}. */
export interface JoinRequestsParameters extends GroupParameters {
  /** IDs from {@link listJoinRequests} or a `group_join_request_created` webhook. */
  readonly joinRequestIds: readonly string[];
}

/** A join request that could not be approved or rejected. `graphError(errors[0])` returns the typed error. */
export interface FailedJoinRequest {
  readonly join_request_id: string;
  readonly errors?: readonly {
    readonly code: number;
    readonly title?: string;
    readonly message?: string;
    readonly error_data?: { readonly details?: string };
  }[];
}

/** Result of each join request. Some can fail while others succeed (131201). */
export interface JoinRequestsResult {
  readonly messaging_product?: 'whatsapp';
  readonly approved_join_requests?: readonly string[];
  readonly rejected_join_requests?: readonly string[];
  readonly failed_join_requests?: readonly FailedJoinRequest[];
}
