import type { Client, RequestOptions } from '../../client/client.js';
import { isMetaId } from '../../embedded-signup/session-event.js';
import type { Logger } from '../../runtime/logger.js';

/**
 * Reads the portfolio of the customer who granted a business token. An onboarding works without it, so a failure is
 * only logged.
 *
 * `GET /me?fields=client_business_id`. Source: Meta, Facebook Login for Business (Oct 2026).
 *
 * @param client - The client.
 * @param token - The business token.
 * @param logger - Receives a debug entry if the request fails.
 * @param options - The options of the request.
 */
export async function getClientBusinessId(
  client: Client,
  token: string,
  logger: Logger,
  options: RequestOptions = {},
): Promise<string | undefined> {
  try {
    const { client_business_id: id } = await client.request<{ readonly client_business_id?: string }>(
      { method: 'GET', path: ['me'], query: { fields: 'client_business_id' }, auth: { token }, operation: 'GET /me' },
      { ...options, maxRetries: 0 },
    );
    return isMetaId(id) ? id : undefined;
  } catch (error) {
    logger.debug('onboarding.business_unknown', { error });
    return undefined;
  }
}
