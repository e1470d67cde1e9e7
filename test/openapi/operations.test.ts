import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { recordMeta } from '../meta/recorder.js';
import { actions, ids } from './actions.js';
import { notInOpenapi } from './not-in-openapi.js';
import { clientOn, settle } from './run-action.js';
import { hasSpecs, operationsOfSpec } from './specs.js';

/** A response with all members that actions need for their next call. */
const answer = {
  success: true,
  id: ids['Upload-ID'],
  h: 'h',
  url: `https://lookaside.fbsbx.com/${ids['Media-URL']}`,
  data: [],
  messages: [{}],
  calls: [{}],
};

describe('each action calls its documented operation', () => {
  test.each(actions)('%s calls %o', async (_name, operations, call) => {
    const { fetch, requests } = recordMeta(answer);
    await settle(call(clientOn(fetch)));
    expect(requests.map(({ method, path }) => `${method} ${path.replace(/^\/v26\.0/, '')}`)).toEqual(
      operations.map((operation) => operation.replaceAll(/\{([^}]+)\}/g, (_match, name: keyof typeof ids) => ids[name])),
    );
  });

  test('the table has every action of the library', () => {
    expect(actions.map(([name]) => name).toSorted()).toEqual(actionsInSource().toSorted());
  });
});

/** Returns the names of all exported functions in the resource modules whose first parameter is a client. */
function actionsInSource(): readonly string[] {
  const source = new URL('../../src/', import.meta.url);
  const notResources = [
    'cli',
    'client',
    'coexistence',
    'sender',
    'testing',
    'whatsapp',
    'webhooks',
    'stores',
    'runtime',
    'errors',
    'policy',
    'embedded-signup',
  ];
  const rooms = readdirSync(source, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !notResources.includes(entry.name));
  return (
    rooms
      .flatMap((room) => readdirSync(new URL(`${room.name}/`, source)).map((file) => new URL(`${room.name}/${file}`, source)))
      .filter((file) => file.pathname.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(file, 'utf8').matchAll(/^export function (\w+)(?:<[^(]*>)?\(\s*client: (?:Client|NonCoexistenceClient)\b/gm),
      ])
      .flatMap((match) => match[1] ?? [])
      // They call `sendMessage`, whose operation is in the table.
      .filter((name) => name !== 'reply' && name !== 'sendFile')
  );
}

describe.skipIf(!hasSpecs)("against Meta's OpenAPI file", () => {
  const known = operationsOfSpec();
  const called = new Set(actions.flatMap(([, operations]) => operations));

  test('the file has its 113 operations', () => {
    // One of them is the webhook, which isn't an operation of the Graph API.
    expect(known.size).toBe(113);
  });

  test.each([...called])('%s is in the file, or in the table of missing operations with its source', (operation) => {
    expect([known.has(operation), operation in notInOpenapi]).toEqual(known.has(operation) ? [true, false] : [false, true]);
  });

  test('the table of missing operations contains only operations that are called', () => {
    expect(Object.keys(notInOpenapi).filter((operation) => !called.has(operation))).toEqual([]);
  });
});
