import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/runtime/parse-json.js';

test('integers beyond 2^53 become strings with their exact digits, wherever they are', () => {
  const text = `{ "id":122097329108006499,"list":[ 122097329108006501 ,-9007199254740993,\n9007199254740991,-9007199254740991],"long":${'9'.repeat(400)}}`;
  expect(parseJson(text)).toEqual({
    id: '122097329108006499',
    list: ['122097329108006501', '-9007199254740993', 9_007_199_254_740_991, -9_007_199_254_740_991],
    long: '9'.repeat(400),
  });
  expect(parseJson('122097329108006499')).toBe('122097329108006499');
  expect(parseJson(' -122097329108006499 ')).toBe('-122097329108006499');
  expect(parseJson('{"id":\r\n\t122097329108006499}')).toEqual({ id: '122097329108006499' });
});

test('strings, keys, fractions and exponents stay as JSON.parse reads them', () => {
  for (const text of [
    '{"122097329108006499":"122097329108006499","a":"x: 122097329108006499, \\" [122097329108006499] \\\\"}',
    '[1e400,-1e400,122097329108006499.5,1220973291080064990e2,0.12209732910800649999,1e-1220973291080064,-0]',
    '{"text":"\\\\\\",122097329108006499","next":[":122097329108006499"]}',
  ]) {
    expect(parseJson(text)).toEqual(JSON.parse(text));
  }
  expect(Object.is(parseJson('-0'), -0)).toBe(true);
});

test('text that is not JSON is rejected, also when quotes around its numbers would fix it', () => {
  for (const text of [
    '',
    '{122097329108006499:1}',
    '[0122097329108006499]',
    '[1220973291080064990,]',
    '122097329108006499x',
    '"122097329108006499',
  ]) {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  }
});

test('__proto__ becomes an ordinary property', () => {
  const value = parseJson('{"__proto__":{"polluted":122097329108006499}}');
  expect(Object.hasOwn(value as object, '__proto__')).toBe(true);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});

const token = fc.oneof(
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.maxSafeInteger().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
  fc.constantFrom('true', 'null', '1e400', '9007199254740992', '9007199254740991', '-9007199254740992'),
  fc
    .string({ unit: fc.constantFrom('"', '\\', '1', '2', ':', ',', '[', '-', ' ', 'é', '\n'), maxLength: 60 })
    .map((text) => JSON.stringify(text)),
);
const space = fc.constantFrom('', ' ', '\n\t');
const { document } = fc.letrec<{ document: string }>((tie) => ({
  document: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    token,
    fc.array(fc.tuple(space, tie('document')), { maxLength: 5 }).map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
    fc
      .array(fc.tuple(fc.string({ maxLength: 20 }), space, tie('document')), { maxLength: 5 })
      .map((members) => `{${members.map(([name, before, value]) => `${JSON.stringify(name)}:${before}${value}`).join(',')}}`),
  ),
}));

test('every document is parsed as by JSON.parse, apart from integers that a number cannot store', () => {
  fc.assert(
    fc.property(document, (text) => {
      // The independent model reads the source text of each number.
      const expected: unknown = JSON.parse(text, (_name: string, value: unknown, context?: { source?: string }) =>
        typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value,
      );
      const isOrdinary = !/__proto__/.test(text);
      if (isOrdinary) expect(parseJson(text)).toEqual(expected);
    }),
    { numRuns: 3_000 },
  );
});

test('deeply nested and long texts take linear time', () => {
  const deep = `${'['.repeat(100_000)}122097329108006499${']'.repeat(100_000)}`;
  let value = parseJson(deep);
  while (Array.isArray(value)) [value] = value as unknown[];
  expect(value).toBe('122097329108006499');
  const text = JSON.stringify({ a: '\\"'.repeat(500_000), b: '1'.repeat(1_000_000) }).replace('"a"', '"id":122097329108006499,"a"');
  const startedAt = performance.now();
  expect(parseJson(text)).toHaveProperty('id', '122097329108006499');
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
