/** A rule of Meta as dated data: its value, its dates and its source. */
export interface PolicyRule<Value> {
  readonly value: Value;
  /** First day of the rule (ISO date). Absent if it is older than the library's records. */
  readonly since?: string;
  /** First day on which the rule no longer applies (ISO date). Absent if it still applies. */
  readonly until?: string;
  /** The source of the rule, with the date of its version. */
  readonly source: string;
  /** Additional information, for example margins and the certainty of the rule. */
  readonly note?: string;
  /** Values of other sources for the same period. */
  readonly alternatives?: readonly RuleAlternative<Value>[];
}

/** A different value from another source. */
export interface RuleAlternative<Value> {
  readonly value: Value;
  /** The source of the value, with the date of its version. */
  readonly source: string;
}

/**
 * Returns the rule of a day. If several rules apply, the last one wins.
 *
 * @param rules - The rules, oldest first.
 * @param day - The day, as an ISO date.
 */
export function ruleOn<Value>(rules: readonly PolicyRule<Value>[], day: string): PolicyRule<Value> | undefined {
  return rules.findLast(({ since, until }) => (since === undefined || since <= day) && (until === undefined || day < until));
}
