import type { PolicyRule } from './rule.js';
import { changelog, featureTable, guide } from './sources.js';

/** API operations that can't be called for a coexistence number. */
type RefusedEndpoint =
  | 'delete-phone-number'
  | 'add-phone-number'
  | 'request-verification-code'
  | 'verify-code'
  | 'register-phone-number'
  | 'deregister-phone-number'
  | 'set-two-step-pin'
  | 'update-business-profile';

const registration = 'Meta, Register a business phone number (Dec 2025)';

/** Whether the operations can be called, oldest rule first. */
export const refusedEndpoints: { readonly [Endpoint in RefusedEndpoint]: readonly PolicyRule<boolean>[] } = {
  'delete-phone-number': [
    { value: false, source: changelog('4 Jun 2026'), note: 'There is no endpoint for it: numbers are deleted in WhatsApp Manager only.' },
  ],
  'add-phone-number': [
    {
      value: false,
      source: guide,
      note: 'Inferred: a number of the app comes by Embedded Signup only, and is deleted in WhatsApp Manager only (4 Jun 2026).',
    },
  ],
  'request-verification-code': [
    { value: false, source: guide, note: 'Inferred: verifying the number by code is no part of the flow; the app has verified it.' },
  ],
  'verify-code': [
    { value: false, source: guide, note: 'Inferred: verifying the number by code is no part of the flow; the app has verified it.' },
  ],
  'register-phone-number': [
    {
      value: false,
      source: guide,
      note: 'Skip this step: Embedded Signup has connected the number. Meta does not document whether the call logs the app out.',
    },
  ],
  'deregister-phone-number': [
    {
      value: false,
      source: `${guide}; ${registration}`,
      note: 'Not usable for a number on both; the business disconnects in the app (Settings, Account, Business Platform).',
    },
  ],
  // Since 23 Sep 2026 Meta also withdraws the PIN from eligible numbers that are only on Cloud API.
  'set-two-step-pin': [
    {
      value: false,
      source: registration,
      note: 'Inferred: the PIN belongs to a registration by API, which such a number has not; the app has a PIN of its own.',
    },
  ],
  'update-business-profile': [
    {
      value: false,
      source: featureTable,
      note: 'The profile stays as it is in the app and is changed there.',
    },
  ],
};

/**
 * Returns the rules of an operation, oldest first. Clients use these rules, and don't load those of operations that can
 * always be called.
 *
 * @param endpoint - The operation.
 */
export function refusedEndpointRules(endpoint: string): readonly PolicyRule<boolean>[] {
  const rules: Readonly<Partial<Record<string, readonly PolicyRule<boolean>[]>>> = refusedEndpoints;
  return rules[endpoint] ?? [];
}
