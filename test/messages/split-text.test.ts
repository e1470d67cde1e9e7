import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { splitText } from 'wa-coexist/messages';

const long = process.env.WA_COEXIST_LONG === '1';
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const graphemes = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);

const word = fc.constantFrom(
  'bread',
  'é',
  'o\u0301',
  '👩‍👩‍👧‍👦',
  '🇩🇪',
  '👍🏽',
  'नमस्ते',
  '漢字',
  '\r\n',
  '\n',
  '\n\n',
  ' ',
  '   ',
  '\t',
  'a'.repeat(90),
  '😀'.repeat(40),
);
const plain = fc.array(word, { maxLength: 60 }).map((words) => words.join(''));
const marked = fc
  .array(
    fc.oneof(
      word,
      fc.constantFrom('*', '_', '~', '`', '```', '*bold text*', '_it is_', '~no more~', '```\ncode  x\n```', '*_both of them_*'),
    ),
    {
      maxLength: 80,
    },
  )
  .map((words) => words.join(''));
const limits = fc.integer({ min: 64, max: 200 });

test('a text up to the limit is one part, and an empty text has none', () => {
  expect(splitText('x'.repeat(4096))).toEqual(['x'.repeat(4096)]);
  expect(splitText('x'.repeat(4097)).map(({ length }) => length)).toEqual([4096, 1]);
  expect(splitText('')).toEqual([]);
});

test('a text is cut after a line break, otherwise after a space', () => {
  expect(splitText('one two three four', 10)).toEqual(['one two ', 'three four']);
  expect(splitText('first line\nsecond line', 14)).toEqual(['first line\n', 'second line']);
});

test('formatting is closed and opened again at a cut', () => {
  const bold = 'lorem ipsum dolor sit amet consetetur';
  expect(splitText(`*${bold}*`, 32)).toEqual(['*lorem ipsum dolor sit amet* ', '*consetetur*']);
  expect(splitText(`\`\`\`${'code\n'.repeat(8)}\`\`\``, 32)).toEqual(['```code\ncode\ncode\ncode\ncode\n```', '```code\ncode\ncode\n```']);
  expect(splitText(`*_${bold}_*`, 36)).toEqual(['*_lorem ipsum dolor sit amet_* ', '*_consetetur_*']);
});

test('parts of a text without formatting join to the text, fit, and cut no grapheme', () => {
  fc.assert(
    fc.property(plain, limits, fc.constantFrom('utf-16' as const, 'code-points' as const), (text, limit, count) => {
      const parts = splitText(text, limit, { count });
      expect(parts.join('')).toBe(text);
      for (const part of parts) expect(count === 'utf-16' ? part.length : Array.from(part).length).toBeLessThanOrEqual(limit);
      expect(parts.flatMap(graphemes)).toEqual(graphemes(text));
    }),
    { numRuns: long ? 20_000 : 1_000 },
  );
});

test('a word is cut only if it exceeds the limit', () => {
  const words = fc.array(fc.stringMatching(/^[a-zä-ü]{1,20}$/), { maxLength: 80 }).map((list) => list.join(' '));
  fc.assert(
    fc.property(words, limits, (text, limit) => {
      for (const part of splitText(text, limit).slice(0, -1)) expect(part.endsWith(' ')).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('parts of a formatted text contain the text in order, plus markers at their edges', () => {
  const letters = (text: string): string => text.replace(/[*_~`\s]/g, '');
  fc.assert(
    fc.property(marked, limits, (text, limit) => {
      const parts = splitText(text, limit);
      expect(letters(parts.join(''))).toBe(letters(text));
      for (const part of parts) expect(part.length).toBeLessThanOrEqual(limit);
      const added = parts.join('').length - text.length;
      expect(added).toBeGreaterThanOrEqual(0);
      expect(added).toBeLessThanOrEqual(12 * Math.max(0, parts.length - 1));
    }),
    { numRuns: long ? 20_000 : 2_000 },
  );
});

test.each<[string, string]>([
  ['stars', '*'.repeat(1_000_000)],
  ['backticks', '`'.repeat(1_000_000)],
  ['open runs', '*a _b ~c '.repeat(110_000)],
  ['closed runs', '*a* '.repeat(250_000)],
  ['spaces', ' '.repeat(1_000_000)],
  ['one grapheme', `a${'\u0301'.repeat(1_000_000)}`],
  ['emoji', '👩‍👩‍👧‍👦'.repeat(90_000)],
])('the time for a megabyte of %s is linear', (_name, text) => {
  const startedAt = performance.now();
  const parts = splitText(text);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  for (const part of parts) expect(part.length).toBeLessThanOrEqual(4096);
});

test('wrong arguments are rejected by name', () => {
  expect(() => splitText('x', 1)).toThrow(InvalidArgumentError);
  expect(() => splitText('x', Number.NaN)).toThrow('maxLength');
  expect(() => splitText(undefined as unknown as string)).toThrow('text must be a string');
});
