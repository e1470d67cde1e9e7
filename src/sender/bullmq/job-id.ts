import { createHash, randomBytes } from 'node:crypto';
import type { RequestTarget } from '../../client/client.js';

/** A phone number with the data that API calls need. */
export type NumberTarget = RequestTarget & { readonly phoneNumberId: string };

/**
 * Returns the job ID of a message, which is also its send ID: 23 characters without a colon. The same key of the same
 * number always has the same ID.
 */
export function messageIdOf({ phoneNumberId }: NumberTarget, key: string | undefined): string {
  if (key === undefined) return `m${randomBytes(16).toString('base64url')}`;
  return `k${createHash('sha256').update(`${phoneNumberId}\n${key}`).digest('base64url').slice(0, 22)}`;
}
