/** Estimates travel times from round trips. */
export interface TravelTimes {
  /** The quickest recent round trip in milliseconds, or `Infinity` before the first. */
  readonly quickestMs: number;
  /** How much longer than the quickest a round trip usually takes, in milliseconds. */
  readonly usualExcessMs: number;
  /**
   * Records a round trip. Returns how much later than a quick request this one may have arrived, in milliseconds. The
   * share of the outward trip can't be measured, so most of the excess counts.
   */
  note(roundTripMs: number, nowMs: number): number;
}

/** The quickest round trip is from the last one or two of these periods, so that changes of the route are noticed. */
const spanMs = 15_000;

/** After this many round trips, the quickest one is trusted by half. Before, the excess counts from 0 and in full. */
const enoughExchanges = 20;

/** The assumed share of the outward trip in the excess. A share of 1 would always be safe, but slower. */
const outwardShare = 0.8;

/** The usual excess is averaged over about this many round trips. */
const exchangesOfUsual = 20;

/** Creates an estimate without data. */
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
