import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import { graphError, GraphApiError, type GraphErrorKind, type RetrySafety } from 'wa-coexist/errors';
import { factsOfCode } from '../../src/errors/graph-codes.js';

describe('the kind and the retry advice follow from the code', () => {
  test.each<[number, GraphErrorKind, RetrySafety]>([
    [190, 'authentication', 'never'],
    [0, 'authentication', 'never'],
    [10, 'permission', 'never'],
    [250, 'permission', 'never'],
    [4, 'throttling', 'safe'],
    [80007, 'throttling', 'safe'],
    [130429, 'throttling', 'safe'],
    [131057, 'throttling', 'safe'],
    [131056, 'pair-rate', 'safe'],
    [131047, 'window-closed', 'never'],
    [131026, 'undeliverable', 'never'],
    [131049, 'undeliverable', 'never'],
    [132000, 'template', 'never'],
    [132099, 'template', 'never'],
    [131053, 'media', 'never'],
    [2593107, 'coexistence-sync', 'never'],
    [2593108, 'coexistence-sync', 'never'],
    [131031, 'account-restricted', 'never'],
    [131048, 'account-restricted', 'never'],
    [100, 'invalid-parameter', 'never'],
    [131000, 'server', 'idempotent-only'],
    [2, 'server', 'idempotent-only'],
    [987654, 'unknown-code', 'never'],
  ])('%i is %s, retryable: %s', (code, kind, retryable) => {
    expect(graphError({ code, message: 'text' }, { httpStatus: 400 })).toMatchObject({ kind, retryable, code });
  });

  test('only codes that prove a rejection allow a repeated send', () => {
    const safe = Array.from({ length: 150_000 }, (_, code) => code).filter((code) => factsOfCode(code)[2] === 'safe');
    expect(safe).toEqual([4, 613, 80007, 130429, 131056, 131057, 131208, 134101, 138002, 138005]);
  });

  test('an unknown code is classified by the HTTP status', () => {
    expect(graphError({ code: 987654 }, { httpStatus: 500 }).kind).toBe('server');
    expect(graphError({ code: 987654 }, { httpStatus: 429 }).kind).toBe('throttling');
  });

  test('a sync code that arrives as the subcode of 100 is recognized', () => {
    expect(graphError({ code: 100, error_subcode: 2593108 })).toMatchObject({ kind: 'coexistence-sync', code: 100, subcode: 2593108 });
  });

  test('an unknown code that Meta calls transient may be read again', () => {
    expect(graphError({ code: 987654, is_transient: true }).retryable).toBe('idempotent-only');
  });
});

test("Meta's texts and IDs are kept, from a response and from a webhook", () => {
  expect(
    graphError(
      {
        code: 132000,
        message: '(#132000) Number of parameters does not match',
        error_data: { details: 'body: expected 2, got 1' },
        error_user_title: 'Title',
        error_user_msg: 'For people',
        fbtrace_id: 'TRACE',
      },
      { httpStatus: 400, operation: 'POST /{phone-number-id}/messages' },
    ),
  ).toMatchObject({
    name: 'TemplateError',
    message:
      'TemplateError (132000): Title. For people. (#132000) Number of parameters does not match. body: expected 2, got 1. ' +
      'Compare the parameters with the template. [POST /{phone-number-id}/messages] [trace TRACE]',
    details: 'body: expected 2, got 1',
    title: 'Title',
    userMessage: 'For people',
    fbtraceId: 'TRACE',
    httpStatus: 400,
  });
  expect(graphError({ code: 131047, title: 'Re-engagement message', error_data: { details: 'more than 24 hours' } })).toMatchObject({
    name: 'WindowClosedError',
    message: expect.stringMatching(
      /^WindowClosedError \(131047\): Re-engagement message\. more than 24 hours\. Send a template/,
    ) as unknown,
  });
});

test('error_data as a string is the details, and an error as a string is the message', () => {
  expect(graphError('Service unavailable').message).toBe('UnknownCodeError: Service unavailable.');
  expect(graphError({ code: 100, error_data: 'which field' }).details).toBe('which field');
});

test('any value becomes an error without a throw', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true }), (body) => {
      expect(graphError(body)).toBeInstanceOf(GraphApiError);
    }),
    { numRuns: 2_000 },
  );
});

test('the message contains the codes, the explanation for users and the trace ID, without empty phrases', () => {
  const error = graphError({
    message: 'Invalid parameter',
    code: 100,
    error_subcode: 2388072,
    error_user_title: 'This template has too many variables for its length',
    error_user_msg: 'Add text or remove variables.',
    fbtrace_id: 'AbC',
  });
  const message =
    'TemplateError (100/2388072): This template has too many variables for its length. Add text or remove variables. [trace AbC]';
  expect(error.message).toBe(message);
  expect(String(error)).toBe(message);
  expect(graphError({ code: 1, message: 'Bad', error_data: 'as a string' }).message).toBe('ServerError (1): Bad. as a string.');
});

test.each([
  [{ code: 100, error_subcode: 36009, message: 'This authorization code has been used.' }, 'works only once'],
  [{ code: 100, error_subcode: 36007, message: 'This authorization code has expired.' }, 'within 30 seconds'],
  [{ code: 131030, message: '(#131030) Recipient phone number not in allowed list' }, 'Mexico 52 or 521'],
  [{ code: 131047, title: 'Re-engagement message' }, 'Send a template'],
  [{ code: 131042, title: 'Business eligibility payment issue' }, 'payment method'],
  [{ code: 100, error_subcode: 33, message: "Unsupported get request. Object with ID '7' does not exist" }, 'The ID is incorrect'],
])('%o has a remedy', (body, remedy) => {
  expect(graphError(body).message).toContain(remedy);
});
