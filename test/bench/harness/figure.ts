/** What a figure must reach: at most, or at least, so much of its unit; `below` and `above` leave the value itself out. */
export type Target = { readonly atMost: number } | { readonly below: number } | { readonly above: number };

/** What was measured. */
export interface Measurement {
  readonly value: number;
  /** `×` is a ratio within the run; an absolute figure depends on the machine. */
  readonly unit: string;
  /** What stands behind the value. */
  readonly details: Readonly<Record<string, number | string>>;
}

/** One row of the table. */
export interface Figure {
  readonly name: string;
  readonly target: Target;
  run(): Promise<Measurement>;
}

/** Whether a value reaches a target. */
export function reaches(value: number, target: Target): boolean {
  if ('atMost' in target) return value <= target.atMost;
  return 'below' in target ? value < target.below : value > target.above;
}

/** A target for people. */
export function targetText(target: Target, unit: string): string {
  const [words, limit] =
    'atMost' in target ? ['at most', target.atMost] : 'below' in target ? ['below', target.below] : ['above', target.above];
  return `${words} ${limit} ${unit}`;
}
