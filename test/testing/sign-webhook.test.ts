import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { signWebhook } from 'wa-coexist/testing';

test('is the HMAC-SHA256 of the bytes, with the app secret as its key', () => {
  const body = '{"object":"whatsapp_business_account","text":"Grüße 🙏"}';
  const expected = `sha256=${createHmac('sha256', 'secret').update(Buffer.from(body, 'utf8')).digest('hex')}`;
  expect(signWebhook(body, 'secret')).toBe(expected);
  expect(signWebhook(new TextEncoder().encode(body), 'secret')).toBe(expected);
  expect(signWebhook(body, 'other secret')).not.toBe(expected);
});

test('agrees with a vector worked out elsewhere', () => {
  // RFC 4231, test case 2.
  expect(signWebhook('what do ya want for nothing?', 'Jefe')).toBe(
    'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
});
