import type { CostReport, CostReportOptions } from './cost-report.js';
import type { CostReconciliation, ReconcileOptions } from './reconcile-costs.js';

/** Whether and how long the messages of a number are kept for reports. */
export interface CostsOptions {
  /**
   * Days that the entry of each outgoing message is kept in the store. Without it nothing is kept, and `cost.recorded` hands every entry to
   * the caller's own database.
   */
  readonly keepDays?: number;
}

/** Tells what the app carried for free and what the API was billed for. */
export interface CostsModule {
  /** A report on the entries in the store, read number by number. Empty unless the `costs.keepDays` option is set. */
  report(parameters: CostReportOptions & { readonly phoneNumberIds: readonly string[] }): Promise<CostReport>;
  /**
   * Holds the entries in the store against Meta's pricing analytics of the account, over the same span and numbers of it.
   *
   * @throws `GraphApiError` and the connection errors of `Client.request`.
   */
  reconcile(
    parameters: ReconcileOptions & { readonly wabaId: string; readonly phoneNumberIds: readonly string[] },
  ): Promise<CostReconciliation>;
}
