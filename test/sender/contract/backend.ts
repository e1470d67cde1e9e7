import type { BullSenderOptions } from 'wa-coexist/bullmq';
import type { Sender } from 'wa-coexist';

/** Options that every engine has. */
export type ContractOptions = Omit<BullSenderOptions, 'connection' | 'eviction' | 'prefix' | 'numbers' | 'store'>;

/** A sender as all engines have it. */
export type ContractSender = Sender<boolean, 'guard'>;

/** One kind of sender, with a state of its own. */
export interface ContractBackend {
  /** Opens a sender, as another process would on the same state. */
  open(options: ContractOptions): ContractSender;
  /** Opens a sender that only queues, if messages can be sent by another process. */
  readonly openQueueing?: (options: ContractOptions) => ContractSender;
  /** Whether the state outlives a sender. */
  readonly isDurable: boolean;
  /** Removes the state. */
  close(): Promise<void>;
}
