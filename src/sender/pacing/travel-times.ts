/** What is known of how long requests and answers travel. */
export interface TravelTimes {
  /** How long the quickest exchange took of late, in milliseconds; `Infinity` before the first. */
  readonly quickestMs: number;
  /** By how much exchanges usually take longer than the quickest, in milliseconds. */
  readonly usualExcessMs: number;
  /**
   * Takes down how long an exchange took, and tells by how much its request may have arrived later than a quick one would have,
   * in milliseconds. Which part of a round trip was the way there cannot be known; most of what it took longer than the quickest is allowed for.
   */
  note(roundTripMs: number, nowMs: number): number;
}

/** The quickest exchange is looked for among those of the last one to two of these spans, so that a change of route is noticed. */
const spanMs = 15_000;

/** After this many exchanges the quickest is half trusted to be as quick as they get. Until then all of a round trip counts, and in full. */
const enoughExchanges = 20;

/** The share of its excess that the way there is taken to have had. All of it would never be too little, and cost speed. */
const outwardShare = 0.8;

/** Over about so many exchanges the usual excess is averaged. */
const exchangesOfUsual = 20;

/** Starts without any knowledge. */
export function createTravelTimes(): TravelTimes {
  let quickestMs = Infinity;
  let quickestBeforeMs = Infinity;
  let spanStartedAtMs = -Infinity;
  let exchanges = 0;
  let usualExcessMs = 0;
  return {
    get quickestMs() {
      return Math.min(quickestMs, quickestBeforeMs);
    },
    get usualExcessMs() {
      return usualExcessMs;
    },
    note(roundTripMs, nowMs) {
      if (nowMs - spanStartedAtMs > spanMs) {
        quickestBeforeMs = quickestMs;
        quickestMs = Infinity;
        spanStartedAtMs = nowMs;
      }
      quickestMs = Math.min(quickestMs, roundTripMs);
      const trust = exchanges / (exchanges + enoughExchanges);
      exchanges += 1;
      const excessMs = roundTripMs - this.quickestMs * trust;
      usualExcessMs += (excessMs - usualExcessMs) / exchangesOfUsual;
      return excessMs * (1 - (1 - outwardShare) * trust);
    },
  };
}
