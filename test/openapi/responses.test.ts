import { describe, expect, test } from 'vitest';
import { GraphApiError, graphError, InvalidResponseError } from 'wa-coexist/errors';
import { recordMeta } from '../meta/recorder.js';
import { actions } from './actions.js';
import { clientOn, settle } from './run-action.js';
import { hasSpecs, responseExamples, type ResponseExample } from './specs.js';

/** Returns the actions that call only this operation, otherwise a plain request. */
function callsOf({ operation }: ResponseExample): readonly ((client: ReturnType<typeof clientOn>) => unknown)[] {
  const matching = actions.filter(([, operations]) => operations.length === 1 && operations[0] === operation).map(([, , call]) => call);
  const [method = 'GET', path = ''] = operation.split(' ');
  return matching.length > 0 ? matching : [(client) => client.request({ method: method as 'GET', path: path.split('/').slice(1) })];
}

async function outcomeOf({ body, status }: ResponseExample, call: (client: ReturnType<typeof clientOn>) => unknown): Promise<unknown> {
  // Removes the next page, which would repeat the same page indefinitely.
  const answer = isObject(body) && 'paging' in body ? { ...body, paging: {} } : body;
  const { fetch } = recordMeta(() => (isObject(answer) ? Response.json(answer, { status }) : new Response(String(answer), { status })));
  const client = clientOn(fetch);
  try {
    return await settle(call(client));
  } catch (error) {
    return error;
  }
}

const isObject = (body: unknown): body is object => typeof body === 'object' && body !== null;

/** Meta also reports failures with status 200. */
const isFailure = (body: unknown): boolean => isObject(body) && 'success' in body && body.success === false;

describe.skipIf(!hasSpecs)("the example responses in Meta's OpenAPI file", () => {
  const examples = responseExamples();
  const failures = examples.filter(({ status }) => status >= 400);

  test('are 780, of which 563 are errors', () => {
    expect([examples.length, failures.length]).toEqual([780, 563]);
  });

  test('become a typed class with code, message and status for each error, in each action that can receive it', async () => {
    for (const example of failures) {
      for (const call of callsOf(example)) {
        const error = await outcomeOf(example, call);
        const told = `${example.operation} ${String(example.status)} ${example.name}`;
        expect(error, told).toBeInstanceOf(GraphApiError);
        expect(error, told).toMatchObject({
          httpStatus: example.status,
          code: expect.any(Number) as number,
          kind: expect.any(String) as string,
        });
      }
    }
  }, 120_000);

  test('are read without a throw for each success', async () => {
    for (const example of examples.filter(({ status }) => status < 400)) {
      for (const call of callsOf(example)) {
        const outcome = await outcomeOf(example, call);
        const told = `${example.operation} ${example.name}`;
        // The bytes of a file aren't JSON, which a plain request reports.
        if (isFailure(example.body)) expect(outcome, told).toBeInstanceOf(GraphApiError);
        else if (isObject(example.body)) expect(outcome, told).not.toBeInstanceOf(Error);
        else expect(outcome, told).toBeInstanceOf(InvalidResponseError);
      }
    }
  }, 120_000);

  test('become a typed class for each error object without a response', () => {
    for (const { body, status, name } of failures) {
      const { error } = body as { readonly error?: { readonly code?: number } };
      expect(graphError(error, { httpStatus: status }), name).toMatchObject({ code: error?.code });
    }
  });
});
