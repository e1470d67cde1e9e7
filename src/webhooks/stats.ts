/** What became of deliveries and events since the receiver was made. Every event that reached no handler is in one of these numbers. */
export interface WebhookStats {
  /** Deliveries that were genuine and readable. */
  readonly deliveries: number;
  /** Requests that were turned away. */
  readonly refused: {
    /** The signature was missing or wrong (401). */
    readonly forged: number;
    /** Longer than `maxBytes` (413). */
    readonly tooLarge: number;
    /** Genuine, but no JSON (400). */
    readonly notJson: number;
    /** The raw body was gone (500). */
    readonly rawBodyMissing: number;
    /** `hub.verify_token` was another (403). */
    readonly handshake: number;
    /** Genuine, but the archive, the store or the queue failed (500); the log says how, and Meta delivers it again. */
    readonly notTaken: number;
  };
  /** Events whose handlers all succeeded. */
  readonly handled: number;
  /** Events that no handler was called for. */
  readonly dropped: {
    /** Genuine deliveries in which nothing stood. */
    readonly empty: number;
    /** Copies: of events that were handled, or of a delivery that lies in the inbox. */
    readonly duplicate: number;
    /** No handler is registered for their type. */
    readonly withoutHandler: number;
    /** `route` knew no tenant when the time was up, and there is no handler of `unrouted`. */
    readonly unrouted: number;
  };
  /** Tries that failed, in a handler or in the store; Meta delivers these events again. */
  readonly failed: number;
  /** Events that another process was handling; Meta delivers them again. */
  readonly pending: number;
}

/** The same numbers while they are counted. */
export interface Counters {
  deliveries: number;
  forged: number;
  tooLarge: number;
  notJson: number;
  rawBodyMissing: number;
  handshake: number;
  notTaken: number;
  empty: number;
  handled: number;
  duplicate: number;
  withoutHandler: number;
  unrouted: number;
  failed: number;
  pending: number;
}

/** Counters at zero. */
export function createCounters(): Counters {
  return {
    deliveries: 0,
    forged: 0,
    tooLarge: 0,
    notJson: 0,
    rawBodyMissing: 0,
    handshake: 0,
    notTaken: 0,
    empty: 0,
    handled: 0,
    duplicate: 0,
    withoutHandler: 0,
    unrouted: 0,
    failed: 0,
    pending: 0,
  };
}

/** The numbers as they stand. */
export function statsOf(counters: Counters): WebhookStats {
  const {
    deliveries,
    forged,
    tooLarge,
    notJson,
    rawBodyMissing,
    handshake,
    notTaken,
    empty,
    handled,
    duplicate,
    withoutHandler,
    unrouted,
    failed,
    pending,
  } = counters;
  return {
    deliveries,
    refused: { forged, tooLarge, notJson, rawBodyMissing, handshake, notTaken },
    handled,
    dropped: { empty, duplicate, withoutHandler, unrouted },
    failed,
    pending,
  };
}
