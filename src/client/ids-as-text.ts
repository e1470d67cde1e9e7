/**
 * Matches a member that may be an ID or a list of IDs and begins with a number. The pattern begins with fixed letters,
 * which is many times faster than a pattern for the whole name.
 */
const numericId = /ids?"\s*:[\s[]*\d/;
const idName = /(?:^|_)ids?$/;

/**
 * Converts numeric IDs to strings, as in the types. Changes the value in place.
 *
 * @param data - A parsed response.
 * @param text - The same response as text. Responses without numeric IDs need only one search.
 */
export function writeIdsAsText(data: unknown, text: string): unknown {
  if (!numericId.test(text)) return data;
  // Not recursive, because the nesting may be deeper than the call stack.
  const open = [{ value: data, isIds: false }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, isIds } = next;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value) as [string, unknown][]) {
      const isId = Array.isArray(value) ? isIds : idName.test(name);
      if (isId && typeof member === 'number') Reflect.set(value, name, String(member));
      else open.push({ value: member, isIds: isId });
    }
  }
  return data;
}
