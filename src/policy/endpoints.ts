import type { Rule } from './rule.js';

/** Operations of the API that Meta refuses, or that must not be used, on a coexistence number. */
export type CoexistenceEndpoint =
  | 'add-phone-number'
  | 'request-verification-code'
  | 'verify-code'
  | 'register-phone-number'
  | 'deregister-phone-number'
  | 'set-two-step-pin'
  | 'update-business-profile';

const guide = 'Meta, Onboard WhatsApp Business app users (11 Sep 2026)';
const registration = 'Meta, Register a business phone number (Dec 2025)';

/** Whether the API may be called for a coexistence number, for every such operation with its history, oldest first. */
export const endpointRules: { readonly [Endpoint in CoexistenceEndpoint]: readonly Rule<boolean>[] } = {
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
      note: 'The step is to be skipped. What a call does all the same is not documented; people fear for the registration of the app.',
    },
  ],
  'deregister-phone-number': [
    {
      value: false,
      source: `${guide}; ${registration}`,
      note: 'Not usable for a number on both; the business disconnects in the app (Settings, Account, Business Platform).',
    },
  ],
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
      source: 'Meta, feature table of the coexistence guide (26 Jun and 11 Sep 2026)',
      note: 'The profile stays as it is in the app and is changed there.',
    },
  ],
};
