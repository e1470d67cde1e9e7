/** A requested field: `message_templates.limit(1){name,status}`. */
export interface AskedField {
  /** As it was written. */
  readonly source: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The requested sub-fields of its value, as they were written. */
  readonly subfields: string;
}

/** Reads the value of `fields`. */
export function readFields(fields: string): readonly AskedField[] {
  return split(fields).map((source) => {
    const name = /^[^.{(]*/.exec(source)?.[0]?.trim() ?? source;
    const brace = source.indexOf('{');
    const head = brace < 0 ? source : source.slice(0, brace);
    return {
      source,
      name,
      parameters: Object.fromEntries(
        [...head.matchAll(/\.(\w+)\(([^)]*)\)/g)].map(([, key = '', value = '']) => [key, parameterOf(value.trim())]),
      ),
      subfields: brace < 0 ? '' : source.slice(brace + 1, source.lastIndexOf('}')),
    };
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
      return [[name, field.subfields === '' ? member : narrow(member, field.subfields)]];
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
    if (character !== ',' || depth > 0) part += character;
    else {
      parts.push(part.trim());
      part = '';
    }
  }
  return parts.filter((name) => name !== '');
}

function parameterOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
