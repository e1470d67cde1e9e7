import { createHmac } from 'node:crypto';
import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { verifySignature } from 'wa-coexist/webhooks';

const runs = process.env.WA_COEXIST_LONG ? 200_000 : 20_000;
const sign = (bytes: Uint8Array, secret: string): string => `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;

test("any bytes that were signed with a secret are verified, and the result contains the secret's position", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 3 }),
      fc.nat(2),
      (bytes, secrets, pick) => {
        const secret = secrets[pick % secrets.length]!;
        expect(verifySignature(bytes, sign(bytes, secret), secrets)).toBe(secrets.indexOf(secret));
        expect(verifySignature(bytes, sign(bytes, secret), secret)).toBe(0);
      },
    ),
    { numRuns: runs },
  );
}, 120_000);

test('one changed bit in body or signature makes the signature invalid', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 300 }),
      fc.nat(),
      fc.integer({ min: 0, max: 7 }),
      fc.boolean(),
      (bytes, place, bit, inBody) => {
        const header = sign(bytes, 'secret');
        const changed = Uint8Array.from(inBody ? bytes : Buffer.from(header));
        changed[place % changed.length]! ^= 1 << bit;
        const verdict = inBody
          ? verifySignature(changed, header, 'secret')
          : verifySignature(bytes, Buffer.from(changed).toString('latin1'), 'secret');
        expect(verdict).toBe(-1);
      },
    ),
    { numRuns: runs },
  );
}, 120_000);

test('the signature covers the bytes, not the JSON: the same JSON with another escape is invalid', () => {
  const sent = Buffer.from('{"body":"caf\\u00e9 \\/ \\ud83d\\ude00"}');
  const printedAgain = Buffer.from(JSON.stringify(JSON.parse(sent.toString())));
  expect(verifySignature(sent, sign(sent, 'secret'), 'secret')).toBe(0);
  expect(verifySignature(printedAgain, sign(sent, 'secret'), 'secret')).toBe(-1);
});

const bytes = new TextEncoder().encode('{}');
const genuine = sign(bytes, 'secret');

test.each<[string, unknown]>([
  ['null', null],
  ['undefined', undefined],
  ['empty', ''],
  ['the prefix alone', 'sha256='],
  ['no prefix', genuine.slice(7)],
  ['another prefix', genuine.replace('sha256', 'sha512')],
  ['the old SHA-1', 'sha1=0123456789012345678901234567890123456789'],
  ['upper case', `sha256=${genuine.slice(7).toUpperCase()}`],
  ['one digit short', genuine.slice(0, -1)],
  ['one digit more', `${genuine}0`],
  ['twice', `${genuine}, ${genuine}`],
  ['a list', [genuine, genuine]],
  ['a list of one', [genuine]],
  ['an object', { toString: () => genuine }],
  ['71 characters beyond ASCII', 'é'.repeat(71)],
  ['71 lone surrogates', '\ud800'.repeat(71)],
  ['a megabyte', 'a'.repeat(1 << 20)],
])("a header that is %s is invalid and doesn't throw", (_name, header) => {
  expect(verifySignature(bytes, header as string, ['secret', 'other'])).toBe(-1);
});

test('an empty secret, as of a missing variable, is never valid', () => {
  expect(verifySignature(bytes, sign(bytes, ''), '')).toBe(-1);
  expect(verifySignature(bytes, sign(bytes, ''), ['', 'secret'])).toBe(-1);
  expect(verifySignature(bytes, genuine, [])).toBe(-1);
});

test('a parsed object in place of bytes throws', () => {
  expect(() => verifySignature({} as Uint8Array, genuine, 'secret')).toThrow(TypeError);
});
