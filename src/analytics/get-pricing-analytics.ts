import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { fieldWith, secondsOf, type AnalyticsPeriod } from './period.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Which messages to count, and by what to divide them. */
export interface GetPricingAnalyticsParameters extends AnalyticsPeriod<OpenEnum<'HALF_HOUR' | 'DAILY' | 'MONTHLY'>> {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** The numbers themselves, not their ids. @defaultValue all of the account */
  readonly phoneNumbers?: readonly string[] | undefined;
  /** Two letters each. @defaultValue all */
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
  /** By what to divide. @defaultValue by nothing */
  readonly dimensions?: readonly OpenEnum<'COUNTRY' | 'PHONE' | 'PRICING_CATEGORY' | 'PRICING_TYPE' | 'TIER'>[] | undefined;
}

/** Messages and costs of one step, and of one value of each dimension. */
export interface PricingDataPoint {
  /** Unix seconds. */
  readonly start: number;
  /** Unix seconds. */
  readonly end: number;
  readonly volume?: number;
  /** About, in the currency of the account; the bill may differ. */
  readonly cost?: number;
  readonly country?: string;
  readonly phone_number?: string;
  readonly pricing_type?: string;
  readonly pricing_category?: string;
  /** Volume tier, `lower:upper`; the last is `lower:MAX`. */
  readonly tier?: string;
}

/**
 * Counts delivered messages and what they cost, step by step.
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}?fields=pricing_analytics…`. Source: Meta, Analytics (Nov 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
