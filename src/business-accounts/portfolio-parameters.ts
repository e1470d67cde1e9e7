import type { PageParameters } from '../client/pagination.js';

/** Parameters of {@link listOwnedBusinessAccounts} and {@link listClientBusinessAccounts}. */
export interface PortfolioParameters extends PageParameters {
  /** ID of the business portfolio. */
  readonly businessId: string;
  /** Meta's field names. @defaultValue `id`, `name`, `timezone_id`, `message_template_namespace` */
  readonly fields?: readonly string[] | undefined;
  /** Returns only the WABA with this ID. */
  readonly find?: string | undefined;
}
