import { isRecord } from '../../runtime/json.js';

/**
 * What Meta requires at one place of a message. A path names members; `[]` stands for each element of a list, and a `?` after a name means that
 * the rule applies only if the member is there.
 */
export interface MessageRule {
  readonly path: string;
  /** How Meta's error calls it, if this is known. @defaultValue the path */
  readonly label?: string;
  /** Neither absent nor empty. Code 131008. */
  readonly needed?: true;
  /** As {@link needed}, but only if the list has several elements. */
  readonly neededIfSeveral?: true;
  readonly forbidden?: true;
  /** In code points. */
  readonly maxLength?: number;
  readonly maxLineBreaks?: number;
  readonly oneOf?: readonly string[];
  /** Format of the text, and its name for the error. */
  readonly format?: readonly [pattern: RegExp, name: string];
  /** Fewest and most elements of a list. */
  readonly count?: readonly [number, number];
  /** Most elements of all lists that the path leads to. */
  readonly maxTotal?: number;
  /** A whole number between two bounds, if there is one. */
  readonly whole?: readonly [number, number];
  /** Exactly one of two members. */
  readonly either?: readonly [string, string];
  readonly unique?: true;
  /** All elements of the list have as many buttons, and are all products or all not. */
  readonly alike?: true;
  readonly string?: true;
  /** No line break, no tab and at most four spaces in a row. */
  readonly oneLine?: true;
}

/** What Meta's error says. */
export interface MessageProblem {
  /** Whether something is missing (131008), a template's text has a character that it must not have (132018), or a value is wrong (131009). */
  readonly kind: 'missing' | 'template-text' | 'invalid';
  readonly details: string;
}

/** Finds the first rule that a message, or a part of it, breaks. */
export function findMessageProblem(root: unknown, rules: readonly MessageRule[]): MessageProblem | undefined {
  for (const rule of rules) {
    const values = valuesAt(root, rule.path.split('.'));
    const problem = problemOfEach(rule, values) ?? problemOfAll(rule, values);
    if (problem) return problem;
  }
  return undefined;
}

function valuesAt(value: unknown, [step, ...rest]: readonly string[]): readonly unknown[] {
  if (step === undefined) return [value];
  const name = step.replace(/(?:\[\]|\?)+$/, '');
  const member = isRecord(value) ? value[name] : undefined;
  if (step.endsWith('?') && isAbsent(member)) return [];
  if (!step.endsWith('[]')) return valuesAt(member, rest);
  return Array.isArray(member) ? member.flatMap((element: unknown) => valuesAt(element, rest)) : [];
}

const invalid = (details: string): MessageProblem => ({ kind: 'invalid', details });

function problemOfEach(rule: MessageRule, values: readonly unknown[]): MessageProblem | undefined {
  const { path, label = path, needed = false, neededIfSeveral = false } = rule;
  const isNeeded = needed || (neededIfSeveral && values.length > 1);
  for (const value of values) {
    if (isNeeded && (isAbsent(value) || value === '')) return { kind: 'missing', details: `The parameter ${label} is required.` };
    const problem = problemOfValue(rule, label, value);
    if (problem) return problem;
  }
  return undefined;
}

function problemOfValue(rule: MessageRule, label: string, value: unknown): MessageProblem | undefined {
  const { forbidden, maxLength = Infinity, maxLineBreaks = Infinity, oneOf, format, count, whole, either, oneLine } = rule;
  if (forbidden && !isAbsent(value)) return invalid(`${label} is not supported for this message.`);
  if (rule.string && typeof value !== 'string') return invalid(`${label} must be a string.`);
  if (oneOf && !oneOf.some((word) => word === value)) return invalid(`${label} must be one of {${oneOf.join(', ')}}.`);
  if (whole && !isAbsent(value) && !isWhole(value, whole)) return invalid(`${label} must be between ${whole.join(' and ')}.`);
  if (either && either.filter((name) => isFilled(value, name)).length !== 1) {
    return invalid(`Exactly one of ${either.join(' and ')} is needed in ${label}.`);
  }
  if (count) {
    const length = Array.isArray(value) ? value.length : 0;
    const [min, max] = count;
    if (length < min || length > max) {
      return invalid(`Invalid ${label} count. Min allowed: ${String(min)}, Max allowed: ${String(max)}`);
    }
  }
  if (typeof value !== 'string') return undefined;
  if (format && !format[0].test(value)) return invalid(`${label} is not a valid ${format[1]}.`);
  if (Array.from(value).length > maxLength) return invalid(`${label} length invalid. Min length: 1, Max length: ${String(maxLength)}`);
  if (value.split('\n').length - 1 > maxLineBreaks) return invalid(`${label} has more than ${String(maxLineBreaks)} line breaks.`);
  if (oneLine && /[\n\r\t\v\f\u0085\u2028\u2029]| {5}/.test(value)) {
    return { kind: 'template-text', details: 'Param text cannot have new-line/tab characters or more than 4 consecutive spaces' };
  }
  return undefined;
}

function problemOfAll({ path, label = path, unique, maxTotal = Infinity, alike }: MessageRule, values: readonly unknown[]) {
  if (unique && new Set(values).size < values.length) return invalid(`Duplicated ${label}.`);
  const total = values.reduce((sum: number, list) => sum + (Array.isArray(list) ? list.length : 0), 0);
  if (total > maxTotal) return invalid(`Total ${label} count exceeds the maximum of ${String(maxTotal)}.`);
  if (alike && values.some((list) => Array.isArray(list) && new Set(list.map(shapeOfCard)).size > 1)) {
    return invalid(`All ${label} must have the same type, the same kind of header and the same number of buttons.`);
  }
  return undefined;
}

function shapeOfCard(card: unknown): string {
  const { type, header, action } = isRecord(card) ? card : {};
  const buttons = isRecord(action) && Array.isArray(action.buttons) ? action.buttons.length : 0;
  return `${type === 'product' ? 'product' : isRecord(header) ? String(header.type) : 'media'} ${String(buttons)}`;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isFilled(value: unknown, name: string): boolean {
  return isRecord(value) && !isAbsent(value[name]) && value[name] !== '';
}

/** Numbers can be sent as texts. */
function isWhole(value: unknown, [min, max]: readonly [number, number]): boolean {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
}
