import { createHash, randomBytes } from 'node:crypto';
import type { RequestTarget } from '../../client/client.js';

/** A number, as calls for it need it. */
export type NumberTarget = RequestTarget & { readonly phoneNumberId: string };

/** The id of a message's job and of its send: 23 characters without a colon. The same key of the same number has the same. */
export function messageIdOf({ phoneNumberId }: NumberTarget, key: string | undefined): string {
  if (key === undefined) return `m${randomBytes(16).toString('base64url')}`;
  return `k${createHash('sha256').update(`${phoneNumberId}\n${key}`).digest('base64url').slice(0, 22)}`;
}
