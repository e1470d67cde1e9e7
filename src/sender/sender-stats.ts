/** What a sender is doing, and has done. */
export interface SenderStats {
  /** Numbers with messages open, or lately. */
  readonly numbers: number;
  /** Waiting messages, including those that a guard delays. */
  readonly queued: number;
  /** Messages that a guard delays. */
  readonly held: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Recipients whose messages wait for the pair rate. */
  readonly waitingRecipients: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  /** Unknown sends that a status has settled. */
  readonly settled: number;
  /** Times that Meta rejected a message because of the rate. */
  readonly throttled: number;
  /** Messages accepted a second, over the last ten seconds. */
  readonly perSecond: number;
  /**
   * Messages a second that are taken to pass now: the cap, or less while Meta lets less through; of all numbers
   * together.
   */
  readonly ceiling: number;
  /** Whether all numbers are paused. */
  readonly paused: boolean;
}

/** What all processes that share a store are doing. Figures of other processes are up to two seconds old. */
export interface SenderFleetStats {
  /** Processes with messages, and this one. */
  readonly processes: number;
  /** Numbers with messages open, or lately, in these processes. */
  readonly numbers: number;
  /** Waiting messages, including scheduled ones and those that a guard delays. */
  readonly queued: number;
  /** Messages that a guard delays in the memory of a process. */
  readonly held: number;
  /** Requests in flight. */
  readonly inFlight: number;
  /** Recipients whose messages wait for the pair rate. */
  readonly waitingRecipients: number;
  /** Messages accepted per second, over the last ten seconds. */
  readonly perSecond: number;
  /** Messages per second that the numbers can send now. */
  readonly ceiling: number;
}
