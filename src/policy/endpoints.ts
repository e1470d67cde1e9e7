import { restrictedEndpoints, type RestrictedEndpoint } from './restricted-endpoints.js';
import type { PolicyRule } from './rule.js';
import { guide } from './sources.js';

/**
 * API operations that coexistence affects: operations that Meta rejects, operations that you must not use, and doubtful
 * cases.
 */
export type CoexistenceEndpoint =
  | 'send-message'
  | 'mark-as-read'
  | 'request-app-data-sync'
  | 'manage-templates'
  | 'block-users'
  | 'request-display-name'
  | 'request-official-business-account'
  | RestrictedEndpoint;

/** Whether the API can be called for a coexistence number, for each operation with its history, oldest first. */
export const endpointRules: { readonly [Endpoint in CoexistenceEndpoint]: readonly PolicyRule<boolean>[] } = {
  'send-message': [{ value: true, source: guide, note: '20 messages a second. Outside the service window, only templates.' }],
  'mark-as-read': [
    {
      value: true,
      source: guide,
      note: "Meta documents no restriction, nor one for the typing indicator. The effect on the unread mark in the app isn't known.",
    },
  ],
  'request-app-data-sync': [
    { value: true, source: guide, note: 'Only for coexistence numbers: contacts and history once each, within 24 hours of onboarding.' },
  ],
  'manage-templates': [{ value: true, source: guide, note: 'Inferred: templates belong to the account, not to the number.' }],
  'block-users': [{ value: true, source: guide, note: 'Meta documents no restriction.' }],
  'request-display-name': [{ value: true, source: guide, note: "Meta doesn't document it for coexistence numbers." }],
  'request-official-business-account': [
    {
      value: true,
      source: guide,
      note: "Meta doesn't document it, and several partners say that it isn't granted. Don't promise it to customers.",
    },
  ],
  ...restrictedEndpoints,
};

/** All operations with a rule in the policy. */
export const coexistenceEndpoints: readonly CoexistenceEndpoint[] = /* @__PURE__ */ endpoints(endpointRules);

function endpoints(table: Readonly<Record<CoexistenceEndpoint, unknown>>): readonly CoexistenceEndpoint[] {
  // The table has exactly one key per operation.
  return Object.keys(table) as CoexistenceEndpoint[];
}
