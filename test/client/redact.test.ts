import { describe, expect, test } from 'vitest';
import { redactError, redactor } from '../../src/client/redact.js';

describe('secrets in a text', () => {
  const redact = redactor(
    ['EAAGtoken', undefined, 'abc', 'a/b c'],
    undefined,
    new Uint8Array([112, 105, 110]),
    { code: 'AQBcode', pin: 739_104, to: '15550100987', mycode: 'visible', codes: 'seen', list: ['kept'] },
    { webhook_configuration: { verify_token: 'word-of-ours', override_callback_uri: 'https://shop.example' }, other: { pin: 'nested' } },
    { webhook_configuration: 'text', access_token: undefined },
  );

  test.each([
    ['the token EAAGtoken twice: EAAGtoken', 'the token [redacted] twice: [redacted]'],
    ['as it is (a/b c), and as an address has it (a%2Fb%20c)', 'as it is ([redacted]), and as an address has it ([redacted])'],
    ['a field AQBcode and one further down word-of-ours', 'a field [redacted] and one further down [redacted]'],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  test.each([
    ['https://graph.example/v26.0/x?access_token=secret&fields=id', 'https://graph.example/v26.0/x?access_token=[redacted]&fields=id'],
    ['?fields=id&client_secret=s#top', '?fields=id&client_secret=[redacted]#top'],
    ['{"input_token": "xyz","a":1}', '{"input_token": "[redacted]","a":1}'],
    ["'pin=123456' 'code=9'", "'pin=[redacted]' 'code=[redacted]'"],
    [
      'appsecret_proof=00ff fb_exchange_token=q verify_token=w',
      'appsecret_proof=[redacted] fb_exchange_token=[redacted] verify_token=[redacted]',
    ],
    ['ACCESS_TOKEN=Secret', 'ACCESS_TOKEN=[redacted]'],
  ])('a parameter with any value: %s', (text, redacted) => {
    expect(redactor([])(text)).toBe(redacted);
  });

  test.each([
    'abc is too short to be a secret, and 739104 was no text',
    'visible seen kept nested 15550100987 https://shop.example text Stryker was here',
    'zip_code=12345 and barcode=9 are nobody’s secrets',
  ])('a text without a secret is unchanged: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('a secret needs at least four characters', () => {
    expect(redactor(['1234'])('a 1234 b 123')).toBe('a [redacted] b 123');
  });
});

describe('an error', () => {
  const redact = redactor(['EAAGtoken']);

  test('keeps name, text, code, stack and causes, without secrets', () => {
    const cause = Object.assign(new TypeError('connect to EAAGtoken'), { code: 'ECONNRESET' });
    const error = Object.assign(new RangeError('failed for EAAGtoken', { cause }), { request: { token: 'EAAGtoken' }, code: 7 });
    error.stack = 'RangeError: failed for EAAGtoken\n    at somewhere';
    const kept = redactError(error, redact);
    expect(kept).not.toBe(error);
    expect(kept).toMatchObject({ name: 'RangeError', message: 'failed for [redacted]' });
    expect(kept?.stack).toBe('RangeError: failed for [redacted]\n    at somewhere');
    expect(kept).not.toHaveProperty('request');
    expect(kept).not.toHaveProperty('code');
    expect(kept?.cause).toMatchObject({ name: 'TypeError', message: 'connect to [redacted]', code: 'ECONNRESET' });
    expect(kept?.cause).not.toHaveProperty('cause');
  });

  test('keeps no stack if it had none', () => {
    const error = new Error('plain');
    delete error.stack;
    expect(redactError(error, redact)?.stack).toBe('');
  });

  test.each([undefined, 'a text', { message: 'no error' }])('is not kept if it is no error: %j', (value) => {
    expect(redactError(value, redact)).toBeUndefined();
    const kept = redactError(new Error('outer', { cause: value }), redact);
    expect(kept).toMatchObject({ message: 'outer' });
    expect(kept && 'cause' in kept).toBe(false);
  });

  test('keeps at most five levels of causes', () => {
    let error = new Error('level 9');
    for (let level = 8; level >= 0; level -= 1) error = new Error(`level ${String(level)}`, { cause: error });
    const levels: string[] = [];
    for (let kept: unknown = redactError(error, redact); kept instanceof Error; kept = kept.cause) levels.push(kept.message);
    expect(levels).toEqual(['level 0', 'level 1', 'level 2', 'level 3', 'level 4']);
  });
});
