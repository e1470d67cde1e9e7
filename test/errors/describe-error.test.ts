import { describe, expect, test } from 'vitest';
import { describeError, graphError } from 'wa-coexist/errors';
import { codeTexts } from '../../src/errors/code-texts.js';

const described = Object.keys(codeTexts).map(Number);

test('each code that Meta documents has a description in sentences', () => {
  expect(described.length).toBeGreaterThan(170);
  for (const code of described) {
    const { meaning, remedy } = describeError(code) ?? { meaning: '', remedy: '' };
    for (const sentence of [meaning, remedy]) expect(sentence, String(code)).toMatch(/^[A-Z].{8,}[.]$/s);
  }
});

test('the groups of codes that Meta documents are complete', () => {
  const among = (first: number, last: number): number[] => described.filter((code) => code >= first && code <= last);
  expect(among(132_000, 132_999)).toEqual([132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069]);
  expect(among(2_593_000, 2_593_999)).toEqual([2593079, 2593085, 2593107, 2593108, 2593109]);
  expect(among(2_064, 2_070)).toHaveLength(7);
  expect(among(131_000, 131_999)).toHaveLength(48);
  expect(among(138_000, 138_999)).toHaveLength(24);
});

test("the client knows each described code, except those that aren't codes of the Graph API", () => {
  // Errors with another description: Flow messages have theirs in the details of 131009, and the last two appear in the
  // popup of Embedded Signup. The codes of a signup are subcodes of 100.
  const elsewhere = [2064, 2065, 2066, 2067, 2068, 2069, 2070, 36007, 36009, 2655093, 3441041];
  expect(described.filter((code) => graphError({ code }).kind === 'unknown-code')).toEqual(elsewhere);
});

describe('describeError accepts', () => {
  test('an error', () => {
    expect(describeError(graphError({ code: 131047 }))?.remedy).toMatch(/template/);
  });

  test('the subcode, if it is more precise', () => {
    expect(describeError(graphError({ code: 100, error_subcode: 2593108 }))).toEqual(describeError(2_593_108));
    expect(describeError({ code: 131009, subcode: 2065 })?.meaning).toMatch(/flow/);
  });

  test('the code, if the subcode is unknown', () => {
    expect(describeError({ code: 190, subcode: 463 })).toEqual(describeError(190));
    expect(describeError({ code: 100, subcode: 33 })).toEqual(describeError(100));
  });

  test('the full range of permission codes', () => {
    expect(describeError(299)).toEqual(describeError(200));
  });

  test('an undocumented code, without a description', () => {
    expect([describeError(987_654), describeError(300), describeError(-1), describeError(Number.NaN)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
