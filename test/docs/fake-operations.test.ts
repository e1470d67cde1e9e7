import { expect, test } from 'vitest';
import { fakeOperations } from '../../docs/fake-operations.ts';
import { nodeKinds } from '../../src/testing/fake/graph/nodes.js';

test('the page about the fake lists every route of every node, and nothing else', () => {
  const listed = fakeOperations.flatMap(({ route }) => (route ? [route.join(' ')] : []));
  const routes = Object.entries(nodeKinds).flatMap(([kind, { keys }]) => keys.map((key) => `${kind} ${key}`));
  expect(listed.toSorted()).toEqual(routes.toSorted());
});
