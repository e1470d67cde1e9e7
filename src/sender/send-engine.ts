import type { Client } from '../client/client.js';
import type { CheckedSend } from './attempts/check-send.js';
import type { CancelResult } from './cancel-result.js';
import type { NumberActivity } from './queue/number-port.js';
import type { SenderNumber } from './send-options.js';
import type { SendResult } from './send-result.js';

/** Callbacks of a submitted message. One of them is called, once. */
export interface SubmitCallbacks {
  /** Receives the outcome of the message. */
  readonly onResult: (result: SendResult) => void;
  /** Receives the error if the message could not be queued. The caller sees this error. */
  readonly onError: (error: unknown) => void;
}

/** A message that waits or is in flight. */
export interface Submitted {
  readonly isOpen: boolean;
  /** Cancels the message because of its signal, if it still waits. */
  abort(signal: AbortSignal): void;
}

/** The activity of all numbers of a sender in this process. */
export interface EngineActivity extends NumberActivity {
  readonly numbers: number;
  readonly paused: boolean;
}

/** A number, as plans use it. */
export interface PlannedNumber {
  readonly client: Client;
  readonly phoneNumberId: string;
  /** Messages per second. */
  readonly perSecond: number;
  readonly queued: number;
}

/**
 * Queues and sends the messages of a sender: in this process (`createSender`), or in the process that has the number
 * (`createBullSender`). The rest of a sender is the same for both.
 */
export interface SendEngine {
  /**
   * Queues a message. Returns `undefined` if it already has its outcome, or shares the outcome of an open message with
   * the same key.
   */
  submit(send: CheckedSend, callbacks: SubmitCallbacks): Submitted | undefined;
  /** Queues a message durably, and returns its ID. */
  enqueue(send: CheckedSend): Promise<string>;
  /** Cancels a message that still waits, by its ID or key. */
  cancel(idOrKey: string, from: SenderNumber | undefined): Promise<CancelResult>;
  /** Pauses or resumes a number, or all. Resolves when the change is confirmed. */
  setPaused(paused: boolean, from: SenderNumber | undefined): Promise<void>;
  /** Finds the sending number. Resolves with `undefined` if there is none. */
  planned(from: SenderNumber | undefined): Promise<PlannedNumber | undefined>;
  /** Resolves when no message waits or is in flight. */
  drain(): Promise<void>;
  activity(): EngineActivity;
  close(): Promise<void>;
}
