import fc from '../fast-check.js';
import { expect, test } from 'vitest';
import { createJsonLocator, formatJsonPath } from '../../src/runtime/json-position.js';

/** Returns all paths of a value, with the value at each. */
function paths(value: unknown, path: readonly (string | number)[] = []): readonly (readonly [readonly (string | number)[], unknown])[] {
  const inside = Array.isArray(value)
    ? value.flatMap((element, index) => paths(element, [...path, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([name, content]) => paths(content, [...path, name]))
      : [];
  return [[path, value], ...inside];
}

test('every value of a JSON text is found', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(0, 2, '\t'), (json, indent) => {
      const value: unknown = JSON.parse(json);
      const text = ` ${JSON.stringify(value, null, indent)}`;
      for (const [path, content] of paths(value)) {
        const { line, column } = createJsonLocator(text)(path);
        const rest = text
          .split('\n')
          .slice(line - 1)
          .join('\n')
          .slice(column - 1);
        expect(rest.startsWith(JSON.stringify(content, null, indent).split('\n')[0]!)).toBe(true);
      }
    }),
  );
});

test('a path to no value has the position of its last value', () => {
  const text = '{\n  "a": [1, {"b": true}]\n}';
  expect(createJsonLocator(text)(['a', 1, 'c', 'd'])).toEqual({ line: 2, column: 12 });
  expect(createJsonLocator(text)(['a', 7])).toEqual({ line: 2, column: 8 });
  expect(createJsonLocator(text)(['x'])).toEqual({ line: 1, column: 1 });
  expect(createJsonLocator('{"a":1,"a":2}')(['a'])).toEqual({ line: 1, column: 12 });
});

test('a path is written as in JavaScript', () => {
  expect(formatJsonPath(['screens', 0, 'layout', 'on-click-action'])).toBe('screens[0].layout.on-click-action');
  expect(formatJsonPath([])).toBe('');
});
