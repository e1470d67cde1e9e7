import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createEmitter } from '../../src/runtime/emitter.js';

interface Events {
  said: string;
}

test('handlers are awaited, in the order of their registration', async () => {
  const emitter = createEmitter<Events>();
  const log: string[] = [];
  emitter.on('said', async (word) => {
    log.push(`first ${word}`);
    await Promise.resolve();
    log.push('first done');
  });
  emitter.on('said', (word) => {
    log.push(`second ${word}`);
  });
  await emitter.dispatch('said', 'hello');
  expect(log).toEqual(['first hello', 'second hello', 'first done']);
});

test("once calls its handler once, also for simultaneous events, and doesn't affect handlers of on", async () => {
  const emitter = createEmitter<Events>();
  const log: string[] = [];
  const handler = (word: string): void => {
    log.push(word);
  };
  emitter.once('said', handler);
  await Promise.all([emitter.dispatch('said', 'a'), emitter.dispatch('said', 'b')]);
  emitter.on('said', handler);
  await emitter.dispatch('said', 'c');
  await emitter.dispatch('said', 'd');
  emitter.off('said', handler);
  await emitter.dispatch('said', 'e');
  expect(log).toEqual(['a', 'c', 'd']);
  expect(emitter.count('said')).toBe(0);
});

test('all handlers run if one fails, and the error is reported', async () => {
  const emitter = createEmitter<Events>();
  const log: string[] = [];
  emitter.on('said', () => {
    throw new Error('one');
  });
  emitter.on('said', (word) => {
    log.push(word);
  });
  await expect(emitter.dispatch('said', 'hello')).rejects.toThrow('one');
  emitter.on('said', () => Promise.reject(new Error('two')));
  await expect(emitter.dispatch('said', 'hello')).rejects.toThrow(AggregateError);
  expect(log).toEqual(['hello', 'hello']);
});

test('a handler of once that failed gets the next event', async () => {
  const emitter = createEmitter<Events>();
  const log: string[] = [];
  emitter.once('said', (word) => {
    log.push(word);
    if (log.length === 1) throw new Error('first');
    return log.length === 2 ? Promise.reject(new Error('second')) : undefined;
  });
  await expect(emitter.dispatch('said', 'a')).rejects.toThrow('first');
  await expect(emitter.dispatch('said', 'b')).rejects.toThrow('second');
  await emitter.dispatch('said', 'c');
  await emitter.dispatch('said', 'd');
  expect(log).toEqual(['a', 'b', 'c']);
  expect(emitter.count('said')).toBe(0);
});

test('a redelivery of the event that a handler of once is working on has the same result', async () => {
  const emitter = createEmitter<{ paid: { readonly key: string } }>();
  const log: string[] = [];
  let fail: (error: Error) => void = () => undefined;
  emitter.once('paid', ({ key }) => {
    log.push(key);
    return log.length === 1 ? new Promise((_resolve, reject) => (fail = reject)) : undefined;
  });
  const first = emitter.dispatch('paid', { key: 'one' });
  const redelivery = emitter.dispatch('paid', { key: 'one' });
  await emitter.dispatch('paid', { key: 'two' }); // another event in between
  expect(log).toEqual(['one']);
  fail(new Error('later'));
  await expect(first).rejects.toThrow('later');
  await expect(redelivery).rejects.toThrow('later');
  await emitter.dispatch('paid', { key: 'one' });
  expect(log).toEqual(['one', 'one']);
  expect(emitter.count('paid')).toBe(0);
});

test('off removes a handler of once, also while it runs', async () => {
  const emitter = createEmitter<Events>();
  const log: string[] = [];
  const handler = (word: string): Promise<void> => {
    log.push(word);
    return Promise.reject(new Error('no'));
  };
  emitter.once('said', handler);
  const running = emitter.dispatch('said', 'a');
  emitter.off('said', handler);
  await expect(running).rejects.toThrow('no');
  await emitter.dispatch('said', 'b');
  expect(log).toEqual(['a']);
});

