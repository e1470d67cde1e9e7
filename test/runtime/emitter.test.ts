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
