import { checkObject, describeValue } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { interactiveLimit } from '../policy/interactive-rules.js';
import { isoDay } from '../runtime/calendar.js';
import { isStandardSchema, type StandardSchema } from '../runtime/standard-schema.js';

/** Type of a field of a callback: a text, a number, `true` or `false`, or one of several texts. */
export type CallbackField = 'string' | 'number' | 'boolean' | readonly string[];

/** Fields of a callback by name. Their order is part of the ID. */
export type CallbackFields = Readonly<Record<string, CallbackField>>;

/** Values of {@link CallbackFields}. */
export type CallbackValues<Fields extends CallbackFields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends 'string'
    ? string
    : Fields[Name] extends 'number'
      ? number
      : Fields[Name] extends 'boolean'
        ? boolean
        : Fields[Name] extends readonly (infer Word)[]
          ? Word
          : never;
};

/** A typed ID of buttons and rows. */
export interface Callback<Values, Parsed = Values> {
  readonly name: string;
  readonly version: number;
  /**
   * Builds the ID of a button or a row.
   *
   * @param values - The data of the button.
   * @throws `InvalidArgumentError` if a value has a wrong type, or if the ID exceeds 256 characters.
   */
  id(values: Values): string;
  /**
   * Reads the ID of a reply. It never throws.
   *
   * @param id - The ID of a `button_reply` or `list_reply`, or the `payload` of a quick reply.
   * @returns `undefined` for IDs of other callbacks and other versions, and for malformed ones
   */
  parse(id: string): Parsed | undefined;
}

/** Parameters of {@link defineCallback} with fields. */
export interface CallbackDefinition<Fields extends CallbackFields> {
  /** Unique name: letters, digits, `_` and `-`, at most 40 characters. */
  readonly name: string;
  /**
   * Raise it if you change the fields. Buttons of earlier versions stay in the chats of customers, and their IDs are
   * then no longer parsed.
   * @defaultValue `1`
   */
  readonly version?: number | undefined;
  readonly fields: Fields;
}

/** Parameters of {@link defineCallback} with a schema. */
export interface SchemaCallbackDefinition<Input, Output> {
  /** Unique name: letters, digits, `_` and `-`, at most 40 characters. */
  readonly name: string;
  /** @defaultValue `1` */
  readonly version?: number | undefined;
  /** A synchronous schema of any library with Standard Schema, for example Zod. The ID contains its input as JSON. */
  readonly schema: StandardSchema<Input, Output>;
}

const action = 'defineCallback';

/**
 * Defines typed IDs of reply buttons, list rows and quick replies. The ID contains the data, so a reply needs no
 * session. The button stays in the chat, so a customer can tap it again later.
 *
 * Meta allows 256 characters for IDs of buttons, and 200 for rows of a list. Source: Meta, Interactive reply buttons
 * messages and Interactive list messages (Nov 2025).
 *
 * @param definition - The name, the version, and the fields or a schema.
 * @returns the callback. Pass it to the filters of `webhooks.on` as `button` or `list`.
 * @throws `InvalidArgumentError` if the definition is invalid
 *
 * @example
 * ```ts
 * import { buttons, defineCallback } from 'wa-coexist/messages';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const pickDay = defineCallback({ name: 'pick-day', fields: { day: 'string', slot: 'number', size: ['S', 'M'] } });
 * const question = buttons('Shall we come on Friday?', [
 *   { id: pickDay.id({ day: '2026-12-04', slot: 2, size: 'M' }), title: 'Yes' },
 * ]);
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * webhooks.on('message', { button: pickDay }, (event, { data }) => {
 *   console.log(question.type, data.day, data.slot + 1);
 * });
 * ```
 */
