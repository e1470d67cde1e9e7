import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { fieldWith, secondsOf, type AnalyticsPeriod } from './period.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Parameters of {@link getPricingAnalytics}. */
export interface GetPricingAnalyticsParameters extends AnalyticsPeriod<OpenEnum<'HALF_HOUR' | 'DAILY' | 'MONTHLY'>> {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Phone numbers, not phone number IDs. @defaultValue all numbers of the account */
  readonly phoneNumbers?: readonly string[] | undefined;
  /** Two-letter country codes. @defaultValue all countries */
  readonly countryCodes?: readonly string[] | undefined;
  /** @defaultValue both */
  readonly metricTypes?: readonly OpenEnum<'COST' | 'VOLUME'>[] | undefined;
  /** @defaultValue all */
  readonly pricingCategories?:
    | readonly OpenEnum<
        | 'AUTHENTICATION'
        | 'AUTHENTICATION_INTERNATIONAL'
        | 'GROUP_MARKETING'
        | 'GROUP_SERVICE'
        | 'GROUP_UTILITY'
        | 'MARKETING'
        | 'MARKETING_LITE'
        | 'MARKETING_LITE_DYNAMIC'
        | 'SERVICE'
        | 'UTILITY'
      >[]
    | undefined;
  /** @defaultValue all */
  readonly pricingTypes?:
    readonly OpenEnum<'FREE_CUSTOMER_SERVICE' | 'FREE_ENTRY_POINT' | 'FREE_GROUP_CUSTOMER_SERVICE' | 'REGULAR'>[] | undefined;
  /** Groups the results. @defaultValue no groups */
  readonly dimensions?: readonly OpenEnum<'COUNTRY' | 'PHONE' | 'PRICING_CATEGORY' | 'PRICING_TYPE' | 'TIER'>[] | undefined;
}

/** Messages and costs in one interval, for one value of each dimension. */
export interface PricingDataPoint {
  /** Unix time in seconds. */
  readonly start: number;
  /** Unix time in seconds. */
  readonly end: number;
  readonly volume?: number;
  /** Approximate cost in the currency of the account. The invoice may differ. */
  readonly cost?: number;
  readonly country?: string;
  readonly phone_number?: string;
  readonly pricing_type?: string;
  readonly pricing_category?: string;
  /** Volume tier in the format `lower:upper`. The last tier is `lower:MAX`. */
  readonly tier?: string;
}

/**
 * Returns the number and cost of delivered messages in each interval. {@link getConversationAnalytics} returns costs
 * before July 2025.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}?fields=pricing_analytics…`. Source: Meta, Analytics (Nov
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The period, granularity, filters and dimensions. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns A data point for each interval and each value of the dimensions.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getPricingAnalytics } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const points = await getPricingAnalytics(client, {
 *   startAt: new Date('2026-03-01T00:00:00Z'),
 *   endAt: new Date('2026-04-01T00:00:00Z'),
 *   granularity: 'MONTHLY',
 *   dimensions: ['PRICING_CATEGORY'],
 * });
 * console.log(points.map((point) => [point.pricing_category, point.volume, point.cost]));
 * ```
 */
export function getPricingAnalytics(
  client: Client,
  parameters: GetPricingAnalyticsParameters,
  options: RequestOptions = {},
): ApiPromise<readonly PricingDataPoint[]> {
  return readParameters('getPricingAnalytics', parameters, options, () => {
    const id = wabaIdOf(client, 'getPricingAnalytics', parameters.wabaId);
    const { startAt, endAt, granularity, phoneNumbers, countryCodes, metricTypes } = parameters;
    const fields = fieldWith('pricing_analytics', {
      start: secondsOf(startAt),
      end: secondsOf(endAt),
      granularity,
      phone_numbers: phoneNumbers,
      country_codes: countryCodes,
      metric_types: metricTypes,
      pricing_categories: parameters.pricingCategories,
      pricing_types: parameters.pricingTypes,
      dimensions: parameters.dimensions,
    });
    return client
      .request<{ readonly pricing_analytics?: { readonly data: readonly { readonly data_points: readonly PricingDataPoint[] }[] } }>(
        { method: 'GET', path: [id], query: { fields }, operation: 'GET /{waba-id}?fields=pricing_analytics' },
        options,
      )
      .map(({ pricing_analytics: analytics }) => analytics?.data.flatMap((group) => group.data_points) ?? []);
  });
}
