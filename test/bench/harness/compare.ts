/**
 * One of several implementations of the same work. The outer function prepares before the clock starts, and returns the
 * work that is measured.
 */
export type Contender = () => () => unknown;

/**
 * Returns the median processor milliseconds of each contender in one run. All contenders run once per round, in
 * changing order, so that other load on the machine affects all of them equally. On a busy machine, wall-clock time
 * would include other programs, and more so for longer work.
 */
export async function compare<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { rounds, warmUpRounds }: { readonly rounds: number; readonly warmUpRounds: number },
): Promise<Record<Name, number>> {
  // The keys of the record are its names.
  const names = Object.keys(contenders) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < warmUpRounds + rounds; round += 1) {
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(turn + round) % names.length]!;
      const work = contenders[name]();
      // Collects the garbage of the preparation before the clock starts.
      globalThis.gc?.({ type: 'minor', execution: 'sync' });
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      const tookMs = (user + system) / 1000;
      if (round >= warmUpRounds) times.get(name)?.push(tookMs);
    }
  }
  // There is a time for each name.
  return Object.fromEntries(names.map((name) => [name, quantile(times.get(name) ?? [], 0.5)])) as Record<Name, number>;
}

/** Returns a quantile of the values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
