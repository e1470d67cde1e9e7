import { BadRequestException } from '@nestjs/common';

/** Reads a text from a JSON body. @throws `BadRequestException` that names the member and the rule. */
export function readText<Allowed extends string = string>(
  body: unknown,
  name: string,
  { max = 1_024, allowed, pattern }: { readonly max?: number; readonly allowed?: readonly Allowed[]; readonly pattern?: RegExp } = {},
): Allowed {
  const value = memberOf(body, name);
  if (typeof value !== 'string' || value.trim() === '') throw new BadRequestException(`${name} is missing.`);
  if (value.length > max) throw new BadRequestException(`${name} is longer than ${String(max)} characters.`);
  if (allowed && !allowed.some((known) => known === value)) throw new BadRequestException(`${name} must be one of ${allowed.join(', ')}.`);
  if (pattern?.test(value) === false) throw new BadRequestException(`${name} has the wrong format.`);
  // It is one of the allowed texts, or any text if there is no list.
  return value as Allowed;
}

/** Reads an optional parameter of the query. @throws `BadRequestException` if it is repeated or has parts */
export function readQuery(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new BadRequestException(`${name} must be one text.`);
}

/** Reads a member of a JSON body. */
export function memberOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, name) ? (body as Record<string, unknown>)[name] : undefined;
}
