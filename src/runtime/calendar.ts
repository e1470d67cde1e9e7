const formats = /* @__PURE__ */ new Map<string, Intl.DateTimeFormat>();

/**
 * Returns the UTC day of a Unix time in milliseconds, for example `2026-10-01`. @throws `RangeError` if it isn't a
 * valid date.
 */
export function isoDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/**
 * Returns the calendar day of a time in a time zone, for example `2026-10-01`. Its first seven characters are the
 * month.
 *
 * @param atMs - Milliseconds since the Unix epoch.
 * @param timeZone - An IANA name, for example `America/Sao_Paulo`.
 * @throws `RangeError` if the runtime doesn't know the time zone, or the time isn't a valid date.
 */
export function calendarDay(atMs: number, timeZone: string): string {
  if (timeZone === 'UTC') return isoDay(atMs);
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', { timeZone, calendar: 'gregory', year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return `${parts.get('year') ?? ''}-${parts.get('month') ?? ''}-${parts.get('day') ?? ''}`;
}
