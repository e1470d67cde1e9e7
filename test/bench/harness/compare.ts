/** One of several ways to do the same work. */
export interface Contender<Input> {
  /** Made before the clock starts. */
  readonly prepare: (round: number) => Input;
  readonly run: (input: Input) => unknown;
}

/**
 * Medians, in milliseconds, of what contenders take in one run. They take turns in every round, in an order that changes, so that whatever
 * else the machine does falls on all of them alike.
 */
export async function compare<Name extends string>(
  contenders: Readonly<Record<Name, Contender<never>>>,
  { rounds, warmUpRounds }: { readonly rounds: number; readonly warmUpRounds: number },
): Promise<Record<Name, number>> {
  // The keys of the record are its names, and what a contender prepares is what it takes.
  const names = Object.keys(contenders) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length]!;
      const contender = contenders[name];
      const input = contender.prepare(round);
      const startedAtMs = performance.now();
      await contender.run(input);
      const tookMs = performance.now() - startedAtMs;
      if (round >= warmUpRounds) times.get(name)?.push(tookMs);
    }
  }
  return Object.fromEntries(names.map((name) => [name, quantile(times.get(name) ?? [], 0.5)])) as Record<Name, number>;
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
