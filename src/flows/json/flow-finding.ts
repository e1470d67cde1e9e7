import { flowConvention, flowLimit, type FlowConvention, type FlowLimits } from '../../policy/flow-rules.js';
import { createJsonLocator, formatJsonPath, type JsonPath, type TextPosition } from '../../runtime/json-position.js';

/** A part of a Flow that breaks a rule of Meta. */
export interface FlowFinding {
  /** Name of the rule, for example `footerLabelLength`. */
  readonly rule: keyof FlowLimits | FlowConvention;
  /** Path of the part, for example `screens[0].layout.children[1].label`. */
  readonly path: string;
  /** Meta rejects Flows with an error. A warning names a risk. */
  readonly severity: 'error' | 'warning';
  /** The violated rule, as text. The path is the subject of the sentence. */
  readonly message: string;
  /** Source of the rule, with the date of its version. */
  readonly source: string;
  /** Line of the part, from 1, if the Flow was passed as text. */
  readonly line?: number;
  /** Column of the part, from 1, if the Flow was passed as text. */
  readonly column?: number;
}

/** Collects the findings of one Flow by the rules of one day. */
export class FlowFindings {
  readonly all: FlowFinding[] = [];
  readonly day: string;
  readonly #locate: ((path: JsonPath) => TextPosition) | undefined;

  /**
   * @param day - The day, as an ISO date.
   * @param text - The text of the Flow, for lines and columns.
   */
  constructor(day: string, text: string | undefined) {
    this.day = day;
    this.#locate = text === undefined ? undefined : createJsonLocator(text);
  }

  /** Adds a finding if Meta applies the rule on the day. */
  add(rule: FlowConvention, path: JsonPath, message: string, severity: FlowFinding['severity'] = 'error'): void {
    const row = flowConvention(rule, this.day);
    if (row) this.#push(rule, path, severity, message, row.source);
  }

  /** Adds a finding if a fixed text has too many characters. */
  length(rule: keyof FlowLimits, path: JsonPath, text: unknown): void {
    if (typeof text !== 'string' || isDynamic(text)) return;
    const { length } = Array.from(text);
    this.most(rule, path, length, (limit) => `has ${String(length)} characters, but Meta allows ${String(limit)}`);
  }

  /** Adds a finding if a number is above a limit. */
  most(rule: keyof FlowLimits, path: JsonPath, value: number, describe: (limit: number) => string): void {
    const row = flowLimit(rule, this.day);
    if (row && value > row.value) this.#push(rule, path, 'error', describe(row.value), row.source);
  }

  /** Adds a finding if a number is below a limit. */
  least(rule: keyof FlowLimits, path: JsonPath, value: number, describe: (limit: number) => string): void {
    const row = flowLimit(rule, this.day);
    if (row && value < row.value) this.#push(rule, path, 'error', describe(row.value), row.source);
  }

  #push(rule: FlowFinding['rule'], path: JsonPath, severity: FlowFinding['severity'], message: string, source: string): void {
    this.all.push({ rule, path: formatJsonPath(path), severity, message, source, ...this.#locate?.(path) });
  }
}

/** Returns whether a text contains a reference, or is an expression. */
export function isDynamic(text: string): boolean {
  return text.includes('${') || /^`[^]*`$/.test(text);
}
