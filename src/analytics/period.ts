/** A period and the length of its intervals. */
export interface AnalyticsPeriod<Granularity extends string> {
  /** Start of the period, rounded down to whole seconds. */
  readonly startAt: Date;
  /** End of the period. */
  readonly endAt: Date;
  /** Length of an interval. */
  readonly granularity: Granularity;
}

/** Returns a date as Unix time in seconds, rounded down. */
export const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000);

/**
 * Formats a field with parameters for `fields` of the Graph API, for example
 * `analytics.start(1).end(2).granularity(DAY)`. Omits parameters that are `undefined`.
 */
export function fieldWith(
  name: string,
  parameters: Readonly<Record<string, string | number | readonly (string | number)[] | undefined>>,
): string {
  return [
    name,
    ...Object.entries(parameters).flatMap(([parameter, value]) =>
      value === undefined ? [] : [`${parameter}(${typeof value === 'object' ? JSON.stringify(value) : String(value)})`],
    ),
  ].join('.');
}
