import { typeOf } from '../../errors/check-options.js';
import { InvalidMessageError } from '../../errors/usage-errors.js';
import { isRecord } from '../../runtime/json.js';

/**
 * A part of a message with its path. It doesn't trust the static type, because callers without TypeScript may pass any
 * value. Errors contain the path.
 */
export class Part {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path = '') {
    this.value = value;
    this.path = path;
  }

  /** Returns the member with this name. */
  at(name: string): Part {
    return new Part(isRecord(this.value) ? this.value[name] : undefined, this.path ? `${this.path}.${name}` : name);
  }

  /** Whether the part has a value. */
  get isThere(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  reject(rule: string, limit?: number): never {
    throw new InvalidMessageError(this.path, rule, limit);
  }

  /** Rejects a missing value and an empty string. */
  needed(): this {
    return this.isThere && this.value !== '' ? this : this.reject('is missing');
  }

  /** Rejects any value. */
  notAllowed(rule: string): void {
    if (this.isThere) this.reject(rule);
  }

  /** Rejects all other values. */
  oneOf(...words: readonly string[]): this {
    return words.some((word) => word === this.value) ? this : this.reject(`must be ${words.join(' or ')}`);
  }

  /** Rejects any value except a string. A missing value passes. */
  text(): string {
    const { value } = this;
    if (!this.isThere) return '';
    return typeof value === 'string' ? value : this.reject(`must be a string, but is ${typeOf(value)}`);
  }

  /** Rejects a text with more characters than `most`. Counts code points, so a simple emoji counts as one. */
  atMost(most: number): this {
    const { length } = Array.from(this.text());
    if (length > most) this.reject(`has ${String(length)} characters, but Meta allows ${String(most)}`, most);
    return this;
  }

  /** Rejects a string that isn't a web address. A missing value passes. */
  webAddress(): void {
    // Meta's examples contain placeholders such as <http(s)://image-url>.
    if (this.isThere && !/^<?http(s|\(s\))?:\/\/[^\s/]/i.test(this.text())) this.reject('must begin with https:// or http://');
  }

  /** Rejects a value that isn't a number between two bounds. A missing value passes. */
  between(least: number, most: number): void {
    const number = this.#number();
    // Meta's examples contain placeholders such as <LOCATION_LATITUDE>.
    if (!this.isThere || /^</.test(String(this.value)) || (number >= least && number <= most)) return;
    this.reject(`must be a number from ${String(least)} to ${String(most)}`, most);
  }

  /** Rejects a value that isn't an integer between two bounds. A missing value passes. */
  whole(least: number, most: number): this {
    const number = this.#number();
    if (!this.isThere || (Number.isInteger(number) && number >= least && number <= most)) return this;
    return this.reject(`must be a whole number from ${String(least)} to ${String(most)}`, most);
  }

  /** Returns a number, also from a string, because Meta accepts both. Returns `NaN` for other values. */
  #number(): number {
    const { value } = this;
    return typeof value === 'number' || (typeof value === 'string' && value.trim()) ? Number(value) : NaN;
  }

  /** Returns the elements of a list, or an empty list for other values. */
  list(): readonly Part[] {
    return Array.isArray(this.value) ? this.value.map((item: unknown, index) => new Part(item, `${this.path}[${String(index)}]`)) : [];
  }

  /** Returns the elements of a list, and rejects a list with too few or too many. */
  items(least: number, most: number): readonly Part[] {
    const items = this.list();
    if (items.length < least) this.reject(items.length === 0 ? 'is missing or empty' : `has fewer than ${String(least)} items`, least);
    if (items.length > most) this.reject(`has ${String(items.length)} items, but Meta allows ${String(most)}`, most);
    return items;
  }

  /** Rejects the part unless it has exactly one of these members. */
  exactlyOne(first: string, second: string): void {
    const has = (name: string): boolean => this.at(name).isThere && this.at(name).value !== '';
    if (has(first) && has(second)) this.reject(`has both ${first} and ${second}, but Meta allows only one of them`);
    if (!has(first) && !has(second)) this.reject(`needs ${first} or ${second}`);
  }

  /** Rejects a file unless it has either `id` or `link`. */
  file(): this {
    this.exactlyOne('id', 'link');
    this.at('link').webAddress();
    return this;
  }
}

/** Rejects the first part with a duplicate value. */
export function checkUnique(parts: readonly Part[]): void {
  const seen = new Set<unknown>();
  for (const part of parts) {
    if (seen.has(part.value)) part.reject('must be unique, but is a duplicate');
    seen.add(part.value);
  }
}
