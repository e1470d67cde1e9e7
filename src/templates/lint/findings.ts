import { templateConvention, templateLimit, type TemplateConvention, type TemplateLimits } from '../../policy/template-rules.js';

/** A part of a template that breaks a rule of Meta. */
export interface TemplateFinding {
  /** Name of the rule, for example `bodyLength`. */
  readonly rule: keyof TemplateLimits | TemplateConvention;
  /** Path of the part, for example `components[1].text`. */
  readonly path: string;
  /** Meta rejects templates with an error. A warning names a risk. */
  readonly severity: 'error' | 'warning';
  /** The violated rule, as text. The path is the subject of the sentence. */
  readonly message: string;
  /** Source of the rule, with the date of its version. */
  readonly source: string;
}

/** Collects the findings of one template by the rules of one day. */
export class Findings {
  readonly all: TemplateFinding[] = [];
  readonly #day: string;

  constructor(day: string) {
    this.#day = day;
  }

  /** Adds a finding if Meta applies the rule on the day. */
  add(rule: TemplateConvention, path: string, message: string, severity: TemplateFinding['severity'] = 'error'): void {
    const row = templateConvention(rule, this.#day);
    if (row) this.all.push({ rule, path, severity, message, source: row.source });
  }

  /** Adds a finding if a text has too many characters. */
  length(rule: keyof TemplateLimits, path: string, text: unknown): void {
    if (typeof text !== 'string') return;
    const { length } = Array.from(text);
    this.most(rule, path, length, (limit) => `has ${String(length)} characters, but Meta allows ${String(limit)}`);
  }

  /** Adds a finding if a number is above a limit. */
  most(rule: keyof TemplateLimits, path: string, value: number, describe: (limit: number) => string): void {
    this.#compare(rule, path, (limit) => value > limit, describe);
  }

  /** Adds a finding if a number is below a limit. */
  least(
    rule: keyof TemplateLimits,
    path: string,
    value: number,
    describe: (limit: number) => string,
    severity?: TemplateFinding['severity'],
  ): void {
    this.#compare(rule, path, (limit) => value < limit, describe, severity);
  }

  /** Adds a finding if a value isn't an integer between two limits. */
  range(least: keyof TemplateLimits, most: keyof TemplateLimits, path: string, value: unknown, describe: () => string): void {
    const number = Number.isInteger(value) ? Number(value) : NaN;
    // A value that isn't a number breaks both limits, so only one of them reports it.
    this.#compare(least, path, (limit) => !(number >= limit), describe);
    if (!Number.isNaN(number)) this.most(most, path, number, describe);
  }

  /** Adds a finding if a number isn't the limit. */
  exactly(rule: keyof TemplateLimits, path: string, value: number, describe: (limit: number) => string): void {
    this.#compare(rule, path, (limit) => value !== limit, describe);
  }

  /** Returns a limit of the day. */
  limit(rule: keyof TemplateLimits): number {
    return templateLimit(rule, this.#day)?.value ?? Infinity;
  }

  #compare(
    rule: keyof TemplateLimits,
    path: string,
    isBroken: (limit: number) => boolean,
    describe: (limit: number) => string,
    severity: TemplateFinding['severity'] = 'error',
  ): void {
    const row = templateLimit(rule, this.#day);
    if (row && isBroken(row.value)) this.all.push({ rule, path, severity, message: describe(row.value), source: row.source });
  }
}
