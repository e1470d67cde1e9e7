import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';

/** Parameters of {@link compareTemplates}. */
export interface CompareTemplatesParameters {
  readonly templateId: string;
  /** ID of the other template. Both need at least 1000 sends in the period. */
  readonly otherTemplateId: string;
  /** Start of the period: 7, 30, 60 or 90 days before `endAt`. */
  readonly startAt: Date;
  /**
   * End of the period.
   * @defaultValue now
   */
  readonly endAt?: Date | undefined;
}

/** One metric of a comparison. The other members depend on `metric`. */
export interface TemplateComparison {
  /** `BLOCK_RATE`, `MESSAGE_SENDS`, `TOP_BLOCK_REASON` or a value that Meta adds. */
  readonly metric: string;
  readonly type: string;
  /** `BLOCK_RATE`: IDs of the templates, ordered from the lowest block rate. */
  readonly order_by_relative_metric?: readonly string[];
  /** `MESSAGE_SENDS`: number of sends by template ID. */
  readonly number_values?: readonly { readonly key: string; readonly value: number }[];
  /** `TOP_BLOCK_REASON`: most frequent block reason by template ID. */
  readonly string_values?: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Compares the block rate, the number of sends and the top block reason of two templates. See
 * {@link listTemplateAnalytics} for other figures.
 *
 * Permission: `whatsapp_business_management`. `GET /{template-id}/compare`. Source: Meta, Template comparison (Nov
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The two templates and the period. See {@link CompareTemplatesParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { compareTemplates, createClient } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const aWeekAgo = new Date(Date.now() - 7 * 24 * 60 * 60 * 1000);
 * const { data } = await compareTemplates(client, {
 *   templateId: '564750795574598',
 *   otherTemplateId: '564750795574599',
 *   startAt: aWeekAgo,
 * }).page();
 * console.log(data.find(({ metric }) => metric === 'BLOCK_RATE')?.order_by_relative_metric);
 * ```
 */
export function compareTemplates(
  client: Client,
  parameters: CompareTemplatesParameters,
  options: RequestOptions = {},
): Listing<TemplateComparison> {
  return readParameters('compareTemplates', parameters, options, () => {
    const { templateId, otherTemplateId, startAt, endAt = new Date(client.clock.now()) } = parameters;
    const query = { template_ids: JSON.stringify([otherTemplateId]), start: unixSeconds(startAt), end: unixSeconds(endAt) };
    return listing(
      (after) =>
        client.request(
          { method: 'GET', path: [templateId, 'compare'], query: { ...query, after }, operation: 'GET /{template-id}/compare' },
          options,
        ),
      undefined,
    );
  });
}

function unixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
