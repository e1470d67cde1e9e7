import { $constructor, $ZodType, type $ZodTypeDef, type $ZodTypeInternals, type ParseContextInternal } from 'zod/v4/core';
import { isRecord } from '../../runtime/json.js';
import { numberOf } from './loose.js';

/** Checks a value of Meta's and gives it the type of its interface. */
export type Schema<Value> = $ZodType<Value>;

/** Names of the members of an interface that must be there. */
type RequiredName<Value> = { [Name in keyof Value]-?: object extends Pick<Value, Name> ? never : Name }[keyof Value];

/** One schema for each of some members; leaving one out, or adding one, does not compile. */
type Shape<Value, Names extends keyof Value> = { readonly [Name in Names]-?: Schema<Exclude<Value[Name], undefined>> };

/** The schemas of the members that must be there. */
export type RequiredShape<Value> = Shape<Value, RequiredName<Value>>;
/** The schemas of the other members. */
export type OptionalShape<Value> = Shape<Value, Exclude<keyof Value, RequiredName<Value>>>;

/** The value itself, or what is left of it, or `undefined` where it is not of the type. */
type Fit = (value: unknown) => unknown;

interface FittingDef extends $ZodTypeDef {
  readonly fit: Fit;
}
interface FittingInternals extends $ZodTypeInternals {
  def: FittingDef;
}
type Fitting = $ZodType<unknown, unknown, FittingInternals>;

/**
 * A zod type for what zod does in another way: it checks without copying, and leaves out what does not fit instead of refusing the whole.
 * The decision record on webhook schemas tells why.
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

/** How a schema checks a value: its own way if it is of ours, which spares thousands of calls zod's frame, else by zod. */
function fitOf(schema: Schema<unknown>): Fit {
  const { def } = schema._zod;
  if ('fit' in def) return (def as FittingDef).fit;
  return (value) => {
    const result = schema._zod.run({ value, issues: [] }, sync);
    return result instanceof Promise || result.issues.length > 0 ? undefined : result.value;
  };
}

/** The value as the schema's type, or `undefined` where it is not of that type. The value itself wherever nothing had to be left out. */
export function fit<Value>(schema: Schema<Value>, value: unknown): Value | undefined {
  // What a schema lets through is of its type.
  return fitOf(schema)(value) as Value | undefined;
}

function fitting<Value>(check: Fit, type: FittingDef['type'] = 'custom'): Schema<Value> {
  // The type of what a check lets through is what its maker says.
  return new Fitting({ type, fit: check }) as Schema<Value>;
}

/**
 * An object of Meta's: its required members, then its optional ones. Members that are not named are left alone; an optional one that does
 * not fit is left out of a copy, so that one odd part costs nobody the rest.
 */
export function fields<Value extends object>(required: RequiredShape<Value>, optional: OptionalShape<Value>): Schema<Value> {
  const members = Object.entries<Schema<unknown>>({ ...required, ...optional });
  // Schemas of strings, numbers and booleans are named as the language names the types, so that most values need only that check.
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

/** A list without the elements that do not fit. The list does not fit if none of its elements does. */
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

/** A value of one type or of another. */
export function oneOf<One, Other>(one: Schema<One>, other: Schema<Other>): Schema<One | Other> {
  const fitOne = fitOf(one);
  const fitOther = fitOf(other);
  return fitting((value) => fitOne(value) ?? fitOther(value));
}

/** A string. */
export const text: Schema<string> = /* @__PURE__ */ fitting((value) => (typeof value === 'string' ? value : undefined), 'string');
/** A number, or a text of decimal digits that is one. */
export const number: Schema<number> = /* @__PURE__ */ fitting(numberOf, 'number');
/** An ID, a phone number or a time that is a string in our types. Meta writes some of them as integers. Those with inexact digits don't fit. */
export const idText: Schema<string> = /* @__PURE__ */ fitting(
  (value) => (Number.isSafeInteger(value) ? String(value) : typeof value === 'string' ? value : undefined),
  'string',
);
/** JSON as a text. Some senders put the object itself in its place. */
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
/** Accepts a text in place of an object that has it as one of its members. */
export function orText<Value>(schema: Schema<Value>, name: keyof Value & string): Schema<Value> {
  const fitValue = fitOf(schema);
  return fitting((value) => fitValue(typeof value === 'string' ? { [name]: value } : value));
}

/** What the type does not look into. */
export const anything: Schema<unknown> = /* @__PURE__ */ fitting((value) => value);
/** Ids, amounts and times, which come as numbers and as strings of digits. */
export const numeric: Schema<number | string> = /* @__PURE__ */ oneOf(text, number);
