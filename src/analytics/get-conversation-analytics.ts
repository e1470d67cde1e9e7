import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { fieldWith, secondsOf, type AnalyticsPeriod } from './period.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Parameters of {@link getConversationAnalytics}. */
export interface GetConversationAnalyticsParameters extends AnalyticsPeriod<OpenEnum<'HALF_HOUR' | 'DAILY' | 'MONTHLY'>> {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Phone numbers, not phone number IDs. @defaultValue all numbers of the account */
  readonly phoneNumbers?: readonly string[] | undefined;
  /** @defaultValue both */
  readonly metricTypes?: readonly OpenEnum<'COST' | 'CONVERSATION'>[] | undefined;
  /** For example `AUTHENTICATION`, `MARKETING`, `SERVICE` or `UTILITY`. @defaultValue all categories */
  readonly conversationCategories?: readonly string[] | undefined;
  /** @defaultValue all */
  readonly conversationTypes?: readonly OpenEnum<'FREE_ENTRY' | 'FREE_TIER' | 'REGULAR'>[] | undefined;
  /** @defaultValue both */
  readonly conversationDirections?: readonly OpenEnum<'BUSINESS_INITIATED' | 'USER_INITIATED'>[] | undefined;
  /** Groups the results, for example by `CONVERSATION_CATEGORY`, `COUNTRY` or `PHONE`. @defaultValue no groups */
  readonly dimensions?: readonly string[] | undefined;
}

/** Conversations in one interval, for one value of each dimension. */
export interface ConversationDataPoint {
  /** Unix time in seconds. */
  readonly start: number;
  /** Unix time in seconds. */
  readonly end: number;
  readonly conversation?: number;
  /** Approximate cost in the currency of the account. */
  readonly cost?: number;
  readonly phone_number?: string;
  readonly country?: string;
  readonly conversation_type?: string;
  readonly conversation_direction?: string;
  readonly conversation_category?: string;
}

/**
 * Returns the number and cost of conversations in each interval. Meta has charged for each message since July 2025. For
 * later costs, use {@link getPricingAnalytics}.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}?fields=conversation_analytics…`. Source: Meta, Analytics
 * (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The period, granularity, filters and dimensions. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns A data point for each interval and each value of the dimensions.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getConversationAnalytics } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const points = await getConversationAnalytics(client, {
 *   startAt: new Date('2025-05-01T00:00:00Z'),
 *   endAt: new Date('2025-06-01T00:00:00Z'),
 *   granularity: 'MONTHLY',
 *   dimensions: ['CONVERSATION_CATEGORY'],
 * });
 * console.log(points.map((point) => [point.conversation_category, point.cost]));
 * ```
 */
export function getConversationAnalytics(
  client: Client,
  parameters: GetConversationAnalyticsParameters,
  options: RequestOptions = {},
): ApiPromise<readonly ConversationDataPoint[]> {
  return readParameters('getConversationAnalytics', parameters, options, () => {
    const id = wabaIdOf(client, 'getConversationAnalytics', parameters.wabaId);
    const { startAt, endAt, granularity, phoneNumbers, metricTypes } = parameters;
    const fields = fieldWith('conversation_analytics', {
      start: secondsOf(startAt),
      end: secondsOf(endAt),
      granularity,
      phone_numbers: phoneNumbers,
      metric_types: metricTypes,
      conversation_categories: parameters.conversationCategories,
      conversation_types: parameters.conversationTypes,
      conversation_directions: parameters.conversationDirections,
      dimensions: parameters.dimensions,
    });
    return client
      .request<{
        readonly conversation_analytics?: { readonly data: readonly { readonly data_points: readonly ConversationDataPoint[] }[] };
      }>({ method: 'GET', path: [id], query: { fields }, operation: 'GET /{waba-id}?fields=conversation_analytics' }, options)
      .map(({ conversation_analytics: analytics }) => analytics?.data.flatMap((group) => group.data_points) ?? []);
  });
}