export function defineCallback<const Fields extends CallbackFields>(
  definition: CallbackDefinition<Fields>,
): Callback<CallbackValues<Fields>>;
export function defineCallback<Input, Output>(definition: SchemaCallbackDefinition<Input, Output>): Callback<Input, Output>;
export function defineCallback(
  definition: CallbackDefinition<CallbackFields> | SchemaCallbackDefinition<unknown, unknown>,
): Callback<never, unknown> {
  const { name, version = 1 } = definition;
  if (typeof name !== 'string' || !/^[A-Za-z][\w-]{0,39}$/.test(name)) {
    throw new InvalidArgumentError(action, 'name', 'must have 1 to 40 letters, digits, _ or -, and begin with a letter');
  }
  if (!Number.isSafeInteger(version) || version < 0) throw new InvalidArgumentError(action, 'version', 'must be an integer from 0');
  const prefix = `${name}.${String(version)}|`;
  const codec = 'schema' in definition ? schemaCodec(definition.schema) : fieldsCodec(definition.fields);
  const idOf = (values: unknown): string => {
    const id = prefix + codec.encode(values);
    const most = interactiveLimit('button', 'action.buttons[].reply.id', isoDay(Date.now()));
    const { length } = Array.from(id);
    if (length <= most) return id;
    const rule = `of ${name} make an ID of ${String(length)} characters, but Meta allows ${String(most)}: store the data, and put its key into the ID`;
    throw new InvalidArgumentError('callback.id', 'values', rule);
  };
  return {
    name,
    version,
    id: idOf,
    parse: (id) => {
      try {
        return typeof id === 'string' && id.startsWith(prefix) ? codec.decode(id.slice(prefix.length)) : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * Encodes and decodes the data of an ID. `decode` returns `undefined`, or throws, for any text that `encode` doesn't
 * return.
 */
interface Codec {
  encode(values: unknown): string;
  decode(text: string): unknown;
}

function fieldsCodec(fields: CallbackFields): Codec {
  checkObject(action, 'fields', fields);
  const entries = Object.entries(fields);
  for (const [name, field] of entries) {
    if (!Array.isArray(field) && !['string', 'number', 'boolean'].includes(String(field))) {
      throw new InvalidArgumentError(action, `fields.${name}`, "must be 'string', 'number', 'boolean' or a list of texts");
    }
  }
  const encode = (values: unknown): string =>
    entries
      .map(([name, field]) => {
        const value: unknown = Reflect.get(Object(values) as object, name);
        if (!fits(value, field)) throw new InvalidArgumentError('callback.id', `values.${name}`, ruleOf(value, field));
        return escaped(typeof value === 'boolean' ? (value ? '1' : '0') : String(value));
      })
      .join('|');
  return {
    encode,
    decode: (text) => {
      const parts = text.split('|');
      if (parts.length !== Math.max(1, entries.length)) return undefined;
      const values = Object.fromEntries(
        entries.map(([name, field], index) => [name, valueOf(decodeURIComponent(parts[index] ?? ''), field)]),
      );
      // Only texts that `encode` can return are IDs of this callback.
      return encode(values) === text ? values : undefined;
    },
  };
}

function fits(value: unknown, field: CallbackField): boolean {
  if (typeof field === 'object') return typeof value === 'string' && field.includes(value);
  if (field === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return typeof value === field && (typeof value !== 'string' || !/\p{Cs}/u.test(value));
}

function ruleOf(value: unknown, field: CallbackField): string {
  const wanted = typeof field === 'object' ? `one of ${field.map((word) => `'${word}'`).join(', ')}` : `a ${field}`;
  return `must be ${wanted}, but is ${describeValue(value)}`;
}

function valueOf(text: string, field: CallbackField): unknown {
  if (field === 'number') return Number(text);
  return field === 'boolean' ? text === '1' : text;
}

/** Escapes separators, and spaces, which WhatsApp removes at the ends of IDs. */
function escaped(text: string): string {
  return text.replace(/[%|\s\p{Cc}]/gu, encodeURIComponent);
}

function schemaCodec<Input, Output>(schema: StandardSchema<Input, Output>): Codec {
  if (!isStandardSchema(schema)) throw new InvalidArgumentError(action, 'schema', 'must implement Standard Schema');
  const validate = (value: unknown): { readonly value: unknown } => {
    const result = schema['~standard'].validate(value);
    if (result instanceof Promise) {
      result.catch(() => undefined);
      throw new InvalidArgumentError(action, 'schema', 'must be synchronous');
    }
    // Error messages of schemas can contain values, which may be personal.
    if (result.issues)
      throw new InvalidArgumentError('callback.id', 'values', `don't match the schema in ${String(result.issues.length)} places`);
    return result;
  };
  return {
    encode: (values) => {
      validate(values);
      return escaped(JSON.stringify(values));
    },
    decode: (text) => validate(JSON.parse(decodeURIComponent(text))).value,
  };
}
