import fc from '../fast-check.js';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { InvalidArgumentError } from 'wa-coexist';
import { createOptOutKeywords, defineCallback } from 'wa-coexist/messages';

const pick = defineCallback({ name: 'pick', version: 2, fields: { day: 'string', slot: 'number', express: 'boolean', size: ['S', 'M'] } });

describe('defineCallback', () => {
  test('an ID returns its typed data', () => {
    const id = pick.id({ day: '2026-12-04', slot: 2, express: true, size: 'M' });
    expect(id).toBe('pick.2|2026-12-04|2|1|M');
    const data = pick.parse(id);
    expect(data).toEqual({ day: '2026-12-04', slot: 2, express: true, size: 'M' });
    expectTypeOf(data).toEqualTypeOf<
      { readonly day: string; readonly slot: number; readonly express: boolean; readonly size: 'S' | 'M' } | undefined
    >();
  });

  test('any values are restored, and the ID has no spaces that WhatsApp would remove', () => {
    const day = fc.string({ unit: 'grapheme', maxLength: 12 });
    const slot = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));
    fc.assert(
      fc.property(fc.record({ day, slot, express: fc.boolean(), size: fc.constantFrom('S' as const, 'M' as const) }), (values) => {
        const id = pick.id(values);
        expect(id).not.toMatch(/\s/);
        expect(pick.parse(id)).toEqual(values);
      }),
    );
  });

  test('foreign, older and malformed IDs are undefined', () => {
    const older = defineCallback({ name: 'pick', version: 1, fields: { day: 'string' } });
    const other = defineCallback({ name: 'pick2', fields: { day: 'string' } });
    expect(pick.parse(older.id({ day: 'x' }))).toBeUndefined();
    expect(pick.parse(other.id({ day: 'x' }))).toBeUndefined();
    for (const id of [
      '',
      'pick.2',
      'pick.2|',
      'pick.2|a|b|1|M',
      'pick.2|a|1|2|M',
      'pick.2|a|1|1|L',
      'pick.2|a|01|1|M',
      'pick.2|%|1|1|M',
      'pick.2|a|1|1|M|x',
    ]) {
      expect(pick.parse(id), id).toBeUndefined();
    }
    expect(pick.parse(undefined as unknown as string)).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (rest) => {
        const data = pick.parse(`pick.2|${rest}`);
        if (data) expect(pick.id(data)).toBe(`pick.2|${rest}`);
      }),
    );
  });

  test('an ID of more than 256 characters is an error with its length', () => {
    const id = (length: number) => pick.id({ day: 'x'.repeat(length), slot: 1, express: false, size: 'S' });
    const rest = id(0).length;
    expect(id(256 - rest)).toHaveLength(256);
    expect(() => id(257 - rest)).toThrow('257 characters, but Meta allows 256');
    expect(() => id(257 - rest)).toThrow(InvalidArgumentError);
  });

  test('a wrong value is an error with its field, and without the value', () => {
    const wrong = { day: 'secret', slot: Number.NaN, express: true, size: 'M' as const };
    expect(() => pick.id(wrong)).toThrow('values.slot must be a number, but is NaN');
    expect(() => pick.id({ ...wrong, slot: 1, size: 'X' as 'M' })).toThrow("values.size must be one of 'S', 'M', but is a string");
    expect(() => pick.id({ ...wrong, day: '\ud800', slot: 1 })).toThrow('values.day');
  });

  test('a schema of any library validates both directions', () => {
    const order = defineCallback({ name: 'order', schema: z.object({ id: z.number().int(), note: z.string().default('none') }) });
    expect(order.parse(order.id({ id: 7 }))).toEqual({ id: 7, note: 'none' });
    expect(order.parse(order.id({ id: 7, note: 'a|b % c' }))).toEqual({ id: 7, note: 'a|b % c' });
    expect(() => order.id({ id: 0.5 })).toThrow(InvalidArgumentError);
    for (const id of ['order.1|{}', 'order.1|{', 'order.1|null', 'order.1|%7B%22id%22:"x"%7D']) expect(order.parse(id), id).toBeUndefined();
    const late = defineCallback({ name: 'late', schema: z.object({}).refine(() => Promise.resolve(true)) });
    expect(() => late.id({})).toThrow();
  });

  test.each([
    ['', {}],
    ['1st', {}],
    ['a.b', {}],
    ['a', { day: 'date' }],
  ])('the definition %j with %j is rejected', (name, fields) => {
    expect(() => defineCallback({ name, fields: fields as never })).toThrow(InvalidArgumentError);
  });
});

describe('createOptOutKeywords', () => {
  test.each([
    'STOP',
    'stop',
    ' Stop. ',
    'Baja',
    '¡BAJA!',
    'Cancelar Suscripción',
    'cancelar suscripcion',
    'désabonner',
    'DESABONNER',
    'Opt-Out',
    'बंद करें',
    'ＳＴＯＰ',
    'STOP 🛑',
    '\u200fSTOP\u200b',
    'ST\u00adOP',
    'opt\u2011out',
    'Opt\u2013out!',
    'parar',
    'se désabonner',
  ])('%j is an opt-out', (text) => {
    expect(createOptOutKeywords().match(text)).toBe('stop');
  });
  test.each([
    ...["don't stop", 'stop it please', 'stops', 'la baja', 'ich will nicht stopp', 'pare de me ligar', 'parar não', 'sair agora'],
    ...['', '🙂', 'x'.repeat(1_000_000)],
  ])('%j is no keyword', (text) => {
    expect(createOptOutKeywords().match(text)).toBeUndefined();
  });
  test('STOP is an opt-out in each language, and apostrophes of phones count', () => {
    for (const language of ['de', 'en', 'es', 'fr', 'hi', 'id', 'it', 'pt'] as const) {
      expect(createOptOutKeywords({ languages: [language] }).match('Stop!')).toBe('stop');
    }
    expect(createOptOutKeywords({ languages: ['fr'] }).match('M\u2019abonner')).toBe('resume');
  });
  test('languages and words can be chosen', () => {
    const keywords = createOptOutKeywords({ languages: ['en'], words: { sv: { stop: ['avregistrera'], resume: ['börja'] } } });
    expect(['BAJA', 'STOP', 'Avregistrera!', 'borja', 'START'].map((text) => keywords.match(text))).toEqual([
      undefined,
      'stop',
      'stop',
      'resume',
      'resume',
    ]);
    expect(createOptOutKeywords({ languages: [], words: { stop: ['ya basta'] } }).match('Ya basta')).toBe('stop');
    expect(() => createOptOutKeywords({ languages: ['xx' as 'en'] })).toThrow('languages');
  });
});
