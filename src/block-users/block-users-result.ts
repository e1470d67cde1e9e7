import type { GraphApiError } from '../errors/graph-api-error.js';

/** A customer as given, and as WhatsApp knows them. */
export interface BlockedUser {
  readonly input: string;
  readonly wa_id?: string;
  readonly user_id?: string;
}

/** A customer with whom it failed. */
export interface UnblockableUser extends BlockedUser {
  /** Why, in Meta's shape. */
  readonly errors?: readonly {
    readonly code?: number;
    readonly message?: string;
    readonly error_data?: { readonly details?: string };
    readonly [field: string]: unknown;
  }[];
}

/** Which customers, and the number. */
export interface BlockUsersParameters {
  /** Phone numbers, or business-scoped user ids (2026). */
  readonly users: readonly string[];
  /** @defaultValue the client's */
  readonly phoneNumberId?: string | undefined;
}

/** What came of it for each customer. Where it failed for some, `error` (139100) and `failed_users` tell, and the others stand. */
export interface BlockUsersResult<Done extends 'added_users' | 'removed_users'> {
  readonly messaging_product?: 'whatsapp';
  readonly block_users: { readonly [List in Done]?: readonly BlockedUser[] } & { readonly failed_users?: readonly UnblockableUser[] };
  /** There if it failed for at least one. */
  readonly error?: GraphApiError;
}
