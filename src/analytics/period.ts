/** Which span of time, and in which steps. */
export interface AnalyticsPeriod<Granularity extends string> {
  /** Beginning of the span; cut to whole seconds. */
  readonly startAt: Date;
  /** End of the span. */
  readonly endAt: Date;
  /** Length of a step. */
  readonly granularity: Granularity;
}

/** Unix seconds of a point in time. */
export const secondsOf = (at: Date): number => Math.floor(at.getTime() / 1000);

/**
 * Writes a field with its parameters as the Graph API expects it in `fields`: `analytics.start(1).end(2).granularity(DAY)`.
 * A list that is not given is left out.
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
