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

test('once is called once, even by simultaneous events, and leaves handlers of on alone', async () => {
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

test('a handler that fails keeps none of the others from running, and the failure is told', async () => {
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
