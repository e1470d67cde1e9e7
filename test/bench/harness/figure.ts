/** What a figure must reach: at most, at least, below, or above so much of its unit. */
export type Target = { readonly atMost: number } | { readonly atLeast: number } | { readonly below: number } | { readonly above: number };

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
  /** Details that have targets of their own. */
  readonly also?: Readonly<Record<string, Target>>;
  /** Measured where it is asked for by its name, or with `--full`: it takes long. */
  readonly onlyInFull?: boolean;
  run(): Promise<Measurement>;
}

/** A figure and what was measured of it. */
export type Row = Pick<Figure, 'name' | 'target' | 'also'> & Measurement;

/** Whether the value reaches the target, and each detail its own. */
export function isReached({ value, target, details, also = {} }: Row): boolean {
  return reaches(value, target) && Object.entries(also).every(([name, own]) => reaches(details[name] ?? Number.NaN, own));
}

function reaches(value: number, target: Target): boolean {
  if ('atMost' in target) return value <= target.atMost;
  if ('atLeast' in target) return value >= target.atLeast;
  return 'below' in target ? value < target.below : value > target.above;
}

/** A target for people. */
export function targetText(target: Target, unit: string): string {
  const [[word, bound] = ['', 0]] = Object.entries(target);
  return `${{ atMost: 'at most', atLeast: 'at least' }[word] ?? word} ${bound}${unit === '' ? '' : ` ${unit}`}`;
}
