import type { PageParameters } from '../client/pagination.js';

/** Which business portfolio, what of its WABAs, and which part of the list. */
export interface PortfolioParameters extends PageParameters {
  /** Id of the business portfolio. */
  readonly businessId: string;
  /** Field names of Meta's. @defaultValue Meta's: `id`, `name`, `timezone_id`, `message_template_namespace` */
  readonly fields?: readonly string[] | undefined;
  /** Id of one WABA to look for. */
  readonly find?: string | undefined;
}
