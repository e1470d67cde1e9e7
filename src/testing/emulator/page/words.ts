/** Time of day, and the day where it is another one. */
export function timeText(iso: string, now: string): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  return date.toDateString() === new Date(now).toDateString()
    ? time
    : `${date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}, ${time}`;
}

/** How long ago, in days. */
export function daysAgo(iso: string, now: string): string {
  const days = Math.floor((Date.parse(now) - Date.parse(iso)) / 86_400_000);
  return days < 1 ? 'today' : days === 1 ? 'yesterday' : `${String(days)} days ago`;
}

/** A number of a person for reading. */
export const phoneText = (waId: string): string => `+${waId}`;
