import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { contentKeyOf, digestOf, keyOf, identifiesDuplicates } from '../../src/webhooks/parsing/event-key.js';

describe('the key of an event', () => {
  test('contains the type, the owner and the IDs unchanged, and absent parts are empty', () => {
    expect(keyOf('message', '106540352242922', ['wamid.A', 'b'])).toBe('message/106540352242922/wamid.A/b');
    expect(keyOf('message', undefined, ['wamid.A', undefined])).toBe('message//wamid.A/');
  });

  test.each(['ä', ' ', '\u0000', 'x'.repeat(300)])('contains a digest instead of long or unusual parts: %j', (id) => {
    const key = keyOf('message', '1', [id, 'b']);
    expect(key).toMatch(/^message\/[\w-]{22}$/);
    expect(keyOf('message', '1', [id, 'c'])).not.toBe(key);
    expect(keyOf('message', '2', [id, 'b'])).not.toBe(key);
    expect(identifiesDuplicates(key)).toBe(true);
  });

  test("shows that duplicates can't be detected, also next to a digest", () => {
    expect(identifiesDuplicates(contentKeyOf('account', '1', 'f', { a: 1 }, undefined))).toBe(false);
    const unusual = contentKeyOf('account', 'ä', 'f', { a: 1 }, undefined);
    expect(unusual).toMatch(/^account\/[\w-]{22}\/@$/);
    expect(identifiesDuplicates(unusual)).toBe(false);
    expect(identifiesDuplicates(contentKeyOf('account', 'ä', 'f', { a: 1 }, new Date(1_760_000_000_000)))).toBe(true);
    for (const ids of [['@'], ['x/@'], ['x', '@'], ['@', 'last']]) expect(identifiesDuplicates(keyOf('account', '1', ids))).toBe(true);
  });

  test('contains content and seconds if an item has no ID', () => {
    const digest = digestOf(['f', { a: 1 }]);
    expect(digest).toMatch(/^[\w-]{22}$/);
    expect(contentKeyOf('account', '1', 'f', { a: 1 }, new Date(1_760_000_000_000))).toBe(`account/1/${digest}/@1760000000`);
    expect(contentKeyOf('account', '1', 'g', { a: 1 }, undefined)).not.toBe(contentKeyOf('account', '1', 'f', { a: 1 }, undefined));
  });

  test('has neither content nor time if the content is too deep to be printed', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(digestOf(deep)).toBe('');
    expect(contentKeyOf('account', '1', 'f', deep, new Date(0))).toBe('account/1//@');
  });

  test('differs for different IDs, whatever they contain', () => {
    const part = fc.string({ unit: fc.constantFrom('/', '@', 'a', '1', '.', '=', '+', '%', ' ', 'ä'), maxLength: 4 });
    const ids = fc.tuple(fc.option(part, { nil: undefined }), fc.array(fc.option(part, { nil: undefined }), { maxLength: 4 }));
    const type = fc.constantFrom('message', 'status');
    fc.assert(
      fc.property(type, ids, type, ids, (type1, one, type2, other) => {
        const isSame = type1 === type2 && JSON.stringify(tagged(one)) === JSON.stringify(tagged(other));
        expect(keyOf(type1, one[0], one[1]) === keyOf(type2, other[0], other[1])).toBe(isSame);
        expect(identifiesDuplicates(keyOf(type1, one[0], one[1]))).toBe(true);
        expect(keyOf(type1, one[0], one[1])).not.toBe(contentKeyOf(type2, other[0], 'f', other[1], new Date(1_000)));
      }),
      { numRuns: 20_000 },
    );
  });

  test.each(['wamid.HBgLMTU1NTAxMDAwMDEVAgASGBQzQTdFNkY5RjQwQjE5QjE1NDQ3MgA=', 'ABGGFlA5Fpa+x', 'US.13491208655302741918'])(
    'contains usual IDs unchanged: %s',
    (id) => {
      expect(keyOf('message', '106540352242922', [id])).toBe(`message/106540352242922/${id}`);
    },
  );
});

/** Converts to JSON in which `undefined` differs from every string. */
function tagged([owner, ids]: readonly [string | undefined, readonly (string | undefined)[]]): unknown {
  return [owner, ...ids].map((id) => (id === undefined ? 0 : id));
}
