/** A set of integers as ascending ranges. The ranges don't touch or overlap, so few gaps need few ranges. */
export type ProgressRanges = readonly (readonly [first: number, last: number])[];

/** Maximum number of ranges. Further numbers are ignored because so many gaps can't disappear. */
const maxRanges = 1_000;

/**
 * Adds a number to a set of ranges.
 *
 * @param ranges - The ranges.
 * @param number - The number to add.
 */
export function withNumber(ranges: ProgressRanges, number: number): ProgressRanges {
  const before = ranges.filter(([, last]) => last < number - 1);
  const after = ranges.filter(([first]) => first > number + 1);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  if (touching.length === 0 && ranges.length >= maxRanges) return ranges;
  const first = Math.min(number, touching[0]?.[0] ?? number);
  const last = Math.max(number, touching.at(-1)?.[1] ?? number);
  return [...before, [first, last], ...after];
}

/**
 * Returns the union of several sets of ranges.
 *
 * @param several - The sets.
 */
export function union(several: readonly ProgressRanges[]): ProgressRanges {
  const joined: (readonly [number, number])[] = [];
  for (const [first, last] of several.flat().sort(([left], [right]) => left - right)) {
    const previous = joined.at(-1);
    if (previous && first <= previous[1] + 1) joined[joined.length - 1] = [previous[0], Math.max(previous[1], last)];
    else joined.push([first, last]);
  }
  return joined;
}

/**
 * Returns the gaps between the ranges.
 *
 * @param ranges - The ranges.
 */
export function holes(ranges: ProgressRanges): ProgressRanges {
  return ranges.flatMap(([first], index) => {
    const previous = ranges[index - 1];
    return previous ? [[previous[1] + 1, first - 1] as const] : [];
  });
}

/**
 * Returns whether a number is in two of the sets.
 *
 * @param several - The sets.
 */
export function overlap(several: readonly ProgressRanges[]): boolean {
  const all = several.flat().sort(([left], [right]) => left - right);
  return all.some(([first], index) => {
    const previous = all[index - 1];
    return previous !== undefined && first <= previous[1];
  });
}
