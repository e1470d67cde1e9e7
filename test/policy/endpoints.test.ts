import { expect, test } from 'vitest';
import { coexistencePolicy } from 'wa-coexist';
import { endpointRules } from '../../src/policy/endpoints.js';

const endpoints = Object.keys(endpointRules) as (keyof typeof endpointRules)[];

test.each(endpoints)('%s is refused by a rule that names its source and date', (endpoint) => {
  const rule = coexistencePolicy({ asOf: '2026-11-22' }).endpointRule(endpoint);
  expect(rule?.value).toBe(false);
  expect(rule?.source).toMatch(/Meta.*20\d\d/);
});

test('an override wins and says so', () => {
  const policy = coexistencePolicy({ overrides: { endpoints: { 'set-two-step-pin': true } } });
  expect(policy.endpointRule('set-two-step-pin')).toEqual({ value: true, source: "The caller's override" });
  expect(policy.endpointRule('register-phone-number')?.value).toBe(false);
});
