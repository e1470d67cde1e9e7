import { InvalidMessageError } from '../../errors/usage-errors.js';
import { isRecord } from '../../runtime/json.js';

/**
 * A part of a message and the path to it. It is read without trust in its type: whoever writes JavaScript, or casts, may have left out
 * or mistaken anything, and is told where.
 */
export class Part {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path = '') {
    this.value = value;
    this.path = path;
  }

  /** The member of this name. */
  at(name: string): Part {
    return new Part(isRecord(this.value) ? this.value[name] : undefined, this.path ? `${this.path}.${name}` : name);
  }

  /** Whether there is anything. */
  get isThere(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  refuse(rule: string, limit?: number): never {
    throw new InvalidMessageError(this.path, rule, limit);
  }

  /** Neither absent nor an empty text. */
  needed(): this {
    return this.isThere && this.value !== '' ? this : this.refuse('is missing');
  }

  /** Absent. */
  notAllowed(rule: string): void {
    if (this.isThere) this.refuse(rule);
  }

  /** One of these words. */
  oneOf(...words: readonly string[]): this {
    return words.some((word) => word === this.value) ? this : this.refuse(`is not ${words.join(' or ')}`);
  }

  /** At most so many characters, where it is a text. An emoji counts as one, as its parts are no characters to those who see it. */
  atMost(most: number): this {
    if (typeof this.value === 'string' && this.value.length > most) {
      const { length } = Array.from(this.value);
      if (length > most) this.refuse(`has ${String(length)} characters; Meta takes ${String(most)}`, most);
    }
    return this;
  }

  /** A whole number between two bounds, where there is one. */
  whole(least: number, most: number): this {
    const number = typeof this.value === 'string' && this.value !== '' ? Number(this.value) : this.value;
    if (this.isThere && !(typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most)) {
      this.refuse(`is not a whole number from ${String(least)} to ${String(most)}`, most);
    }
    return this;
  }

  /** The elements of a list; none of what is no list. */
  list(): readonly Part[] {
    return Array.isArray(this.value) ? this.value.map((item: unknown, index) => new Part(item, `${this.path}[${String(index)}]`)) : [];
  }

  /** The elements of a list that has so many. */
  items(least: number, most: number): readonly Part[] {
    const items = this.list();
    if (items.length < least) this.refuse(items.length === 0 ? 'is missing or empty' : `has fewer than ${String(least)} items`, least);
    if (items.length > most) this.refuse(`has ${String(items.length)} items; Meta takes ${String(most)}`, most);
    return items;
  }

  /** Exactly one of these members. */
  exactlyOne(first: string, second: string): void {
    const has = (name: string): boolean => this.at(name).isThere && this.at(name).value !== '';
    if (has(first) && has(second)) this.refuse(`has both ${first} and ${second}; Meta takes one of them`);
    if (!has(first) && !has(second)) this.refuse(`needs ${first} or ${second}`);
  }

  /** A file: uploaded before, or to be fetched. */
  file(): this {
    this.exactlyOne('id', 'link');
    return this;
  }
}

/** Refuses the first part whose value came before. */
export function checkUnique(parts: readonly Part[]): void {
  const seen = new Set<unknown>();
  for (const part of parts) {
    if (seen.has(part.value)) part.refuse('is there twice; it has to be unique');
    seen.add(part.value);
  }
}
