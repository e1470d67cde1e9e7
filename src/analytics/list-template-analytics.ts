import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { secondsOf } from './period.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Which templates, and what to count. */
export interface ListTemplateAnalyticsParameters extends PageParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Beginning of the span; at most 90 days ago. */
  readonly startAt: Date;
  /** End of the span. */
  readonly endAt: Date;
  /** At most ten. */
  readonly templateIds: readonly string[];
  /** As `SENT`, `DELIVERED`, `READ`, `CLICKED`, `COST`. @defaultValue Meta's */
  readonly metricTypes?: readonly string[] | undefined;
  /** Which API the messages went through. @defaultValue `'CLOUD_API'` */
  readonly productType?: OpenEnum<'CLOUD_API' | 'MARKETING_MESSAGES_API_FOR_WHATSAPP'> | undefined;
  /** Days of the account's time zone in the place of UTC. @defaultValue `false` */
  readonly useWabaTimezone?: boolean | undefined;
}

/** One template on one day. */
export interface TemplateDataPoint {
  readonly template_id: string;
  /** Unix seconds. */
  readonly start: number;
  /** Unix seconds. */
  readonly end: number;
  readonly sent?: number;
  readonly delivered?: number;
  readonly read?: number;
  /** By button. */
  readonly clicked?: readonly { readonly type: string; readonly button_content?: string; readonly count?: number }[];
  readonly cost?: readonly { readonly type: string; readonly value?: number }[];
}

/** Days of the templates. */
export interface TemplateAnalytics {
  readonly granularity?: string;
  readonly product_type?: string;
  readonly data_points: readonly TemplateDataPoint[];
}

/**
 * Lists how often templates were sent, delivered, read and tapped, day by day. Insights have to be enabled for the account first
 * (`is_enabled_for_insights`, 200005).
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}/template_analytics`. Source: Meta, Analytics (Nov 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, listTemplateAnalytics } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const analytics = listTemplateAnalytics(client, {
 *   startAt: new Date('2026-03-01T00:00:00Z'),
 *   endAt: new Date('2026-03-08T00:00:00Z'),
 *   templateIds: ['1013859600285441'],
 * });
 * for await (const { data_points } of analytics) console.log(data_points.map((day) => day.read));
 * ```
 */
export function listTemplateAnalytics(
  client: Client,
  parameters: ListTemplateAnalyticsParameters,
  options: RequestOptions = {},
): Listing<TemplateAnalytics> {
  return readParameters('listTemplateAnalytics', parameters, options, () => {
    const id = wabaIdOf(client, 'listTemplateAnalytics', parameters.wabaId);
    const { startAt, endAt, templateIds, metricTypes, productType, useWabaTimezone, limit } = parameters;
    const query = {
      start: secondsOf(startAt),
      end: secondsOf(endAt),
      granularity: 'DAILY',
      template_ids: JSON.stringify(templateIds),
      metric_types: metricTypes && JSON.stringify(metricTypes),
      product_type: productType,
      use_waba_timezone: useWabaTimezone,
      limit,
    };
    return listing(
      (after) =>
        client.request(
          { method: 'GET', path: [id, 'template_analytics'], query: { ...query, after }, operation: 'GET /{waba-id}/template_analytics' },
          options,
        ),
      parameters.after,
    );
  });
}
