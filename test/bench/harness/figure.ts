/** The limit of a figure in its unit. */
export type Target = { readonly atMost: number } | { readonly atLeast: number } | { readonly below: number } | { readonly above: number };

/** The result of a measurement. */
export interface Measurement {
  readonly value: number;
  /** `×` is a ratio within the run. All other figures depend on the machine. */
  readonly unit: string;
  /** The numbers from which the value was calculated. */
  readonly details: Readonly<Record<string, number>>;
}

/** One figure, which a file exports as `figure`. */
export interface Figure {
  readonly name: string;
  readonly target: Target;
  /** Details with their own targets. */
  readonly also?: Readonly<Record<string, Target>>;
  /** Whether the figure takes long, so it is measured only by name or with `--full`. */
  readonly onlyInFull?: boolean;
  run(): Promise<Measurement>;
}

/** A figure with its measurement. */
export type Row = Pick<Figure, 'name' | 'target' | 'also'> & Measurement;

/** Whether the value and each detail reach their targets. */
export function isReached({ value, target, details, also = {} }: Row): boolean {
  return reaches(value, target) && Object.entries(also).every(([name, own]) => reaches(details[name] ?? Number.NaN, own));
}

function reaches(value: number, target: Target): boolean {
  if ('atMost' in target) return value <= target.atMost;
  if ('atLeast' in target) return value >= target.atLeast;
  return 'below' in target ? value < target.below : value > target.above;
}

/** Formats a target. */
export function targetText(target: Target, unit: string): string {
  const [[word, bound] = ['', 0]] = Object.entries(target);
  return `${{ atMost: 'at most', atLeast: 'at least' }[word] ?? word} ${bound}${unit === '' ? '' : ` ${unit}`}`;
}
