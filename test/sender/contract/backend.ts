import type { BullSenderOptions } from 'wa-coexist/bullmq';
import type { Sender } from 'wa-coexist';

/** Options that every engine has. */
export type ContractOptions = Omit<BullSenderOptions, 'connection' | 'eviction' | 'prefix' | 'numbers' | 'store'>;

/** A sender with the members that all engines support. */
export type ContractSender = Sender<boolean, 'guard'>;

/** One kind of sender, with its own state. */
export interface ContractBackend {
  /** Opens a sender on the same state, like another process. */
  open(options: ContractOptions): ContractSender;
  /** Opens a sender that only queues, if messages can be sent by another process. */
  readonly openQueueing?: (options: ContractOptions) => ContractSender;
  /** Whether the state outlives a sender. */
  readonly isDurable: boolean;
  /** Removes the state. */
  close(): Promise<void>;
}
