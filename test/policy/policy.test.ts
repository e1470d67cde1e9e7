import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { checkFeature, coexistencePolicy, type CoexistenceLimits, type CoexistenceTerms, type PolicyRule } from 'wa-coexist/coexistence';
import { countryRules } from '../../src/policy/countries.js';
import { endpointRules } from '../../src/policy/endpoints.js';
import { coexistenceFeatures, featureRules } from '../../src/policy/features.js';
import { limitRules } from '../../src/policy/limits.js';
import { termRules } from '../../src/policy/terms.js';

const histories: readonly (readonly [string, readonly PolicyRule<unknown>[]])[] = [
  ...Object.entries(limitRules),
  ...Object.entries(termRules),
  ...Object.entries(endpointRules),
  ...coexistenceFeatures.map((feature) => [feature, featureRules(feature)] as const),
  ...['US', 'GB', 'FR', 'NO', 'IN', 'NG', 'JE', 'VA'].map((country) => [country, countryRules(country)] as const),
];

describe.each(histories)('the history of %s', (_name, rows) => {
  test('begins before the records, ends today, and has no gap or overlap', () => {
    expect(rows[0]?.since).toBeUndefined();
    expect(rows.at(-1)?.until).toBeUndefined();
    rows.slice(1).forEach((row, index) => {
      expect(row.since).toMatch(/^20\d\d-\d\d-\d\d$/);
      expect(rows[index]?.until).toBe(row.since);
    });
  });

  test('has a source and a date in each row', () => {
    for (const { source, alternatives = [] } of rows) {
      expect(source).not.toBe('');
      for (const alternative of alternatives) expect(alternative.source).not.toBe('');
    }
  });
});

describe('rules depend on the date', () => {
  test.each<[keyof CoexistenceLimits, string, number]>([
    ['throughput', '2025-11-20', 20],
    ['throughput', '2025-11-21', 20],
    ['heartbeatOverdueDays', '2026-04-02', 13],
    ['heartbeatOverdueDays', '2026-04-03', 14],
    ['syncWindowHours', '2025-09-13', 24],
    ['freeEntryPointHours', '2026-09-27', 72],
    ['freeEntryPointHours', '2026-09-28', 168],
    ['freeServiceMessages', '2026-09-30', Infinity],
    ['freeServiceMessages', '2026-10-01', 1_000],
    ['directSendMessagingLimit', '2026-10-07', Infinity],
    ['directSendMessagingLimit', '2026-10-08', 100_000],
  ])('%s on %s is %i', (name, asOf, value) => {
    expect(coexistencePolicy({ asOf }).limits[name]).toBe(value);
  });

  test.each<[keyof CoexistenceTerms, string, unknown]>([
    ['pricingModel', '2025-06-30', 'per-conversation'],
    ['pricingModel', '2025-07-01', 'per-message'],
    ['serviceMessages', '2026-09-30', 'free'],
    ['serviceMessages', '2026-10-01', 'charged'],
    ['utilityTemplatesInWindow', '2026-09-30', 'free'],
    ['utilityTemplatesInWindow', '2026-10-01', 'charged'],
    ['reactions', '2026-09-30', 'free'],
    ['reactions', '2026-10-01', 'free'],
    ['deliveryWithoutPaymentMethod', '2026-09-30', 'free-messages'],
    ['deliveryWithoutPaymentMethod', '2026-10-01', 'free-tier-and-free-messages'],
    ['serviceMessageExemption', '2026-09-30', 'none'],
    ['serviceMessageExemption', '2026-10-01', 'governments-and-non-profits'],
    ['serviceMessageExemption', '2027-12-31', 'governments-and-non-profits'],
    ['serviceMessageExemption', '2028-01-01', 'none'],
    ['directSend', '2026-07-30', 'beta'],
    ['directSend', '2026-07-31', 'general'],
    ['twoStepPin', '2026-09-22', 'required'],
    ['twoStepPin', '2026-09-23', 'being-withdrawn'],
    ['welcomeMessages', '2026-03-26', 'available'],
    ['welcomeMessages', '2026-03-27', 'removed'],
    ['groupReadReceipts', '2026-05-13', 'unavailable'],
    ['groupReadReceipts', '2026-05-14', 'available'],
    ['accountModel', '2026-09-22', 'whatsapp-business-account'],
    ['accountModel', '2026-09-23', 'messaging-account'],
    ['disconnectionReasons', '2026-04-02', []],
    ['disconnectionReasons', '2026-04-03', ['PRIMARY_INACTIVITY', 'COMPANION_INACTIVITY', 'BUSINESS_DOWNGRADE']],
  ])('%s on %s is %j', (name, asOf, value) => {
    expect(coexistencePolicy({ asOf }).terms[name]).toEqual(value);
  });

  test('a time in any form counts by its day in UTC', () => {
    expect(coexistencePolicy({ asOf: '2025-11-25T00:30:00+02:00' }).asOf).toBe('2025-11-24');
    expect(checkFeature('edit-and-delete', { asOf: new Date('2025-11-25T00:00:00Z') }).allowed).toBe(true);
  });

  test('values and rules agree on any day', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }), (asOf) => {
        const policy = coexistencePolicy({ asOf });
        for (const name of Object.keys(limitRules) as (keyof CoexistenceLimits)[])
          expect(policy.limits[name]).toBe(policy.limitRule(name).value);
        for (const name of Object.keys(termRules) as (keyof CoexistenceTerms)[])
          expect(policy.terms[name]).toBe(policy.termRule(name).value);
      }),
      { numRuns: 200 },
    );
  });
});

test('contradicting sources are named', () => {
  expect(coexistencePolicy({ asOf: '2025-09-13' }).limitRule('throughput')).toMatchObject({ value: 20, alternatives: [{ value: 5 }] });
  expect(
    coexistencePolicy({ asOf: '2026-11-22' })
      .termRule('onboardingProof')
      .alternatives?.map(({ value }) => value),
  ).toEqual(['qr-code']);
});

test('an override has precedence and is reported, in each family of rules', () => {
  const source = "The caller's override";
  const facts = { inApp: 'disabled', throughApi: false, mirrored: false } as const;
  const policy = coexistencePolicy({
    overrides: {
      limits: { heartbeatDueDays: 7 },
      terms: { serviceMessages: 'charged' },
      features: { contacts: facts },
      endpoints: { 'set-two-step-pin': true },
      countries: { NG: false },
    },
  });
  expect(policy.limits.heartbeatDueDays).toBe(7);
  expect(policy.limitRule('heartbeatDueDays')).toEqual({ value: 7, source });
  expect(policy.limits.heartbeatOverdueDays).toBe(14);
  expect(policy.terms.serviceMessages).toBe('charged');
  expect(policy.featureRule('contacts')).toEqual({ value: facts, source });
  expect(policy.endpointRule('set-two-step-pin')).toEqual({ value: true, source });
  expect(policy.endpointRule('register-phone-number').value).toBe(false);
  expect(policy.countryRule('ng')).toEqual({ value: false, source });
  expect(policy.countryRule('__proto__').value).toBe(true);
});

test('an invalid date is rejected', () => {
  expect(() => coexistencePolicy({ asOf: 'soon' })).toThrow(InvalidArgumentError);
});
