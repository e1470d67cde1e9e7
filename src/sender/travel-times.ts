/** What is known of how long requests and answers travel. */
export interface TravelTimes {
  /** Takes down how long one exchange took. */
  note(roundTripMs: number, nowMs: number): void;
  /** By how much an exchange took longer than the quickest of late, in milliseconds: the part of it that may differ from request to request. */
  excessMs(roundTripMs: number): number;
}

/** The quickest exchange is looked for among those of the last one to two of these spans, so that a change of route is noticed. */
const spanMs = 15_000;

/** After this many exchanges the quickest seen is taken to be about as quick as they get; before, only in part. */
const enoughExchanges = 10;

/** Starts without any knowledge: all of a round trip then counts as excess. */
export function createTravelTimes(): TravelTimes {
  let quickestMs = Infinity;
  let quickestBeforeMs = Infinity;
  let spanStartedAtMs = -Infinity;
  let exchanges = 0;
  return {
    note(roundTripMs, nowMs) {
      exchanges += 1;
      if (nowMs - spanStartedAtMs > spanMs) {
        quickestBeforeMs = quickestMs;
        quickestMs = Infinity;
        spanStartedAtMs = nowMs;
      }
      quickestMs = Math.min(quickestMs, roundTripMs);
    },
    excessMs(roundTripMs) {
      if (exchanges === 0) return roundTripMs;
      const trust = exchanges / (exchanges + enoughExchanges);
      return Math.max(0, roundTripMs - Math.min(quickestMs, quickestBeforeMs) * trust);
    },
  };
}
