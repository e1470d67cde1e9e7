/** Counters of a receiver since it was created. They count each event that reached no handler. */
export interface WebhookStats {
  /** Verified and readable deliveries. */
  readonly deliveries: number;
  /** Rejected requests. */
  readonly rejected: {
    /** The signature was missing or wrong (401). */
    readonly invalidSignature: number;
    /** Larger than `maxBytes` (413). */
    readonly tooLarge: number;
    /** The signature was valid, but the body isn't JSON (400). */
    readonly notJson: number;
    /** The raw body was missing (500). */
    readonly rawBodyMissing: number;
    /** The verify token was wrong (403). */
    readonly handshake: number;
    /** Verified, but the archive, the store or the queue failed (500). The log contains the error, and Meta redelivers. */
    readonly notAccepted: number;
  };
  /** Events whose handlers all succeeded. */
  readonly handled: number;
  /** Events for which no handler was called. */
  readonly dropped: {
    /** Verified deliveries without events. */
    readonly empty: number;
    /** Duplicates of handled events, or of a delivery in the inbox. */
    readonly duplicate: number;
    /** Events whose type has no handler. */
    readonly withoutHandler: number;
    /** Events without a tenant after `parkMs`, if `unrouted` has no handler. */
    readonly unrouted: number;
  };
  /** Failed attempts, in a handler or in the store. Meta redelivers these events. */
  readonly failed: number;
  /** Events that another process was handling. Meta redelivers them. */
  readonly pending: number;
}

/** The counters of {@link WebhookStats} in one object. */
export interface Counters {
  deliveries: number;
  invalidSignature: number;
  tooLarge: number;
  notJson: number;
  rawBodyMissing: number;
  handshake: number;
  notAccepted: number;
  empty: number;
  handled: number;
  duplicate: number;
  withoutHandler: number;
  unrouted: number;
  failed: number;
  pending: number;
}

/** Creates counters at zero. */
export function createCounters(): Counters {
  return {
    deliveries: 0,
    invalidSignature: 0,
    tooLarge: 0,
    notJson: 0,
    rawBodyMissing: 0,
    handshake: 0,
    notAccepted: 0,
    empty: 0,
    handled: 0,
    duplicate: 0,
    withoutHandler: 0,
    unrouted: 0,
    failed: 0,
    pending: 0,
  };
}

/** Returns the current counters. */
export function statsOf(counters: Counters): WebhookStats {
  const {
    deliveries,
    invalidSignature,
    tooLarge,
    notJson,
    rawBodyMissing,
    handshake,
    notAccepted,
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
    rejected: { invalidSignature, tooLarge, notJson, rawBodyMissing, handshake, notAccepted },
    handled,
    dropped: { empty, duplicate, withoutHandler, unrouted },
    failed,
    pending,
  };
}
