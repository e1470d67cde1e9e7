import type { GraphApiError } from '../errors/graph-api-error.js';
import type { PhoneNumberParameters } from '../client/target-parameters.js';

/** A customer as you passed them, and the IDs of WhatsApp. */
export interface BlockedUser {
  readonly input: string;
  readonly wa_id?: string;
  readonly user_id?: string;
}

/** A customer who couldn't be blocked or unblocked. */
export interface UnblockableUser extends BlockedUser {
  /** Errors in Meta's shape. */
  readonly errors?: readonly {
    readonly code?: number;
    readonly message?: string;
    readonly error_data?: { readonly details?: string };
    readonly [field: string]: unknown;
  }[];
}

/** Parameters of {@link blockUsers} and {@link unblockUsers}. */
export interface BlockUsersParameters extends PhoneNumberParameters {
  /** Phone numbers or business-scoped user IDs (2026). */
  readonly users: readonly string[];
}

/**
 * Result for each customer. If some customers failed, `error` (139100) and `failed_users` are set, and the other
 * customers are done.
 */
export interface BlockUsersResult<Done extends 'added_users' | 'removed_users'> {
  readonly messaging_product?: 'whatsapp';
  readonly block_users: { readonly [List in Done]?: readonly BlockedUser[] } & { readonly failed_users?: readonly UnblockableUser[] };
  /** Set if at least one customer failed. */
  readonly error?: GraphApiError;
}
