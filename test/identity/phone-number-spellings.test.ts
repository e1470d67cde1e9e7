import { describe, expect, test } from 'vitest';
import { normalizePhoneNumber, personKeys, recipientOf, samePhoneNumber } from 'wa-coexist';

/** Spellings of 5511987654321: with usual punctuation, and with the white space and invisible marks of copied texts. */
const writings = [
  '+55 (11) 98765-4321',
  '0055 11 98765 4321',
  '+55.11.98765.4321',
  '[+55] 11 98765~4321',
  '+55·11·98765·4321',
  '+55_11_98765_4321',
  'tel:+55-11-98765-4321',
  '\u202a+55\u00a011\u202f98765\u20114321\u202c',
  '55\u200b11\u206098765\ufeff4321',
  '+55 11 98765-4321'.replace(/[+\d]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0)),
];

test.each(writings)('a number in any usual format is reduced to its digits: %s', (written) => {
  expect(normalizePhoneNumber(written)).toBe('5511987654321');
  expect(samePhoneNumber(written, '551187654321')).toBe(true);
  expect(samePhoneNumber(written, '551137654321')).toBe(false);
});

test.each(['US.15550100987', '1555CALLNOW', '15550100987, 15550100988', '15550100987;ext=2', 'whatsapp', '', '+', '5'.repeat(21)])(
  'a text that is no number is unchanged: %s',
  (written) => {
    expect(normalizePhoneNumber(written)).toBeUndefined();
  },
);

describe('digits of other scripts', () => {
  // ICU has its own tables. Systems whose digits aren't ten consecutive characters can't occur in phone numbers.
  const systems = Intl.supportedValuesOf('numberingSystem').filter((system) => {
    const digits = Array.from({ length: 10 }, (_, digit) => writtenIn(system, String(digit)));
    return digits.every((digit) => /^\p{Nd}$/u.test(digit));
  });

  test('are recognized in many numeral systems', () => {
    expect(systems).toEqual(expect.arrayContaining(['arab', 'arabext', 'beng', 'deva', 'fullwide', 'latn', 'mathmono', 'thai']));
  });

  test.each(systems)('are converted to their values: %s', (system) => {
    expect(normalizePhoneNumber(`+${writtenIn(system, '5511987654320')}`)).toBe('5511987654320');
  });

  test('identify the person and the recipient like ASCII digits', () => {
    const waId = `+${writtenIn('arab', '5511987654321')}`;
    expect(personKeys({ waId })).toEqual(personKeys({ waId: '551187654321' }));
    expect(recipientOf({ waId })).toEqual({ to: '5511987654321' });
  });
});

/** Writes each digit as a numbering system does. */
function writtenIn(system: string, digits: string): string {
  const format = new Intl.NumberFormat('en', { numberingSystem: system, useGrouping: false });
  return Array.from(digits, (digit) => format.format(Number(digit))).join('');
}
