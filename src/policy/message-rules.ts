import { ruleOn, type PolicyRule } from './rule.js';

/**
 * Meta's rules for the parts of a message at one path. `[]` stands for each item of a list. After `?`, the rule applies
 * only if the member is present.
 */
export interface PartRule {
  readonly path: string;
  /** Whether the part must be present and not empty. `if-several`: only if the path leads to several parts. */
  readonly needed?: 'always' | 'if-several' | 'never';
  /** Maximum number of characters of a text. */
  readonly most?: number;
  /** Maximum number of line breaks. */
  readonly lineBreaks?: number;
  /** The text is an address on the web. */
  readonly url?: true;
  /** Minimum and maximum number of items of each list. */
  readonly items?: readonly [least: number, most: number];
  /** Maximum number of items of the lists of all sections together, and their name. */
  readonly total?: readonly [most: number, name: string];
  /** Bounds of a whole number. A missing number passes. */
  readonly whole?: readonly [least: number, most: number];
  /** The part has exactly one of two members. */
  readonly either?: readonly [string, string];
  readonly oneOf?: readonly string[];
  /** No two parts are equal. */
  readonly unique?: true;
}

/** The rules of one kind of message, by day, oldest first. */
export type MessageRules = readonly [PolicyRule<readonly PartRule[]>, ...PolicyRule<readonly PartRule[]>[]];

/** A limit, by day, oldest first. */
export type LimitRows = readonly [PolicyRule<number>, ...PolicyRule<number>[]];

/**
 * Returns the value of a rule on a day.
 *
 * @param rows - The rows of the rule, oldest first.
 * @param day - The day, as an ISO date.
 */
export function valueOn<Value>(rows: readonly [PolicyRule<Value>, ...PolicyRule<Value>[]], day: string): Value {
  return (ruleOn(rows, day) ?? rows[0]).value;
}
