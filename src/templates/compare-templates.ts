import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';

/** Which two templates, over which days. */
export interface CompareTemplatesParameters {
  readonly templateId: string;
  /** The one to compare it with; both were sent at least 1000 times in these days. */
  readonly otherTemplateId: string;
  /** 7, 30, 60 or 90 days before `endAt`. */
  readonly startAt: Date;
  /** @defaultValue now */
  readonly endAt?: Date | undefined;
}

/** One figure of the comparison; which member is there depends on `metric`. */
export interface TemplateComparison {
  /** `BLOCK_RATE`, `MESSAGE_SENDS`, `TOP_BLOCK_REASON` or a value that Meta adds. */
  readonly metric: string;
  readonly type: string;
  /** `BLOCK_RATE`: ids of the templates, the one blocked least first. */
  readonly order_by_relative_metric?: readonly string[];
  /** `MESSAGE_SENDS`: how often each was sent, by id. */
  readonly number_values?: readonly { readonly key: string; readonly value: number }[];
  /** `TOP_BLOCK_REASON`: why people blocked it, by id. */
  readonly string_values?: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Compares two templates: which is blocked less, how often each was sent, why it was blocked.
 *
 * Permission `whatsapp_business_management`. `GET /{template-id}/compare`. Source: Meta, Template comparison (Nov 2025).
 *
 * @throws `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { compareTemplates, createClient } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const aWeekAgo = new Date(Date.now() - 7 * 24 * 60 * 60 * 1000);
 * const comparison = compareTemplates(client, { templateId: '564750795574598', otherTemplateId: '564750795574599', startAt: aWeekAgo });
 * for await (const { metric, order_by_relative_metric: best } of comparison) {
 *   if (metric === 'BLOCK_RATE') console.log(best);
 * }
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
