import { $constructor, $ZodType, type $ZodTypeDef, type $ZodTypeInternals, type ParseContextInternal } from 'zod/v4/core';
import { isRecord } from '../../runtime/json.js';
import { numberOf } from './loose.js';

/** Checks a value of a webhook and gives it the type of its interface. */
export type Schema<Value> = $ZodType<Value>;

/** Names of the required members of an interface. */
type RequiredName<Value> = { [Name in keyof Value]-?: object extends Pick<Value, Name> ? never : Name }[keyof Value];

/** One schema for each of some members. A missing or additional schema doesn't compile. */
type Shape<Value, Names extends keyof Value> = { readonly [Name in Names]-?: Schema<Exclude<Value[Name], undefined>> };

/** The schemas of the required members. */
export type RequiredShape<Value> = Shape<Value, RequiredName<Value>>;
/** The schemas of the other members. */
export type OptionalShape<Value> = Shape<Value, Exclude<keyof Value, RequiredName<Value>>>;

/** Returns the value, a copy without its malformed parts, or `undefined` if the value doesn't match. */
type Fit = (value: unknown) => unknown;

interface FittingDef extends $ZodTypeDef {
  readonly fit: Fit;
}
interface FittingInternals extends $ZodTypeInternals {
  def: FittingDef;
}
type Fitting = $ZodType<unknown, unknown, FittingInternals>;

/**
 * A zod type that checks without copying, and removes malformed parts instead of rejecting the whole value. The decision record on webhook schemas
 * explains why.
 */
const Fitting: $constructor<Fitting> = /* @__PURE__ */ $constructor<Fitting>('Fitting', (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.parse = (payload) => {
    const value = def.fit(payload.value);
    if (value === undefined) payload.issues.push({ code: 'custom', input: payload.value });
    else payload.value = value;
    return payload;
  };
});

const sync: ParseContextInternal = { async: false };

/** The check of a schema. Schemas of this file are called directly, because zod's `run` is slower. Other schemas are run by zod. */
function fitOf(schema: Schema<unknown>): Fit {
  const { def } = schema._zod;
  if ('fit' in def) return (def as FittingDef).fit;
  return (value) => {
    const result = schema._zod.run({ value, issues: [] }, sync);
    return result instanceof Promise || result.issues.length > 0 ? undefined : result.value;
  };
}

/** Returns the value if all of it matches the schema, a copy without its malformed parts, or `undefined` if it doesn't match. */
export function fit<Value>(schema: Schema<Value>, value: unknown): Value | undefined {
  // A value that passes a schema has its type.
  return fitOf(schema)(value) as Value | undefined;
}

function fitting<Value>(check: Fit, type: FittingDef['type'] = 'custom'): Schema<Value> {
  // The caller declares the type of the values that pass the check.
  return new Fitting({ type, fit: check }) as Schema<Value>;
}

/**
 * An object with required and optional members. Other members stay unchanged. If an optional member doesn't match, the result is a copy without it,
 * so one malformed member doesn't affect the others.
 */
export function fields<Value extends object>(required: RequiredShape<Value>, optional: OptionalShape<Value>): Schema<Value> {
  const members = Object.entries<Schema<unknown>>({ ...required, ...optional });
  // Schemas of strings, numbers and booleans have the names that `typeof` returns, so most values need only that check.
  const shape = new Map(members.map(([name, schema]) => [name, { type: schema._zod.def.type, fit: fitOf(schema) }]));
  const requiredNames = Object.keys(required);
  return fitting((input) => {
    if (!isRecord(input)) return undefined;
    let copy: Record<string, unknown> | undefined;
    for (const name in input) {
      const member = shape.get(name);
      if (member === undefined) continue;
      const value = input[name];
      if (typeof value === member.type) continue;
      const fitted = member.fit(value);
      if (fitted === value) continue;
      copy ??= { ...input };
      if (fitted === undefined) Reflect.deleteProperty(copy, name);
      else copy[name] = fitted;
    }
    const output = copy ?? input;
    for (const name of requiredNames) if (output[name] === undefined) return undefined;
    return output;
  });
}

/** A list without the elements that don't match. The list doesn't match if none of its elements does. */
export function list<Element>(element: Schema<Element>): Schema<Element[]> {
  const fitElement = fitOf(element);
  return fitting((value) => {
    if (!Array.isArray(value)) return undefined;
    const fitted = value.map(fitElement);
    if (fitted.every((item, index) => item === value[index] && item !== undefined)) return value as unknown;
    const found = fitted.filter((item) => item !== undefined);
    return found.length > 0 ? found : undefined;
  });
}

/** A value of one of two types. */
export function oneOf<One, Other>(one: Schema<One>, other: Schema<Other>): Schema<One | Other> {
  const fitOne = fitOf(one);
  const fitOther = fitOf(other);
  return fitting((value) => fitOne(value) ?? fitOther(value));
}

/** A string. */
export const text: Schema<string> = /* @__PURE__ */ fitting((value) => (typeof value === 'string' ? value : undefined), 'string');
/** A number, or a string of decimal digits, which becomes a number. */
export const number: Schema<number> = /* @__PURE__ */ fitting(numberOf, 'number');
/** An ID, a phone number or a time that is a string in our types. Meta writes some of them as integers. Integers with inexact digits don't match. */
export const idText: Schema<string> = /* @__PURE__ */ fitting(
  (value) => (Number.isSafeInteger(value) ? String(value) : typeof value === 'string' ? value : undefined),
  'string',
);
/** JSON as a string. Some senders send the object itself. */
export const jsonText: Schema<string> = /* @__PURE__ */ fitting((value) => {
  if (!isRecord(value)) return typeof value === 'string' ? value : undefined;
  try {
    return JSON.stringify(value);
  } catch {
    // Nested too deeply.
    return undefined;
  }
}, 'string');
/** `true` or `false`. */
export const flag: Schema<boolean> = /* @__PURE__ */ fitting((value) => (typeof value === 'boolean' ? value : undefined), 'boolean');
/** Accepts a string in place of an object that contains it as a member. */
export function orText<Value>(schema: Schema<Value>, name: keyof Value & string): Schema<Value> {
  const fitValue = fitOf(schema);
  return fitting((value) => fitValue(typeof value === 'string' ? { [name]: value } : value));
}

/** A value of any type. */
export const anything: Schema<unknown> = /* @__PURE__ */ fitting((value) => value);
/** IDs, amounts and times, which Meta sends as numbers and as strings of digits. */
export const numeric: Schema<number | string> = /* @__PURE__ */ oneOf(text, number);
