import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { furtherStatus, laterEvent } from 'wa-coexist/webhooks';

const status = fc.constantFrom('sent', 'delivered', 'read', 'played', 'failed', 'in_orbit');

test('the final status is the same for any order and number of duplicates, and never goes back', () => {
  fc.assert(
    fc.property(fc.array(status, { minLength: 1, maxLength: 8 }), fc.nat(), (statuses, seed) => {
      const shuffled = statuses
        .concat(statuses.slice(0, seed % statuses.length))
        .toSorted((a, b) => ((a.length * seed) % 7) - ((b.length * seed) % 7));
      const reduce = (list: readonly string[]): string | undefined =>
        list.reduce<string | undefined>((known, next) => furtherStatus(known, next), undefined);
      expect(reduce(shuffled)).toBe(reduce(statuses));
      expect(reduce(statuses.toReversed())).toBe(reduce(statuses));
      if (statuses.includes('failed')) expect(reduce(statuses)).toBe('failed');
      else if (statuses.includes('read') && !statuses.includes('played')) expect(reduce(statuses)).toBe('read');
    }),
    { numRuns: 5_000 },
  );
});

test("the later account event by Meta's clock wins, whichever arrives last", () => {
  const event = fc
    .record({ key: fc.string({ maxLength: 3 }), seconds: fc.nat(5) })
    .map(({ key, seconds }) => ({ key, occurredAt: new Date(seconds * 1000) }));
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 8 }), (events) => {
      const reduce = (list: typeof events) =>
        list.reduce<(typeof events)[number] | undefined>((known, next) => laterEvent(known, next), undefined);
      expect(reduce(events)).toEqual(reduce(events.toReversed()));
      expect(reduce(events)?.occurredAt.getTime()).toBe(Math.max(...events.map(({ occurredAt }) => occurredAt.getTime())));
    }),
    { numRuns: 5_000 },
  );
});
