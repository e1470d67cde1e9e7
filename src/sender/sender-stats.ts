/** The state and the counters of a sender. */
export interface SenderStats {
  /** Numbers with open messages, or with recent ones. */
  readonly numbers: number;
  /** Waiting messages, including those that a guard delays. */
  readonly queued: number;
  /** Messages that a guard delays. */
  readonly held: number;
  /** Requests in flight. */
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
  /** Messages accepted per second, over the last ten seconds. */
  readonly perSecond: number;
  /** Messages per second that the numbers together can send now: their limits, or less while Meta rejects messages. */
  readonly ceiling: number;
  /** Whether all numbers are paused. */
  readonly paused: boolean;
}

/** The state of all processes that share a store. Figures of other processes are up to two seconds old. */
export interface SenderFleetStats {
  /** Processes with messages, including this one. */
  readonly processes: number;
  /** Numbers with open messages, or with recent ones, in these processes. */
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
