import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { secondsOf } from './period.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Parameters of {@link listTemplateAnalytics}. */
export interface ListTemplateAnalyticsParameters extends PageParameters {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Start of the period, at most 90 days ago. */
  readonly startAt: Date;
  /** End of the period. */
  readonly endAt: Date;
  /** At most ten template IDs. */
  readonly templateIds: readonly string[];
  /** For example `SENT`, `DELIVERED`, `READ`, `CLICKED` or `COST`. @defaultValue Meta's default metrics */
  readonly metricTypes?: readonly string[] | undefined;
  /** API that sent the messages. @defaultValue `'CLOUD_API'` */
  readonly productType?: OpenEnum<'CLOUD_API' | 'MARKETING_MESSAGES_API_FOR_WHATSAPP'> | undefined;
  /** Uses days of the account's time zone instead of UTC. @defaultValue `false` */
  readonly useWabaTimezone?: boolean | undefined;
}

/** One template on one day. */
export interface TemplateDataPoint {
  readonly template_id: string;
  /** Unix time in seconds. */
  readonly start: number;
  /** Unix time in seconds. */
  readonly end: number;
  readonly sent?: number;
  readonly delivered?: number;
  readonly read?: number;
  /** Taps of each button. */
  readonly clicked?: readonly { readonly type: string; readonly button_content?: string; readonly count?: number }[];
  readonly cost?: readonly { readonly type: string; readonly value?: number }[];
}

/** Daily figures of templates. */
export interface TemplateAnalytics {
  readonly granularity?: string;
  readonly product_type?: string;
  readonly data_points: readonly TemplateDataPoint[];
}

/**
 * Lists how often templates were sent, delivered, read and tapped on each day. Enable insights for the account first
 * (200005 without it): `is_enabled_for_insights` of {@link updateBusinessAccount}.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}/template_analytics`. Source: Meta, Analytics (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The period, templates, metrics and the page. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns An async iterable that fetches pages as you need them.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
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
