/**
 * A rule of Meta's as dated data: what held, from when, until when, and who says so.
 */
export interface PolicyRule<Value> {
  readonly value: Value;
  /** First day on which it held (ISO date); absent: since before the library's records. */
  readonly since?: string;
  /** First day on which it no longer held (ISO date); absent: it holds still. */
  readonly until?: string;
  /** Where it is written, with the date of that copy. */
  readonly source: string;
  /** What one should know beside it: margins, how sure it is. */
  readonly note?: string;
  /** What others wrote of the same time, where sources disagree. */
  readonly alternatives?: readonly RuleAlternative<Value>[];
}

/** Another value that a source gives for a rule. */
export interface RuleAlternative<Value> {
  readonly value: Value;
  /** Where it is written, with the date of that copy. */
  readonly source: string;
}

/** The rule that held on a day; the last listed wins where several do. */
export function ruleOn<Value>(rules: readonly PolicyRule<Value>[], day: string): PolicyRule<Value> | undefined {
  return rules.findLast(({ since, until }) => (since === undefined || since <= day) && (until === undefined || day < until));
}
