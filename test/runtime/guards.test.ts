import { afterEach, expect, test, vi } from 'vitest';
import { silentLogger, systemClock, type Clock, type Logger } from 'wa-coexist';
import { resolveClock } from '../../src/runtime/clock-guard.js';
import { resolveLogger } from '../../src/runtime/logger-guard.js';
import { joinKey } from '../../src/runtime/keys.js';
import fc from '../fast-check.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const throwing = (): never => {
  throw new Error('circular');
};

test('a logger that throws or rejects never affects the logged work', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const logger = resolveLogger({
    debug: throwing,
    info: throwing,
    warn: () => Promise.reject(new Error('late')) as unknown as undefined,
    error: undefined as unknown as Logger['error'],
  });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) logger[level]('event');
  await Promise.resolve();
  await Promise.resolve();
  expect(warn).toHaveBeenCalledTimes(1);
});

test('without a logger each kind of warning is printed once, and errors are printed by their stack only', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const logger = resolveLogger(undefined);
  const error = Object.assign(new Error('boom'), { config: { headers: { authorization: 'Bearer secret-token' } } });
  logger.error('a handler failed', { error });
  logger.error('a handler failed', { error });
  logger.warn('another kind');
  logger.info('not printed');
  expect(warn).toHaveBeenCalledTimes(2);
  expect(JSON.stringify(warn.mock.calls)).toContain('boom');
  expect(JSON.stringify(warn.mock.calls)).not.toContain('secret-token');
});

test('silentLogger turns warnings off', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  resolveLogger(silentLogger).error('not printed');
  expect(warn).not.toHaveBeenCalled();
});

test('a clock that throws or returns no number is replaced by the system clock', () => {
  const clock: Clock = { now: throwing, monotonic: () => Number.NaN, schedule: throwing };
  const guarded = resolveClock(clock, silentLogger);
  expect(Math.abs(guarded.now() - systemClock.now())).toBeLessThan(1_000);
  expect(Number.isFinite(guarded.monotonic())).toBe(true);
  guarded.schedule(() => undefined, 1_000_000)();
  expect(resolveClock(guarded, silentLogger)).toBe(guarded);
});

test('different lists of IDs never share a key', () => {
  const id = fc.option(fc.oneof(fc.string({ unit: 'binary', maxLength: 6 }), fc.constantFrom('', '/', '%', '!', '~', 'a/b', '%2f;')), {
    nil: undefined,
  });
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 4 }), fc.array(id, { minLength: 1, maxLength: 4 }), (left, right) => {
      const same = left.length === right.length && left.every((one, index) => one === right[index]);
      expect(joinKey(...left) === joinKey(...right)).toBe(same);
    }),
    { numRuns: 5_000 },
  );
});
