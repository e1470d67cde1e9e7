import { describe, expect, test } from 'vitest';
import { digestOf, idsFromContent, keyOf, tellsCopies } from '../../src/webhooks/fields/event-key.js';

describe('the key of an event', () => {
  test('holds type, owner and ids as they are; what is absent is empty', () => {
    expect(keyOf('message', '106540352242922', ['wamid.A', 'b'])).toBe('message/106540352242922/wamid.A/b');
    expect(keyOf('message', undefined, ['wamid.A', undefined])).toBe('message//wamid.A/');
  });

  test.each(['ä', ' ', '\u0000', 'x'.repeat(300)])('has a digest in place of what is long or unusual: %j', (id) => {
    const key = keyOf('message', '1', [id, 'b']);
    expect(key).toMatch(/^message\/[\w-]{22}$/);
    expect(keyOf('message', '1', [id, 'c'])).not.toBe(key);
    expect(keyOf('message', '2', [id, 'b'])).not.toBe(key);
    expect(tellsCopies(key)).toBe(true);
  });

  test('says where copies cannot be told, also beside a digest', () => {
    expect(tellsCopies(keyOf('account', '1', idsFromContent('f', { a: 1 }, undefined)))).toBe(false);
    const unusual = keyOf('account', 'ä', idsFromContent('f', { a: 1 }, undefined));
    expect(unusual).toMatch(/^account\/[\w-]{22}\/@$/);
    expect(tellsCopies(unusual)).toBe(false);
    expect(tellsCopies(keyOf('account', 'ä', idsFromContent('f', { a: 1 }, new Date(1_760_000_000_000))))).toBe(true);
    expect(tellsCopies(keyOf('account', 'ä', ['@', 'last']))).toBe(true);
  });

  test('is made of content and seconds where an item brings no id', () => {
    const [digest = '', time] = idsFromContent('f', { a: 1 }, new Date(1_760_000_000_000));
    expect(digest).toBe(digestOf(['f', { a: 1 }]));
    expect(digest).toMatch(/^[\w-]{22}$/);
    expect(time).toBe('@1760000000');
    expect(idsFromContent('g', { a: 1 }, undefined)[0]).not.toBe(digest);
    expect(idsFromContent('f', { a: 1 }, undefined)[1]).toBe('@');
  });

  test('is without content and time where content is too deep to be printed', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(digestOf(deep)).toBe('');
    expect(idsFromContent('f', deep, new Date(0))).toEqual(['', '@']);
  });
});
