import type { CostReport, CostReportOptions } from './cost-report.js';
import type { FreeTierOptions, FreeTierUsage } from './free-tier.js';
import type { CostReconciliation, ReconcileOptions } from './reconcile-costs.js';

/** Whether and how long the messages of a number are kept for reports. */
export interface CostsOptions {
  /**
   * Milliseconds for which the store contains the entry of each outgoing message, for example `90 * 86_400_000`. Without this option the
   * store contains no entries, and your `cost.recorded` handler can write them to your own database.
   */
  readonly keepMs?: number | undefined;
  /**
   * Time zone of the accounts, an IANA name such as `America/Sao_Paulo`. The month of the free tier begins at its midnight. `freeTier` accepts
   * another one per call. @defaultValue `'UTC'`
   */
  readonly timeZone?: string | undefined;
}

/** Tells what the app carried for free and what the API was billed for. */
export interface CostsModule {
  /** A report on the entries in the store, read number by number. Empty unless the `costs.keepMs` option is set. */
  report(parameters: CostReportOptions & { readonly phoneNumberIds: readonly string[] }): Promise<CostReport>;
  /**
   * Counts the free service messages of each number in a calendar month, and how many are left. Needs the `costs.keepMs` option, with enough
   * time for the month. The policy's `freeServiceMessages` is the limit.
   *
   * @throws `InvalidArgumentError` if the time zone is unknown.
   */
  freeTier(parameters: FreeTierOptions & { readonly phoneNumberIds: readonly string[] }): Promise<readonly FreeTierUsage[]>;
  /**
   * Holds the entries in the store against Meta's pricing analytics of the account, over the same span and numbers of it.
   *
   * @throws `GraphApiError` and the connection errors of `Client.request`.
   */
  reconcile(
    parameters: ReconcileOptions & { readonly wabaId: string; readonly phoneNumberIds: readonly string[] },
  ): Promise<CostReconciliation>;
}
