import { expect, test } from 'vitest';
import { coexistencePolicy, type CoexistenceEndpoint } from 'wa-coexist/coexistence';
import { endpointRules } from '../../src/policy/endpoints.js';

/** Endpoints that are allowed for a coexistence number. All others are rejected. */
const allowed: readonly CoexistenceEndpoint[] = [
  'send-message',
  'mark-as-read',
  'request-app-data-sync',
  'manage-templates',
  'block-users',
  'request-display-name',
  'request-official-business-account',
];

test.each(Object.keys(endpointRules) as CoexistenceEndpoint[])('%s is decided by a rule that names its source and date', (endpoint) => {
  const rule = coexistencePolicy({ asOf: '2026-11-22' }).endpointRule(endpoint);
  expect(rule.value).toBe(allowed.includes(endpoint));
  expect(rule.source).toMatch(/Meta.*20\d\d/);
});
