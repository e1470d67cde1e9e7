import { WhatsAppError } from '../errors/whatsapp-error.js';
import type { TenantTarget } from './tenant.js';

/**
 * Reason why a look-up failed. `failed`: `find` threw. `timeout`: `find` took longer than `timeoutMs`. `wrong-tenant`: `find`
 * returned a tenant of another WABA or number. `invalid`: `find` returned no usable tenant. `unknown`: `find` returned no tenant
 * for a number that sends.
 */
export type TenantLookupProblem = 'failed' | 'timeout' | 'wrong-tenant' | 'invalid' | 'unknown';

/**
 * Thrown if a tenant could not be looked up. It names the WABA, the number or the path, and never contains a credential. No
 * credential was used. The next call looks the tenant up again.
 */
export class TenantLookupError extends WhatsAppError {
  override readonly name = 'TenantLookupError';
  override readonly kind = 'tenant-lookup';
  /** Why the look-up failed. */
  readonly problem: TenantLookupProblem;
  /** ID of the WABA that was looked up. */
  readonly wabaId: string | undefined;
  /** Graph ID of the phone number that was looked up. */
  readonly phoneNumberId: string | undefined;

  constructor(target: TenantTarget, problem: TenantLookupProblem, detail: string, options?: { readonly cause?: unknown }) {
    super(`The tenant of ${describeTarget(target)} could not be looked up: ${detail}.`, options);
    this.problem = problem;
    this.wabaId = target.wabaId;
    this.phoneNumberId = target.phoneNumberId;
  }
}

/** Names a target in an error or log entry. */
function describeTarget({ wabaId, phoneNumberId, path }: TenantTarget): string {
  const parts = [
    wabaId !== undefined && `WABA ${wabaId}`,
    phoneNumberId !== undefined && `phone number ${phoneNumberId}`,
    path !== undefined && `path ${path}`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? 'a call without WABA and phone number' : parts.join(', ');
}
