import { isRecord, type JsonObject, type JsonValue } from '../runtime/json.js';
import {
  HandoffError,
  NumberDisconnectedError,
  OnboardingError,
  ServiceWindowClosedError,
  SubscriptionMissingError,
  SyncWindowError,
} from './coexistence-errors.js';
import { AbortedError, InvalidResponseError, NetworkError, TimeoutError } from './connection-errors.js';
import { FileTransferError } from './file-transfer-error.js';
import { FlowRequestError } from './flow-request-error.js';
import { graphError } from './from-graph.js';
import {
  AccountRestrictedError,
  AuthenticationError,
  CoexistenceSyncError,
  GraphApiError,
  InvalidParameterError,
  MediaError,
  PairRateError,
  PermissionError,
  ServerError,
  TemplateError,
  ThrottlingError,
  UndeliverableError,
  UnknownCodeError,
  WindowClosedError,
} from './graph-api-error.js';
import { InvalidArgumentError } from './invalid-argument-error.js';
import { NotSentError } from './not-sent-error.js';
import { RestrictedFeatureError } from './restricted-feature-error.js';
import { SignupStateError } from './signup-state-error.js';
import { StoreError } from './store-error.js';
import { InvalidMessageError, MissingCredentialsError, MissingTargetError } from './usage-errors.js';
import { WhatsAppError, type WhatsAppErrorKind } from './whatsapp-error.js';

/** Conversion of one class of errors to JSON and back. */
interface RecordedClass {
  readonly isClassOf: (error: WhatsAppError) => boolean;
  /** Creates an error of the class. The recorded message and fields replace its own. */
  readonly create: () => WhatsAppError;
  /** The recorded fields. Other fields are dropped, because they could contain secrets. */
  readonly fields: readonly string[];
}

type GraphErrorClass = new (...parameters: ConstructorParameters<typeof UnknownCodeError>) => GraphApiError;

const graphClasses: Readonly<Record<string, GraphErrorClass>> = {
  AuthenticationError,
  PermissionError,
  ThrottlingError,
  PairRateError,
  WindowClosedError,
  UndeliverableError,
  TemplateError,
  MediaError,
  CoexistenceSyncError,
  AccountRestrictedError,
  InvalidParameterError,
  ServerError,
  UnknownCodeError,
};

const graphFields: readonly string[] = [
  'code',
  'subcode',
  'details',
  'type',
  'title',
  'userMessage',
  'fbtraceId',
  'httpStatus',
  'isTransient',
  'retryAfterMs',
  'retryable',
];

const epoch = (): Date => new Date(0);

/**
 * All classes by name. A caller's subclass is recorded as the class of the library that it extends. An import creates no errors, because their
 * stacks take time.
 */
const classes: ReadonlyMap<string, RecordedClass> = /* @__PURE__ */ recordedClasses();

function recordedClasses(): ReadonlyMap<string, RecordedClass> {
  const byName = new Map<string, RecordedClass>();
  const add = (
    name: string,
    ErrorClass: abstract new (...parameters: never[]) => WhatsAppError,
    create: () => WhatsAppError,
    fields: readonly string[] = [],
  ): void => {
    byName.set(name, { isClassOf: (error) => error instanceof ErrorClass, create, fields });
  };
  for (const [name, GraphClass] of Object.entries(graphClasses)) {
    add(name, GraphClass, () => new GraphClass('', { code: 0, isTransient: false }, 'never'), graphFields);
  }
  add('NetworkError', NetworkError, () => new NetworkError('', 'unknown'), ['delivery']);
  add('TimeoutError', TimeoutError, () => new TimeoutError('', 0), ['timeoutMs']);
  add('AbortedError', AbortedError, () => new AbortedError('', 'unknown'), ['delivery']);
  add('InvalidResponseError', InvalidResponseError, () => new InvalidResponseError('', 0, ''), ['httpStatus', 'body']);
  add('MissingTargetError', MissingTargetError, () => new MissingTargetError('', 'phoneNumberId'), ['missing']);
  add('MissingCredentialsError', MissingCredentialsError, () => new MissingCredentialsError('', 'accessToken'), ['missing']);
  add('InvalidMessageError', InvalidMessageError, () => new InvalidMessageError('', ''), ['field', 'rule', 'limit']);
  add('InvalidArgumentError', InvalidArgumentError, () => new InvalidArgumentError('', '', ''), ['field', 'rule']);
  add('RestrictedFeatureError', RestrictedFeatureError, () => new RestrictedFeatureError('', { source: '' }), [
    'feature',
    'rule',
    'phoneNumberId',
  ]);
  add('FileTransferError', FileTransferError, () => new FileTransferError('', 'unavailable'), ['reason', 'httpStatus']);
  add('FlowRequestError', FlowRequestError, () => new FlowRequestError(), ['httpStatus']);
  add('SubscriptionMissingError', SubscriptionMissingError, () => new SubscriptionMissingError([]), ['problems', 'missing']);
  add('OnboardingError', OnboardingError, () => new OnboardingError('not-found'), ['problem']);
  add('SyncWindowError', SyncWindowError, () => new SyncWindowError('contacts', epoch()), ['syncType', 'deadlineAt']);
  add('NumberDisconnectedError', NumberDisconnectedError, () => new NumberDisconnectedError('', epoch(), undefined), [
    'phoneNumberId',
    'disconnectedAt',
    'reason',
  ]);
  add('HandoffError', HandoffError, () => new HandoffError('unknown-thread'), ['reason']);
  add('ServiceWindowClosedError', ServiceWindowClosedError, () => new ServiceWindowClosedError(), ['closedAt']);
  add('NotSentError', NotSentError, () => new NotSentError('closed'), ['reason']);
  add('SignupStateError', SignupStateError, () => new SignupStateError('missing'), ['problem']);
  add('StoreError', StoreError, () => new StoreError('', 'failed'), ['reason']);
  return byName;
}

