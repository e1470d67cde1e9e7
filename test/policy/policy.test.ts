import { describe, expect, test } from 'vitest';
import { coexistencePolicy } from 'wa-coexist';

describe('rules are those of the day that is asked for', () => {
  test.each([
    ['2025-11-20', 5],
    ['2025-11-21', 20],
    ['2026-11-22', 20],
  ])('throughput on %s is %i', (asOf, throughput) => {
    expect(coexistencePolicy({ asOf }).limits.throughput).toBe(throughput);
  });

  test.each([
    ['2025-11-24', 'disabled'],
    ['2025-11-25', 'unchanged'],
  ])('editing and deleting in the app on %s: %s', (asOf, inApp) => {
    expect(coexistencePolicy({ asOf }).featureRule('edit-and-delete')?.value.inApp).toBe(inApp);
  });

  test('every rule names its source', () => {
    const policy = coexistencePolicy();
    for (const name of Object.keys(policy.limits)) expect(policy.limitRule(name as 'throughput').source).not.toBe('');
  });
});

test('an override wins and says so', () => {
  const policy = coexistencePolicy({ overrides: { limits: { heartbeatDueDays: 7 } } });
  expect(policy.limits.heartbeatDueDays).toBe(7);
  expect(policy.limitRule('heartbeatDueDays').source).toBe("The caller's override");
  expect(policy.limits.heartbeatOverdueDays).toBe(14);
});

test('a day that is none is refused', () => {
  expect(() => coexistencePolicy({ asOf: 'soon' })).toThrow(RangeError);
});
