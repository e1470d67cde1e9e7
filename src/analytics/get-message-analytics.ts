import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { fieldWith, secondsOf, type AnalyticsPeriod } from './period.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Which messages to count. */
export interface GetMessageAnalyticsParameters extends AnalyticsPeriod<OpenEnum<'HALF_HOUR' | 'DAY' | 'MONTH'>> {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** The numbers themselves, not their ids. @defaultValue all of the account */
  readonly phoneNumbers?: readonly string[] | undefined;
  /** 0: started by the business, 2: answers. @defaultValue both */
  readonly productTypes?: readonly number[] | undefined;
  /** Two letters each. @defaultValue all */
  readonly countryCodes?: readonly string[] | undefined;
}

/** Messages of one step. */
export interface MessageDataPoint {
  /** Unix seconds. */
  readonly start: number;
  /** Unix seconds. */
  readonly end: number;
  readonly sent: number;
  readonly delivered: number;
  readonly groups_sent?: number;
  readonly groups_delivered?: number;
}

/** Messages of a span of time. */
export interface MessageAnalytics {
  readonly phone_numbers?: readonly string[];
  readonly country_codes?: readonly string[];
  readonly granularity?: string;
  /** A step without messages is left out. */
  readonly data_points: readonly MessageDataPoint[];
}

/**
 * Counts the messages that were sent and delivered, step by step.
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}?fields=analytics…`. Source: Meta, Analytics (Nov 2025).
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
