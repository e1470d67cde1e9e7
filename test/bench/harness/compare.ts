/** One of several ways to do the same work: called before the clock starts, it prepares, and gives the work that is timed. */
export type Contender = () => () => unknown;

/**
 * Medians, in milliseconds of processor time, of what contenders take in one run. They take turns in every round, in an order that changes,
 * so that whatever else the machine does falls on all of them alike. On a busy machine the wall clock would charge a contender for the
 * turns of other programs, and the longer its work the more of them.
 */
export async function compare<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds, warmUpRounds }: { readonly rounds: number; readonly warmUpRounds: number },
): Promise<Record<Name, number>> {
  // The keys of a record are its names.
  const names = Object.keys(contenders) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length]!;
      const work = contenders[name]();
      // What the preparation left behind is nobody's to clear away while the clock runs.
      globalThis.gc?.({ type: 'minor', execution: 'sync' });
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      const tookMs = (user + system) / 1000;
      if (round >= warmUpRounds) times.get(name)?.push(tookMs);
    }
  }
  // One for each name.
  return Object.fromEntries(names.map((name) => [name, quantile(times.get(name) ?? [], 0.5)])) as Record<Name, number>;
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
