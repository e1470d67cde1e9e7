import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from 'wa-coexist';
import { coexistencePolicy } from 'wa-coexist/coexistence';
import { checkEligibility, countriesOf } from 'wa-coexist/eligibility';

const told = '2025-09-13';

describe('the eligibility of a number depends on its country', () => {
  test.each([
    ['London', '+442071234567', ['GB'], false],
    ['a British mobile', '+447400123456', ['GB'], false],
    ['Guernsey', '+447781123456', ['GG'], 'unknown'],
    ['Jersey', '+441534712345', ['JE'], 'unknown'],
    ['the Isle of Man', '+447624312345', ['IM'], 'unknown'],
    ['a British range shared with Guernsey', '+443001234567', ['GB', 'GG'], 'unknown'],
    ['a British range that nobody claims', '+447700900123', ['GB', 'GG', 'IM', 'JE'], 'unknown'],
    ['Gibraltar', '+35057123456', ['GI'], true],
    ['Moscow', '+79161234567', ['RU'], false],
    ['Kazakhstan', '+77012345678', ['KZ'], true],
    ['a range of Russia and Kazakhstan', '+78001234567', ['RU', 'KZ'], 'unknown'],
    ['a Finnish mobile, which may be of Åland', '+358401234567', ['FI', 'AX'], false],
    ['Åland', '+35818123456', ['AX'], false],
    ['an Italian mobile', '+393123456789', ['IT', 'VA'], false],
    ['the Vatican', '+390669812345', undefined, false],
    ['a Norwegian mobile, which may be of Svalbard', '+4791234567', ['NO', 'SJ'], false],
    ['an Australian mobile, which may be of Christmas Island', '+61412345678', ['AU', 'CC', 'CX'], false],
    ['Réunion', '+262692123456', ['RE'], false],
    ['Greenland', '+299221234', ['GL'], true],
    ['the Faroes', '+298211234', ['FO'], true],
    ['Switzerland', '+41446681800', ['CH'], true],
    ['Liechtenstein', '+4232345678', ['LI'], false],
    ['Kosovo', '+38344123456', ['XK'], true],
    ['New York', '+12125550123', ['US'], true],
    ['a North American range that nobody claims', '+15550100123', undefined, true],
    ['a satellite', '+870773111632', [], 'unknown'],
  ])('%s', (_place, number, countries, eligible) => {
    const answer = checkEligibility(number, { asOf: told });
    if (countries) expect([...answer.countries].sort()).toEqual([...countries].sort());
    expect(answer.eligible).toBe(eligible);
    expect(answer.rule.source).not.toBe('');
    expect(checkEligibility(number, { asOf: '2026-11-22' }).eligible).toBe(countries?.length === 0 ? 'unknown' : true);
    expect(checkEligibility(number, { asOf: '2025-02-10' }).eligible).toBe(countries?.length === 0 ? 'unknown' : false);
  });

  test('shared codes return the results of all possible countries', () => {
    expect(countriesOf('+15550100123')).toEqual(expect.arrayContaining(['US', 'CA', 'JM', 'PR']));
    const policy = coexistencePolicy({ overrides: { countries: { JM: false } } });
    expect(checkEligibility('+12125550123', { policy }).eligible).toBe(true);
    expect(checkEligibility('+18762345678', { policy })).toMatchObject({ eligible: false, countries: ['JM'] });
    const either = checkEligibility('+15550100123', { policy });
    expect(either).toMatchObject({ eligible: 'unknown', rule: { value: false, source: "The caller's override" } });
  });

  test('the result contains the start and the end of the rule', () => {
    expect(checkEligibility('+442071234567', { asOf: told }).rule).toMatchObject({ value: false, until: '2025-10-23' });
    expect(checkEligibility('+442071234567', { asOf: '2025-10-23' }).rule).toMatchObject({ value: true, since: '2025-10-23' });
    expect(checkEligibility('+2348021234567', { asOf: '2026-04-14' }).rule).toMatchObject({ value: false, until: '2026-04-15' });
  });

  test.each(['+44 20 7123 4567', '442071234567', ' +44-20-7123-4567 ', '+44 (20) 7123 4567'])('%j is read', (number) => {
    expect(countriesOf(number)).toEqual(['GB']);
  });
});

describe('a text that is no phone number', () => {
  test.each([
    '',
    ' ',
    'abc',
    '+',
    '+44',
    '020 7123 4567',
    '+4420712345678901234',
    '+999123456',
    'call +442071234567',
    'US.13491208655302741918',
    '++442071234567',
  ])("%j is rejected with advice, and isn't repeated in the error", (garbage) => {
    const ask = () => checkEligibility(garbage);
    expect(ask).toThrow(InvalidArgumentError);
    expect(ask).toThrow(/with country code, as \+442071234567/);
    if (garbage.length > 5) expect(ask).not.toThrow(garbage);
  });

  test.each([undefined, null, 442071234567, {}])('%j of callers without types is rejected, too', (garbage) => {
    expect(() => checkEligibility(garbage as string)).toThrow(InvalidArgumentError);
  });

  test('any value has a result or this error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\+?\d{1,18}$/)), (text) => {
        try {
          const { eligible, countries } = checkEligibility(text);
          expect([true, 'unknown']).toContain(eligible);
          expect(countries.every((country) => /^[A-Z]{2}$/.test(country))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidArgumentError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
