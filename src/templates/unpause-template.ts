import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';

/** Selects a template. */
export interface UnpauseTemplateParameters {
  readonly templateId: string;
}

/** Whether a template goes out again. */
export interface UnpausedTemplate {
  readonly success: boolean;
  /** Why it does not. */
  readonly reason?: string;
}

/**
 * Ends the pause of a template that Meta paused for its quality (3 hours, then 6; the third time disables it). Where Meta gives a reason why
 * not, it is an answer and no error.
 *
 * Permission `whatsapp_business_management`. `POST /{template-id}/unpause`. Source: practice of other libraries (Aug 2026); Meta's pages do not
 * describe it.
 *
 * @throws `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, unpauseTemplate } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const { success, reason } = await unpauseTemplate(client, { templateId: '564750795574598' });
 * console.log(success, reason);
 * ```
 */
export function unpauseTemplate(
  client: Client,
  parameters: UnpauseTemplateParameters,
  options: RequestOptions = {},
): ApiPromise<UnpausedTemplate> {
  return readParameters('unpauseTemplate', parameters, options, () => {
    return client.request(
      { method: 'POST', path: [parameters.templateId, 'unpause'], partial: 'reason', operation: 'POST /{template-id}/unpause' },
      options,
    );
  });
}