test.each(['throws', 'rejects'])(
  'a once handler that %s is called for the next event until it succeeds, and never twice at the same time',
  async (how) => {
    const emitter = createEmitter<Events>();
    const log: string[] = [];
    let failures = 2;
    let running = 0;
    const fail = (): Promise<void> => {
      if (how === 'throws') throw new Error('failed');
      return Promise.resolve().then(() => {
        running -= 1;
        throw new Error('failed');
      });
    };
    emitter.once('said', (word) => {
      log.push(word);
      if (how === 'rejects') expect((running += 1)).toBe(1);
      return failures-- > 0 ? fail() : undefined;
    });
    await expect(emitter.dispatch('said', 'a')).rejects.toThrow('failed');
    const both = await Promise.allSettled([emitter.dispatch('said', 'b'), emitter.dispatch('said', 'c')]);
    expect(both[0].status).toBe('rejected');
    await emitter.dispatch('said', 'd');
    await emitter.dispatch('said', 'e');
    expect(log).toEqual(how === 'throws' ? ['a', 'b', 'c'] : ['a', 'b', 'd']);
    expect(emitter.count('said')).toBe(0);
  },
);

test('a once handler that is removed while it runs does not return if it fails', async () => {
  const emitter = createEmitter<Events>();
  const handler = async (): Promise<void> => {
    await Promise.resolve();
    emitter.off('said', handler);
    throw new Error('failed');
  };
  emitter.once('said', handler);
  await expect(emitter.dispatch('said', 'a')).rejects.toThrow('failed');
  await emitter.dispatch('said', 'b');
  expect(emitter.count('said')).toBe(0);
});

test('a once handler is called one time if an earlier handler dispatches the same event', async () => {
  const emitter = createEmitter<Events>();
  const log: string[] = [];
  emitter.on('said', async (word) => {
    if (word === 'outer') await emitter.dispatch('said', 'inner');
  });
  emitter.once('said', (word) => {
    log.push(word);
  });
  await emitter.dispatch('said', 'outer');
  expect(log).toEqual(['inner']);
});

test('off removes a once handler from its own event only', async () => {
  const emitter = createEmitter<{ said: string; sang: string }>();
  const log: string[] = [];
  const handler = (word: string): void => {
    log.push(word);
  };
  emitter.once('said', handler);
  emitter.once('sang', handler);
  emitter.off('said', handler);
  await emitter.dispatch('said', 'a');
  await emitter.dispatch('sang', 'b');
  await emitter.dispatch('sang', 'c');
  expect(log).toEqual(['b']);
});

test('off while a once handler runs leaves a later registration of the same handler', async () => {
  const emitter = createEmitter<Events>();
  const log: string[] = [];
  let finish: () => void = () => undefined;
  const handler = (word: string): Promise<void> | undefined => {
    log.push(word);
    return log.length === 1 ? new Promise((resolve) => (finish = resolve)) : undefined;
  };
  emitter.once('said', handler);
  const running = emitter.dispatch('said', 'a');
  emitter.off('said', handler);
  emitter.once('said', handler);
  finish();
  await running;
  expect(emitter.count('said')).toBe(1);
  await emitter.dispatch('said', 'b');
  await emitter.dispatch('said', 'c');
  expect(log).toEqual(['a', 'b']);
});

test('a once handler that is removed by an earlier handler of the same event is not called', async () => {
  const emitter = createEmitter<Events>();
  const log: string[] = [];
  const handler = (word: string): void => {
    log.push(word);
  };
  emitter.on('said', () => {
    emitter.off('said', handler);
  });
  emitter.once('said', handler);
  await emitter.dispatch('said', 'a');
  expect(log).toEqual([]);
});

test('handlers of once that were removed can be collected', async () => {
  const emitter = createEmitter<Events>();
  const register = (): WeakRef<object> => {
    const handler = (): void => undefined;
    emitter.once('said', handler);
    emitter.off('said', handler);
    return new WeakRef(handler);
  };
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const references = Array.from({ length: 10 }, register);
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  expect(references.filter((reference) => reference.deref() !== undefined)).toEqual([]);
});
