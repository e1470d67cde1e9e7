import fc from '../fast-check.js';
import { describe, expect, test } from 'vitest';
import * as errors from 'wa-coexist/errors';
import { errorFromJson, errorToJson } from '../../src/errors/error-record.js';

const { WhatsAppError } = errors;
const word = fc.string({ maxLength: 40 });
const date = fc.date({ noInvalidDate: true });
const delivery = fc.constantFrom('not-sent' as const, 'unknown' as const);

/** Generates errors of every class that `wa-coexist/errors` exports. */
const made: readonly fc.Arbitrary<errors.WhatsAppError>[] = [
  fc
    .record({
      code: fc.oneof(
        fc.integer({ min: 0, max: 300 }),
        fc.constantFrom(131_026, 131_047, 131_050, 131_056, 130_429, 132_001, 131_042, 2_593_107, 131_053, 131_009),
      ),
      error_subcode: fc.integer(),
      error_data: fc.record({ details: word }),
      message: word,
      type: word,
      error_user_title: word,
      error_user_msg: word,
      fbtrace_id: word,
      is_transient: fc.boolean(),
    })
    .chain((body) =>
      fc
        .record({ httpStatus: fc.integer({ min: 200, max: 599 }), retryAfterMs: fc.nat() }, { requiredKeys: [] })
        .map((source) => errors.graphError(body, source)),
    ),
  fc
    .constantFrom(
      errors.AuthenticationError,
      errors.PermissionError,
      errors.ThrottlingError,
      errors.PairRateError,
      errors.WindowClosedError,
      errors.UndeliverableError,
      errors.TemplateError,
      errors.MediaError,
      errors.CoexistenceSyncError,
      errors.AccountRestrictedError,
      errors.InvalidParameterError,
      errors.ServerError,
      errors.UnknownCodeError,
    )
    .chain((GraphClass) =>
      fc
        .tuple(word, fc.integer(), fc.boolean())
        .map(([message, code, isTransient]) => new GraphClass(message, { code, isTransient }, 'later')),
    ),
  fc.tuple(word, delivery).map(([message, fate]) => new errors.NetworkError(message, fate, { cause: new Error('EAA-secret') })),
  fc.tuple(word, fc.nat()).map(([message, ms]) => new errors.TimeoutError(message, ms)),
  fc.tuple(word, delivery).map(([message, fate]) => new errors.AbortedError(message, fate)),
  fc.tuple(word, fc.nat(), word).map(([message, status, body]) => new errors.InvalidResponseError(message, status, body)),
  fc.constantFrom('phoneNumberId' as const, 'wabaId' as const).map((missing) => new errors.MissingTargetError('send', missing)),
  fc.constantFrom('accessToken' as const, 'appSecret' as const).map((missing) => new errors.MissingCredentialsError('send', missing)),
  fc
    .tuple(word, word, fc.option(fc.nat(), { nil: undefined }))
    .map(([field, rule, limit]) => new errors.InvalidMessageError(field, rule, limit)),
  fc.tuple(word, word, word).map(([action, field, rule]) => new errors.InvalidArgumentError(action, field, rule)),
  fc
    .tuple(word, word, word)
    .map(([feature, source, note]) => new errors.RestrictedFeatureError(feature, { source, note, since: '2025-01-01' })),
  fc
    .constantFrom('untrusted-url' as const, 'too-large' as const, 'corrupt' as const)
    .chain((reason) => fc.option(fc.nat(), { nil: undefined }).map((status) => new errors.FileTransferError('download', reason, status))),
  fc.constant(new errors.FlowRequestError()),
  word.map(
    (field) =>
      new errors.SubscriptionMissingError([
        { problem: 'field', field },
        { problem: 'callback', of: 'waba', host: 'example.com' },
      ]),
  ),
  fc.constantFrom('not-found' as const, 'waba-unknown' as const).map((problem) => new errors.OnboardingError(problem)),
  date.map((deadlineAt) => new errors.SyncWindowError('history', deadlineAt)),
  fc.tuple(word, date, fc.option(word, { nil: undefined })).map(([id, at, reason]) => new errors.NumberDisconnectedError(id, at, reason)),
  fc
    .constantFrom('person-holds' as const, 'customer-wrote' as const, 'unknown-thread' as const)
    .map((reason) => new errors.HandoffError(reason)),
  fc.option(date, { nil: undefined }).map((closedAt) => new errors.ServiceWindowClosedError(closedAt)),
  fc
    .constantFrom<errors.NotSentReason>('expired', 'closed', 'not-recorded', 'guard-failed', 'cancelled', 'template-disabled', 'opted-out')
    .map((reason) => new errors.NotSentError(reason, { cause: new Error('EAA-secret') })),
  fc.constantFrom('missing' as const, 'mismatch' as const, 'no-session' as const).map((problem) => new errors.SignupStateError(problem)),
  fc.constantFrom('busy' as const, 'closed' as const, 'failed' as const).map((reason) => new errors.StoreError('It failed.', reason)),
];

describe('the record of an error', () => {
  test('restores class, name, kind, message and every field of all errors', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.oneof(...made), (error) => {
        seen.add(error.name);
        const text = JSON.stringify(errorToJson(error));
        const restored = errorFromJson(JSON.parse(text));
        expect(restored.constructor).toBe(error.constructor);
        expect(restored.message).toBe(error.message);
        expect(Object.fromEntries(Object.entries(restored))).toEqual(Object.fromEntries(Object.entries(error)));
        expect(text).not.toContain('EAA-secret');
      }),
      { numRuns: 5_000 },
    );
    const classes = Object.values(errors).filter(
      (exported) => typeof exported === 'function' && exported.prototype instanceof WhatsAppError && exported !== errors.GraphApiError,
    );
    expect([...seen].sort()).toEqual(classes.map(({ name }) => name).sort());
  });

  test('records neither fields that a caller added nor the cause', () => {
    const error = Object.assign(new errors.NotSentError('closed', { cause: 'EAA-secret' }), { token: 'EAA-secret' });
    expect(JSON.stringify(errorToJson(error))).not.toContain('EAA-secret');
  });

  test("restores the library's class for an error of a class that extends it", () => {
    class QuotaError extends errors.NotSentError {}
    class OwnError extends WhatsAppError {
      override readonly name = 'OwnError';
      override readonly kind = 'guard';
    }
    expect(errorFromJson(errorToJson(new QuotaError('expired')))).toMatchObject({ name: 'NotSentError', reason: 'expired' });
    const own = errorFromJson(errorToJson(new OwnError('No more today.')));
    expect(own).toBeInstanceOf(WhatsAppError);
    expect(own).toMatchObject({ name: 'OwnError', kind: 'guard', message: 'No more today.' });
  });

  test('reads records of earlier versions, and anything else without throwing', () => {
    expect(errorFromJson({ message: 'Rate limit hit', code: 130_429, httpStatus: 400 })).toBeInstanceOf(errors.ThrottlingError);
    expect(errorFromJson({ message: 'A page came.', httpStatus: 502 })).toMatchObject({ kind: 'invalid-response', httpStatus: 502 });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(errorFromJson(value)).toBeInstanceOf(WhatsAppError);
      }),
    );
  });
});
