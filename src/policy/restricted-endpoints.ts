import type { PolicyRule } from './rule.js';
import { changelog, featureTable, guide } from './sources.js';

/** API operations that can't be called for a coexistence number. See {@link CoexistencePolicy.endpointRule}. */
export type RestrictedEndpoint =
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
export const restrictedEndpoints: { readonly [Endpoint in RestrictedEndpoint]: readonly PolicyRule<boolean>[] } = {
  'delete-phone-number': [
    { value: false, source: changelog('4 Jun 2026'), note: 'Meta has no endpoint for this. Delete the number in WhatsApp Manager.' },
  ],
  'add-phone-number': [
    {
      value: false,
      source: guide,
      note: 'Inferred: numbers of the app can only be added through Embedded Signup, and deleted in WhatsApp Manager (4 Jun 2026).',
    },
  ],
  'request-verification-code': [
    { value: false, source: guide, note: 'Inferred: the app has already verified the number, so the onboarding has no verification step.' },
  ],
  'verify-code': [
    { value: false, source: guide, note: 'Inferred: the app has already verified the number, so the onboarding has no verification step.' },
  ],
  'register-phone-number': [
    {
      value: false,
      source: guide,
      note: "Skip this step, because Embedded Signup has already connected the number. Meta doesn't document whether the call logs the app out.",
    },
  ],
  'deregister-phone-number': [
    {
      value: false,
      source: `${guide}; ${registration}`,
      note: 'Not available for these numbers. The business disconnects in the app (Settings, Account, Business Platform).',
    },
  ],
  // Since 23 Sep 2026 Meta also withdraws the PIN from eligible numbers that are only on Cloud API.
  'set-two-step-pin': [
    {
      value: false,
      source: registration,
      note: "Inferred: the PIN belongs to a registration through the API, which these numbers don't have. The app has its own PIN.",
    },
  ],
  'update-business-profile': [
    {
      value: false,
      source: featureTable,
      note: 'Change the profile in the app.',
    },
  ],
};

/**
 * Returns the rules of an operation, oldest first. Clients use these rules, and don't load those of operations that can
 * always be called.
 *
 * @param endpoint - The operation.
 */
export function restrictedEndpointRules(endpoint: string): readonly PolicyRule<boolean>[] {
  const rules: Readonly<Partial<Record<string, readonly PolicyRule<boolean>[]>>> = restrictedEndpoints;
  return rules[endpoint] ?? [];
}
