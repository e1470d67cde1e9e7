import type { CostReport, CostReportOptions } from './cost-report.js';
import type { FreeTierOptions, FreeTierUsage } from './free-tier.js';
import type { CostReconciliation, ReconcileOptions } from './reconcile-costs.js';

/** Options of the costs module. */
export interface CostsOptions {
  /**
   * Milliseconds for which the store contains the entry of each outgoing message, for example `90 * 86_400_000`.
   * Without this option, the store contains no entries. Your `cost.recorded` handler can write them to your own
   * database.
   */
  readonly keepMs?: number | undefined;
  /**
   * Time zone of the accounts, an IANA name such as `America/Sao_Paulo`. The month of the free tier begins at midnight
   * in this zone. You can pass another zone to each call of `freeTier`.
   * @defaultValue `'UTC'`
   */
  readonly timeZone?: string | undefined;
}

/** Reports which messages the app sent for free and which messages the API was billed for. */
export interface CostsModule {
  /**
   * Reports on the stored entries of the given numbers. The report is empty unless the `costs.keepMs` option is set.
   *
   * @param parameters - The numbers, the time span and the grouping.
   */
  report(parameters: CostReportOptions & { readonly phoneNumberIds: readonly string[] }): Promise<CostReport>;
  /**
   * Counts the used and the remaining free service messages of each number in a calendar month. It needs the
   * `costs.keepMs` option with at least one month. The limit is the policy's `freeServiceMessages`.
   *
   * @param parameters - The numbers, the month and the time zone.
   * @throws `InvalidArgumentError` if the time zone is unknown
   */
  freeTier(parameters: FreeTierOptions & { readonly phoneNumberIds: readonly string[] }): Promise<readonly FreeTierUsage[]>;
  /**
   * Compares the stored entries to Meta's pricing analytics for the same numbers and time span.
   *
   * @param parameters - The WABA, its numbers and the time span.
   * @throws `GraphApiError` and the connection errors of `Client.request`
   */
  reconcile(
    parameters: ReconcileOptions & { readonly wabaId: string; readonly phoneNumberIds: readonly string[] },
  ): Promise<CostReconciliation>;
}
