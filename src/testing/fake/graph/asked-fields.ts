import { Refusal } from '../refusal.js';

/** A requested field: `message_templates.limit(1){name,status}`. */
export interface AskedField {
  /** As it was written. */
  readonly source: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The requested sub-fields of its value, as they were written. */
  readonly subfields: string;
  /** The name in the response: `verified_name.as(title)`. */
  readonly alias: string;
}

/** Reads the value of `fields`. @throws `Refusal` if a bracket has no partner */
export function readFields(fields: string): readonly AskedField[] {
  return split(fields).map((source) => {
    const name = /^[^.{(]*/.exec(source)?.[0]?.trim() ?? source;
    const brace = source.indexOf('{');
    const head = brace < 0 ? source : source.slice(0, brace);
    const { as: alias = name, ...parameters }: Readonly<Record<string, unknown>> = Object.fromEntries(
      [...head.matchAll(/\.(\w+)\(([^)]*)\)/g)].map(([, key = '', value = '']) => [key, parameterOf(value.trim())]),
    );
    const subfields = brace < 0 ? '' : source.slice(brace + 1, source.lastIndexOf('}'));
    return { source, name, parameters, subfields, alias: String(alias) };
  });
}

/** Reduces an object, a list, or the `data` of a page to the requested fields. The `id` is always included. */
export function narrow(value: unknown, subfields: string): unknown {
  if (Array.isArray(value)) return value.map((item) => narrow(item, subfields));
  if (typeof value !== 'object' || value === null) return value;
  if ('data' in value && Array.isArray(value.data)) return { ...value, data: narrow(value.data, subfields) };
  const asked = new Map(readFields(subfields).map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
      const field = asked.get(name);
      if (!field) return name === 'id' ? [[name, member]] : [];
      return [[field.alias, field.subfields === '' ? member : narrow(member, field.subfields)]];
    }),
  );
}

/** Parts between commas, but not those within brackets. */
function split(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let depth = 0;
  for (const character of `${text},`) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth < 0) throw syntaxError(`Expected end of string instead of "${character}".`, text);
    if (character !== ',' || depth > 0) part += character;
    else {
      parts.push(part.trim());
      part = '';
    }
  }
  if (depth > 0) throw syntaxError('Expected a closing bracket instead of end of string.', text);
  return parts.filter((name) => name !== '');
}

function syntaxError(problem: string, text: string): Refusal {
  return new Refusal(400, { message: `Syntax error "${problem}" in the fields ${text}`, type: 'OAuthException', code: 2500 });
}

function parameterOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
