import { describe, expect, test } from 'vitest';
import { createClient, createCoexistence, InvalidArgumentError, type CoexistenceOptions } from 'wa-coexist';

const create = (own: object): unknown => {
  // As callers without types would write it.
  const options = { client: createClient({ accessToken: 'token' }), saveToken: () => undefined, sweepIntervalMs: false, ...own };
  return createCoexistence(options as CoexistenceOptions);
};

const numericOptions: readonly (readonly [group: string, name: string])[] = [
  ['handoff', 'holdMs'],
  ['handoff', 'maxHoldMs'],
  ['handoff', 'automaticMs'],
  ['history', 'quietMs'],
  ['history', 'stalledAfterMs'],
  ['costs', 'keepMs'],
];
const hostile: readonly unknown[] = [Number.NaN, -1, Infinity, -Infinity, 2 ** 53, '30', null, {}, [5], true];

describe.each(numericOptions)('createCoexistence: %s.%s', (group, name) => {
  test.each(hostile.map((value) => [value]))('rejects %j', (value) => {
    expect(() => create({ [group]: { [name]: value } })).toThrow(InvalidArgumentError);
  });
});

test.each(hostile.map((value) => [value]))('createCoexistence rejects the sweep interval %j', (value) => {
  expect(() => create({ sweepIntervalMs: value })).toThrow(InvalidArgumentError);
});

test("createCoexistence rejects options that aren't an object and a saveToken that isn't a function", () => {
  expect(() => createCoexistence(undefined as never)).toThrow(InvalidArgumentError);
  expect(() => create({ saveToken: 'token' })).toThrow(InvalidArgumentError);
});
