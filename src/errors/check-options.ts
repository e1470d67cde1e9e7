import { InvalidArgumentError } from './invalid-argument-error.js';
import { WhatsAppError } from './whatsapp-error.js';

/** The longest delay that timers of Node and browsers support, in milliseconds (about 24.8 days). */
export const maxTimerMs = 2_147_483_647;

/** Bounds of a numeric option. */
export interface NumberRule {
  /** @defaultValue 1 */
  readonly min?: number;
  /** @defaultValue {@link maxTimerMs} */
  readonly max?: number;
  /** Unit of the number. @defaultValue `'integer'`; durations may have fractions */
  readonly unit?: 'ms' | 'bytes' | 'integer';
}

/**
 * Checks numeric options of a `create…` function. Skips options that are `undefined`.
 *
 * Every numeric option of the package uses this check. It rejects NaN, Infinity, strings, negative numbers and numbers
 * above a timer's limit when the object is created, not hours later.
 *
 * @param owner - The function that the caller used, for example `createSender`.
 * @param options - The options as the caller passed them.
 * @param rules - The bounds of each numeric option.
 * @throws `InvalidArgumentError` with the option and the rule.
 */
export function checkNumbers<Options extends object>(
  owner: string,
  options: Options,
  rules: Readonly<Partial<Record<keyof Options & string, NumberRule>>>,
): void {
  const values = new Map<string, unknown>(Object.entries(options));
  for (const [name, rule] of Object.entries<NumberRule | undefined>(rules)) checkNumber(owner, name, values.get(name), rule);
}

/**
 * Checks one number. Does nothing if it is `undefined`.
 *
 * @throws `InvalidArgumentError` with the option and the rule.
 */
export function checkNumber(owner: string, name: string, value: unknown, rule: NumberRule = {}): void {
  if (value === undefined) return;
  const { min = 1, max = maxTimerMs, unit = 'integer' } = rule;
  const isValid = typeof value === 'number' && value >= min && value <= max && (unit === 'ms' || Number.isInteger(value));
  if (isValid) return;
  const kind = unit === 'integer' ? 'an integer' : unit === 'ms' ? 'a number of milliseconds' : 'a whole number of bytes';
  throw new InvalidArgumentError(owner, name, `must be ${kind} from ${String(min)} to ${String(max)}, but is ${describeValue(value)}`);
}

/** Checks that options are an object, for callers without TypeScript. @throws `InvalidArgumentError` */
export function checkObject(owner: string, name: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new InvalidArgumentError(owner, name, `must be an object, but is ${describeValue(value)}`);
}

/**
 * Runs the part of a function that reads the caller's options. `read` receives a copy, so the function uses exactly the
 * values that it checked. Replaces errors of the runtime and of the caller's getters, because they can quote values.
 *
 * @throws `InvalidArgumentError`, or an error of the library that `read` throws.
 */
export function readOptions<Options extends object, Result>(owner: string, options: Options, read: (copy: Options) => Result): Result {
  try {
    checkObject(owner, 'options', options);
    return read({ ...options });
  } catch (error) {
    throw argumentError(owner, 'options', error);
  }
}

/** Checks options and returns a copy. @throws the errors of {@link readOptions} */
export function checkedCopy<Options extends object>(owner: string, options: Options, check: (options: Options) => void): Options {
  return readOptions(owner, options, (copy) => {
    check(copy);
    return copy;
  });
}

/** Returns the error of a function that couldn't read an argument. Returns errors of the library unchanged. */
export function argumentError(owner: string, name: string, error: unknown): WhatsAppError {
  return error instanceof WhatsAppError
    ? error
    : new InvalidArgumentError(owner, name, 'contain a value of a wrong type, or a getter that throws');
}

/**
 * Checks a policy, for callers without TypeScript. Does nothing if it is `undefined`.
 *
 * @throws `InvalidArgumentError`
 */
export function checkPolicy(owner: string, policy: { readonly limits: object } | undefined): void {
  if (policy === undefined) return;
  checkObject(owner, 'policy', policy);
  checkObject(owner, 'policy.limits', policy.limits);
}

/** Checks that an object, such as a store or a client, has these methods. @throws `InvalidArgumentError` */
export function checkMethods(owner: string, name: string, value: unknown, methods: readonly string[]): void {
  checkObject(owner, name, value);
  for (const method of methods) {
    if (typeof Reflect.get(Object(value) as object, method) === 'function') continue;
    throw new InvalidArgumentError(owner, name, `must have a function named ${method}`);
  }
}

/** Checks that a callback is a function. @throws `InvalidArgumentError` */
export function checkFunction(owner: string, name: string, value: unknown, presence: 'optional' | 'required' = 'optional'): void {
  if ((value === undefined && presence === 'optional') || typeof value === 'function') return;
  throw new InvalidArgumentError(owner, name, `must be a function, but is ${describeValue(value)}`);
}

/**
 * Checks that an option is one of a fixed set of values. Does nothing if it is `undefined`.
 *
 * @throws `InvalidArgumentError`
 */
export function checkOneOf(owner: string, name: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || (typeof value === 'string' && allowed.includes(value))) return;
  throw new InvalidArgumentError(
    owner,
    name,
    `must be one of ${allowed.map((one) => `'${one}'`).join(', ')}, but is ${describeValue(value)}`,
  );
}

/** Describes a wrong value without printing text, which could be a secret. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'string':
      return value === '' ? 'an empty string' : 'a string';
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}

/** Describes the type of a value without a part of the value, which may be the text of a message. */
export function typeOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? `a ${typeof value}` : describeValue(value);
}
