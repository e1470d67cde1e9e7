import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { compareKeys, sortedKeys } from '../../src/stores/sorted-keys.js';

const bytes = (left: string, right: string): number => Math.sign(Buffer.compare(Buffer.from(left), Buffer.from(right)));

test('keys are ordered by their UTF-8 bytes', () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom('a', '\u007f', '\u0080', '\ud7ff', '\ue000', '\uffff', '𐀀', '😀'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    maxLength: 6,
  });
  fc.assert(
    fc.property(text, text, (left, right) => {
      expect(Math.sign(compareKeys(left, right))).toBe(bytes(left, right));
    }),
    { numRuns: 2_000 },
  );
});

describe('sortedKeys', () => {
  /** Few distinct characters, and thousands of keys that fill and empty many blocks. */
  const key = fc.nat(3_999).map((n) => `${['a', 'é', '😀', '\uffff'][n % 4] ?? ''}${n}`);

  test('contains the keys that were added and not removed, in order, from any start', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.array(key, { maxLength: 1_500 })), { maxLength: 6 }), key, (rounds, start) => {
        const keys = sortedKeys();
        const model = new Set<string>();
        for (const [add, some] of rounds) {
          for (const one of some) {
            if (add && !model.has(one)) keys.add(one);
            if (!add) keys.remove(one);
            if (add) model.add(one);
            else model.delete(one);
          }
        }
        const expected = [...model].sort(bytes);
        expect([...keys.from('')]).toEqual(expected);
        expect([...keys.from(start)]).toEqual(expected.filter((one) => bytes(one, start) >= 0));
      }),
      { numRuns: 100 },
    );
  });

  test('continues correctly when keys are removed during a read', () => {
    fc.assert(
      fc.property(fc.nat(2_000), fc.nat(2_000), fc.integer({ min: 1, max: 900 }), (start, length, every) => {
        const all = Array.from({ length: 2_000 }, (_, n) => String(n).padStart(4, '0'));
        const keys = sortedKeys();
        for (const one of all) keys.add(one);
        const seen: string[] = [];
        for (const one of keys.from(String(start).padStart(4, '0'))) {
          seen.push(one);
          // Removes whole blocks before, around and after this position. All later keys must still be returned.
          if (seen.length % every === 0) for (const gone of all.slice(Number(one) - length, Number(one) + 1)) keys.remove(gone);
        }
        expect(seen).toEqual(all.slice(start));
      }),
      { numRuns: 200 },
    );
  });
});
