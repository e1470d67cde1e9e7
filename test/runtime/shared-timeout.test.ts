import { expect, test } from 'vitest';
import { fakeClock } from 'wa-coexist/testing';
import { sharedTimeout } from '../../src/runtime/shared-timeout.js';

test.each(['foreground', 'background'] as const)('each call expires after its own limit unless it ends before (%s)', async (timer) => {
  const clock = fakeClock();
  const expireAfter = sharedTimeout(clock, 1_000, { timer });
  const late: string[] = [];
  const begin = (name: string): (() => void) =>
    expireAfter(() => {
      late.push(name);
    });
  begin('first')();
  begin('second');
  await clock.advance(600);
  const endThird = begin('third');
  begin('fourth');
  await clock.advance(400);
  expect(late).toEqual(['second']);
  endThird();
  await clock.advance(599);
  expect(late).toEqual(['second']);
  await clock.advance(1);
  expect(late).toEqual(['second', 'fourth']);
  begin('fifth');
  await clock.advance(1_000);
  expect(late).toEqual(['second', 'fourth', 'fifth']);
});
