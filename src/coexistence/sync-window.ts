const hourMs = 3_600_000;

/**
 * Returns the end of the time in which Meta accepts the one-time requests for contacts and history of a number.
 *
 * @param onboardedAtMs - When the number was onboarded.
 * @param rules - The policy's limits.
 */
export function syncDeadlineMs(onboardedAtMs: number, { syncWindowHours }: { readonly syncWindowHours: number }): number {
  return onboardedAtMs + syncWindowHours * hourMs;
}
