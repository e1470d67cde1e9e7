/** What a figure must reach: at most, below, or above so much of its unit. */
export type Target = { readonly atMost: number } | { readonly below: number } | { readonly above: number };

/** What was measured. */
export interface Measurement {
  readonly value: number;
  /** `×` is a ratio within the run; any other figure depends on the machine. */
  readonly unit: string;
  /** What stands behind the value. */
  readonly details: Readonly<Record<string, number>>;
}

/** One figure, exported as `figure` by a file of its own. */
export interface Figure {
  readonly name: string;
  readonly target: Target;
  run(): Promise<Measurement>;
}

/** A figure and what was measured of it. */
export type Row = Pick<Figure, 'name' | 'target'> & Measurement;

/** Whether the value reaches the target. */
export function isReached({ value, target }: Row): boolean {
  if ('atMost' in target) return value <= target.atMost;
  return 'below' in target ? value < target.below : value > target.above;
}

/** The target for people. */
export function targetText({ target, unit }: Row): string {
  if ('atMost' in target) return `at most ${target.atMost} ${unit}`;
  return 'below' in target ? `below ${target.below} ${unit}` : `above ${target.above} ${unit}`;
}
