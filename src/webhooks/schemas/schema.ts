import {
  $constructor,
  $ZodBoolean,
  $ZodNumber,
  $ZodString,
  $ZodType,
  type $ZodTypeDef,
  type $ZodTypeInternals,
  type ParseContextInternal,
} from 'zod/v4/core';
import { isRecord } from '../../runtime/json.js';

/** Checks a value of Meta's and gives it the type of its interface. */
export type Schema<Value> = $ZodType<Value>;

/** Names of the members of an interface that must be there. */
type RequiredName<Value> = { [Name in keyof Value]-?: object extends Pick<Value, Name> ? never : Name }[keyof Value];

/** One schema for each of some members; leaving one out, or adding one, does not compile. */
type Shape<Value, Names extends keyof Value> = { readonly [Name in Names]-?: Schema<Exclude<Value[Name], undefined>> };

interface FittingDef extends $ZodTypeDef {
  /** The value itself, or what is left of it, or `undefined` where it is not of the type. */
  readonly fitting: (value: unknown) => unknown;
}
interface FittingInternals extends $ZodTypeInternals {
  def: FittingDef;
}

const Fitting: $constructor<$ZodType<unknown, unknown, FittingInternals>> = /* @__PURE__ */ $constructor('Fitting', (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.parse = (payload) => {
    const value = def.fitting(payload.value);
    if (value === undefined) payload.issues.push({ code: 'custom', input: payload.value });
    else payload.value = value;
    return payload;
  };
});

const sync: ParseContextInternal = { async: false };

/** The value as the schema's type, or `undefined` where it is not of that type. The value itself wherever nothing had to be left out. */
export function fit<Value>(schema: Schema<Value>, value: unknown): Value | undefined {
  const result = schema._zod.run({ value, issues: [] }, sync);
  // None of these schemas is asynchronous, and what has no issues is of the schema's type.
  return result instanceof Promise || result.issues.length > 0 ? undefined : (result.value as Value);
}

function fitting<Value>(check: (value: unknown) => unknown): Schema<Value> {
  return new Fitting({ type: 'custom', fitting: check }) as Schema<Value>;
}

/**
 * An object of Meta's: its required members, then its optional ones.
 */
export function fields<Value extends object>(
  required: Shape<Value, RequiredName<Value>>,
  optional: Shape<Value, Exclude<keyof Value, RequiredName<Value>>>,
): Schema<Value> {
  const shape = new Map(Object.entries<Schema<unknown>>({ ...required, ...optional }));
  const names = Object.keys(required);
  return fitting((input) => {
    if (!isRecord(input)) return undefined;
    let copy: Record<string, unknown> | undefined;
    for (const key in input) {
      const schema = shape.get(key);
      if (schema === undefined) continue;
      const value = input[key];
      // zod names its primitive schemas as the language names the types, so most values need no further call.
      if (typeof value === schema._zod.def.type) continue;
      const fitted = fit(schema, value);
      if (fitted === value) continue;
      copy ??= { ...input };
      copy[key] = fitted;
    }
    const output = copy ?? input;
    for (const name of names) if (output[name] === undefined) return undefined;
    return output;
  });
}

/** A list; one element that does not fit makes the whole list not fit, as a list with a gap would mislead. */
export function list<Element>(element: Schema<Element>): Schema<Element[]> {
  return fitting((value) => {
    if (!Array.isArray(value)) return undefined;
    const elements = value.map((item) => fit(element, item));
    return elements.includes(undefined) ? undefined : elements;
  });
}

export const text: Schema<string> = /* @__PURE__ */ new $ZodString({ type: 'string' });
export const number: Schema<number> = /* @__PURE__ */ new $ZodNumber({ type: 'number' });
export const flag: Schema<boolean> = /* @__PURE__ */ new $ZodBoolean({ type: 'boolean' });
export const anything: Schema<unknown> = /* @__PURE__ */ fitting((value) => value);
/** A value of one type or of another. */
export function oneOf<A, B>(one: Schema<A>, other: Schema<B>): Schema<A | B> {
  return fitting((value) => fit(one, value) ?? fit(other, value));
}

/** Ids, amounts and times, which come as numbers and as strings of digits. */
export const numeric: Schema<number | string> = /* @__PURE__ */ oneOf(text, number);
