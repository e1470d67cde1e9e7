/** Whole numbers, as ascending ranges that neither touch nor overlap: small as long as there are few gaps. */
export type ProgressRanges = readonly (readonly [first: number, last: number])[];

/** More ranges than this are not told apart: so many gaps are gaps in any case. */
const maxRanges = 1_000;

/** The ranges with one number more. */
export function withNumber(ranges: ProgressRanges, number: number): ProgressRanges {
  const before = ranges.filter(([, last]) => last < number - 1);
  const after = ranges.filter(([first]) => first > number + 1);
  const touching = ranges.slice(before.length, ranges.length - after.length);
  if (touching.length === 0 && ranges.length >= maxRanges) return ranges;
  const first = Math.min(number, touching[0]?.[0] ?? number);
  const last = Math.max(number, touching.at(-1)?.[1] ?? number);
  return [...before, [first, last], ...after];
}

/** All numbers of several ranges. */
export function union(several: readonly ProgressRanges[]): ProgressRanges {
  const joined: (readonly [number, number])[] = [];
  for (const [first, last] of several.flat().sort(([left], [right]) => left - right)) {
    const previous = joined.at(-1);
    if (previous && first <= previous[1] + 1) joined[joined.length - 1] = [previous[0], Math.max(previous[1], last)];
    else joined.push([first, last]);
  }
  return joined;
}

/** The numbers between those that are there. */
export function holes(ranges: ProgressRanges): ProgressRanges {
  return ranges.flatMap(([first], index) => {
    const previous = ranges[index - 1];
    return previous ? [[previous[1] + 1, first - 1] as const] : [];
  });
}

/** Whether a number is in two of the ranges. */
export function overlap(several: readonly ProgressRanges[]): boolean {
  const all = several.flat().sort(([left], [right]) => left - right);
  return all.some(([first], index) => {
    const previous = all[index - 1];
    return previous !== undefined && first <= previous[1];
  });
}
