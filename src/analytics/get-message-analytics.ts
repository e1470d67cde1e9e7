import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { fieldWith, secondsOf, type AnalyticsPeriod } from './period.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Parameters of {@link getMessageAnalytics}. */
export interface GetMessageAnalyticsParameters extends AnalyticsPeriod<OpenEnum<'HALF_HOUR' | 'DAY' | 'MONTH'>> {
  /** ID of the WhatsApp Business Account. @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Phone numbers, not phone number IDs. @defaultValue all numbers of the account */
  readonly phoneNumbers?: readonly string[] | undefined;
  /** `0` for messages that the business starts, `2` for replies to customers. @defaultValue both */
  readonly productTypes?: readonly number[] | undefined;
  /** Two-letter country codes. @defaultValue all countries */
  readonly countryCodes?: readonly string[] | undefined;
}

/** Messages in one interval. */
export interface MessageDataPoint {
  /** Unix time in seconds. */
  readonly start: number;
  /** Unix time in seconds. */
  readonly end: number;
  readonly sent: number;
  readonly delivered: number;
  readonly groups_sent?: number;
  readonly groups_delivered?: number;
}

/** Messages in a period. Returned by {@link getMessageAnalytics}. */
export interface MessageAnalytics {
  readonly phone_numbers?: readonly string[];
  readonly country_codes?: readonly string[];
  readonly granularity?: string;
  /** Intervals without messages are missing. */
  readonly data_points: readonly MessageDataPoint[];
}

/**
 * Returns the number of sent and delivered messages in each interval. {@link getPricingAnalytics} returns their cost.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}?fields=analytics…`. Source: Meta, Analytics (Nov 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The period, granularity and filters. `wabaId` defaults to the client's.
 * @param options - See {@link RequestOptions}.
 * @returns The data points. Intervals without messages are missing.
 * @throws {@link MissingTargetError}, and the errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getMessageAnalytics } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { data_points } = await getMessageAnalytics(client, {
 *   startAt: new Date('2026-03-01T00:00:00Z'),
 *   endAt: new Date('2026-04-01T00:00:00Z'),
 *   granularity: 'DAY',
 * });
 * console.log(data_points.reduce((sum, day) => sum + day.delivered, 0));
 * ```
 */
export function getMessageAnalytics(
  client: Client,
  parameters: GetMessageAnalyticsParameters,
  options: RequestOptions = {},
): ApiPromise<MessageAnalytics> {
  return readParameters('getMessageAnalytics', parameters, options, () => {
    const id = wabaIdOf(client, 'getMessageAnalytics', parameters.wabaId);
    const { startAt, endAt, granularity, phoneNumbers, productTypes, countryCodes } = parameters;
    const fields = fieldWith('analytics', {
      start: secondsOf(startAt),
      end: secondsOf(endAt),
      granularity,
      phone_numbers: phoneNumbers,
      product_types: productTypes,
      country_codes: countryCodes,
    });
    return client
      .request<{ readonly analytics?: MessageAnalytics }>(
        { method: 'GET', path: [id], query: { fields }, operation: 'GET /{waba-id}?fields=analytics' },
        options,
      )
      .map(({ analytics = { data_points: [] } }) => analytics);
  });
}
