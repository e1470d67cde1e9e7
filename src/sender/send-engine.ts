import type { Client } from '../client/client.js';
import type { CheckedSend } from './attempts/check-send.js';
import type { CancelResult } from './cancel-result.js';
import type { NumberActivity } from './queue/number-port.js';
import type { SenderNumber } from './send-options.js';
import type { SendResult } from './send-result.js';

/** Is called one time. */
export interface SubmitCallbacks {
  /** The message has its outcome. */
  readonly onResult: (result: SendResult) => void;
  /** The message could not be queued: the error is the caller's to see. */
  readonly onError: (error: unknown) => void;
}

/** A message that waits or is in flight. */
export interface Submitted {
  readonly isOpen: boolean;
  /** Takes the message back for its signal, if it still waits. */
  abort(signal: AbortSignal): void;
}

/** What all numbers of a sender are doing in this process. */
export interface EngineActivity extends NumberActivity {
  readonly numbers: number;
  readonly paused: boolean;
}

/** A number, as a plan needs it. */
export interface PlannedNumber {
  readonly client: Client;
  readonly phoneNumberId: string;
  /** Messages per second. */
  readonly perSecond: number;
  readonly queued: number;
}

/**
 * Queues and sends the messages of a sender: in this process (`createSender`), or in the process that has the number (`createBullSender`).
 * Everything else that a sender does is the same for both.
 */
export interface SendEngine {
  /** Queues a message. Returns `undefined` if it has its outcome already, or shares that of an open message with its key. */
  submit(send: CheckedSend, callbacks: SubmitCallbacks): Submitted | undefined;
  /** Queues a message durably, and returns its ID. */
  enqueue(send: CheckedSend): Promise<string>;
  /** Cancels a message that still waits, by its ID or key. */
  cancel(idOrKey: string, from: SenderNumber | undefined): Promise<CancelResult>;
  /** Pauses or resumes a number, or all. Resolves when that is certain. */
  setPaused(paused: boolean, from: SenderNumber | undefined): Promise<void>;
  /** Finds the number that would send. Resolves with `undefined` if there is none. */
  planned(from: SenderNumber | undefined): Promise<PlannedNumber | undefined>;
  /** Resolves when no message waits or is in flight. */
  drain(): Promise<void>;
  activity(): EngineActivity;
  close(): Promise<void>;
}