/** An error of an unknown class, for example of a caller. Its name and kind are preserved. */
class RecordedError extends WhatsAppError {
  override readonly name: string;
  override readonly kind: WhatsAppErrorKind;

  constructor(name: string, kind: WhatsAppErrorKind, message: string) {
    super(message);
    this.name = name;
    this.kind = kind;
  }
}

/**
 * Converts an error to JSON, for a store or another process. {@link errorFromJson} restores it. The class, `name`,
 * `kind`, message and fields are preserved. The stack, the cause and fields that callers added are dropped, because
 * they could contain secrets.
 *
 * @param error - An error of the library.
 */
export function errorToJson(error: WhatsAppError): JsonObject {
  const { kind, message } = error;
  const [name, known] = classOf(error);
  if (!known) return { name, kind, message };
  const values = new Map<string, unknown>(Object.entries(error));
  const fields: Record<string, JsonValue> = {};
  for (const field of known.fields) {
    const value = toJson(values.get(field));
    if (value !== undefined) fields[field] = value;
  }
  return { name, kind, message, fields };
}

/**
 * Restores an error that {@link errorToJson} converted. Accepts records of earlier versions. Never throws: a damaged
 * record becomes an `InvalidResponseError`.
 *
 * @param value - The record.
 */
export function errorFromJson(value: unknown): WhatsAppError {
  const record = isRecord(value) ? value : {};
  const { name, message, fields } = record;
  if (typeof name !== 'string' || typeof message !== 'string') return errorOfEarlierVersion(record);
  const known = classes.get(name);
  // `errorToJson` wrote this kind.
  if (!known) return new RecordedError(name, typeof record.kind === 'string' ? (record.kind as WhatsAppErrorKind) : 'guard', message);
  const error = known.create();
  Object.defineProperty(error, 'message', { value: message, writable: true, configurable: true, enumerable: false });
  const recorded = isRecord(fields) ? fields : {};
  for (const field of known.fields) {
    if (Object.hasOwn(recorded, field)) Object.defineProperty(error, field, own(fromJson(recorded[field])));
    else if (error instanceof GraphApiError) Reflect.deleteProperty(error, field);
    else if (Object.hasOwn(error, field)) Object.defineProperty(error, field, own(undefined));
  }
  return error;
}

function own(value: unknown): PropertyDescriptor {
  return { value, writable: true, configurable: true, enumerable: true };
}

function classOf(error: WhatsAppError): readonly [string, RecordedClass | undefined] {
  const exact = classes.get(error.name);
  if (exact?.isClassOf(error)) return [error.name, exact];
  for (const [name, known] of classes) if (known.isClassOf(error)) return [name, known];
  return [error.name, undefined];
}

/** Marks a date, the only type of an error field that JSON doesn't have. */
const dateKey = '$date';

function toJson(value: unknown): JsonValue | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : { [dateKey]: value.getTime() };
  if (Array.isArray(value)) return value.map((element: unknown) => toJson(element) ?? null);
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const json = toJson(member);
      return json === undefined ? [] : [[name, json]];
    }),
  );
}

function fromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (!isRecord(value)) return value;
  const ms = value[dateKey];
  if (typeof ms === 'number') return new Date(ms);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fromJson(member)]));
}

/** Restores a record of an earlier version, which contained Meta's code or only a message. */
function errorOfEarlierVersion(record: Readonly<Record<string, unknown>>): WhatsAppError {
  const httpStatus = typeof record.httpStatus === 'number' ? record.httpStatus : undefined;
  if (record.code !== undefined) return graphError(record, httpStatus === undefined ? {} : { httpStatus });
  const message = typeof record.message === 'string' ? record.message : 'Meta rejected the message.';
  return new InvalidResponseError(message, httpStatus ?? 400, '');
}
