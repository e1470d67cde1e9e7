import { deepStrictEqual, ok } from 'node:assert';
import type { ListedEntry } from '../../../stores/store.js';
import { digits, inOrder, keysOf, numbers, type Check } from './contract-case.js';

export const listing: Readonly<Record<string, Check>> = {
  'keys are listed in the order of their UTF-8 bytes': async (store) => {
    const tails = [
      '',
      'A',
      'B',
      'a',
      'aa',
      'b',
      '~',
      '\u007f',
      '\u0080',
      'é',
      '߿',
      'ࠀ',
      '漢',
      '\ud7ff',
      '\ue000',
      '\ufffd',
      '\uffff',
      '𐀀',
      '😀',
      '\u{10ffff}',
      '10',
      '9',
      '/',
      ' ',
    ];
    for (const tail of [...tails].reverse()) await store.set(`order/${tail}`, tail);
    const expected = inOrder(tails.map((tail) => `order/${tail}`));
    deepStrictEqual(keysOf(await store.list('order/', { limit: 100 })), expected);
    for (const [index, key] of expected.entries()) {
      deepStrictEqual(
        keysOf(await store.list('order/', { after: key, limit: 2 })),
        expected.slice(index + 1, index + 3),
        `after ${JSON.stringify(key)}`,
      );
    }
  },
  'a prefix is taken literally': async (store) => {
    const keys = ['a', 'a%', 'a%b', 'a*', 'a*b', 'a?', 'a[b]', 'a\\', 'a_', 'a_b', 'ab', 'abb', 'A%', 'a\u{10ffff}', 'b', '`'];
    for (const key of keys) await store.set(key, true);
    for (const prefix of ['', ...keys, 'a[', 'absent']) {
      deepStrictEqual(
        keysOf(await store.list(prefix, { limit: 100 })),
        inOrder(keys.filter((key) => key.startsWith(prefix))),
        JSON.stringify(prefix),
      );
    }
  },
  'after and limit page through a prefix, each key once, while keys come and go': async (store) => {
    await store.batch(numbers(120).map((n) => ({ type: 'set', key: `page/${digits(n)}`, value: n })));
    await store.set('pag', 'below');
    await store.set('page0', 'above');
    const found: ListedEntry[] = [];
    let last: ListedEntry | undefined;
    for (const _ of numbers(30)) {
      const page = await store.list('page/', { limit: 7, ...(last && { after: last.key }) });
      ok(page.length <= 7, 'no page is longer than its limit');
      found.push(...page);
      last = page.at(-1);
      if (!last) break;
      // The key at which the next page starts can be deleted in the meantime.
      await store.delete(last.key);
      await store.set('page/0000 written behind', true);
    }
    deepStrictEqual(
      found.map(({ value }) => value),
      numbers(120),
    );
  },
  'after may be any key, also one outside the prefix': async (store) => {
    for (const key of ['a/1', 'b/1', 'b/3', 'c/1']) await store.set(key, true);
    const after = async (key: string): Promise<readonly string[]> => keysOf(await store.list('b/', { after: key, limit: 10 }));
    deepStrictEqual(await after('a/1'), ['b/1', 'b/3']);
    deepStrictEqual(await after('b'), ['b/1', 'b/3']);
    deepStrictEqual(await after('b/'), ['b/1', 'b/3']);
    deepStrictEqual(await after('b/2'), ['b/3']);
    deepStrictEqual(await after('b/3'), []);
    deepStrictEqual(await after('c/1'), []);
  },
  'a listing has the values and versions that get has': async (store) => {
    for (const n of numbers(5)) await store.set(`key/${String(n)}`, { n });
    await store.set('key/2', 'again');
    for (const { key, ...entry } of await store.list('key/', { limit: 10 })) deepStrictEqual(entry, await store.get(key));
  },
};
