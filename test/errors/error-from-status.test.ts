import fc from '../fast-check.js';
import { expect, expectTypeOf, test } from 'vitest';
import type { MessageStatus } from 'wa-coexist/webhooks';
import {
  graphError,
  GraphApiError,
  isWhatsAppError,
  NetworkError,
  errorFromStatus,
  WhatsAppError,
  type AnyWhatsAppError,
  type GraphErrorKind,
  type WhatsAppErrorKind,
} from 'wa-coexist/errors';

const status: MessageStatus = {
  id: 'wamid.EXAMPLE1',
  status: 'failed',
  timestamp: '1760000000',
  recipient_id: '15550100987',
  errors: [
    {
      code: 131047,
      title: 'Re-engagement message',
      error_data: { details: 'More than 24 hours' },
      href: 'https://developers.facebook.com',
    },
  ],
};

test('a failed status becomes the class that a rejected send would have', () => {
  const error = errorFromStatus(status);
  expect(error).toBeInstanceOf(graphError({ code: 131047 }).constructor);
  expect(error).toMatchObject({
    kind: 'window-closed',
    code: 131047,
    details: 'More than 24 hours',
    title: 'Re-engagement message',
    retryable: 'never',
  });
  expect(error?.httpStatus).toBeUndefined();
});

test('a status without errors has no error', () => {
  expect(errorFromStatus({ ...status, errors: [] })).toBeUndefined();
  expect(errorFromStatus({})).toBeUndefined();
});

test('it never throws for any list of errors', () => {
  fc.assert(
    fc.property(fc.anything(), (errors) => {
      const error = errorFromStatus({ errors: errors as readonly unknown[] });
      expect(error === undefined || error instanceof GraphApiError).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('a switch over the kind of any error is exhaustive and narrows to the class', () => {
  expectTypeOf<AnyWhatsAppError['kind']>().toEqualTypeOf<WhatsAppErrorKind>();
  expectTypeOf<Extract<AnyWhatsAppError, GraphApiError>['kind']>().toEqualTypeOf<GraphErrorKind>();
  const wait = (error: unknown): number | string => {
    if (!isWhatsAppError(error)) return 'none of ours';
    switch (error.kind) {
      case 'pair-rate':
      case 'throttling':
        return error.retryAfterMs ?? 0;
      case 'network':
        return error.delivery;
      case 'invalid-message':
        return error.field;
      default:
        return error.kind;
    }
  };
  expect(wait(graphError({ code: 131056 }))).toBe(6_000);
  expect(wait(new NetworkError('broke', 'unknown'))).toBe('unknown');
  expect(wait(graphError({ code: 987_654 }))).toBe('unknown-code');
  expect(wait(new Error('other'))).toBe('none of ours');
  expect(graphError({}) instanceof WhatsAppError).toBe(true);
});
