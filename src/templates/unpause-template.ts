import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';

/** Parameters of {@link unpauseTemplate}. */
export interface UnpauseTemplateParameters {
  /** ID of the template. */
  readonly templateId: string;
}

/** Result of {@link unpauseTemplate}. */
export interface UnpausedTemplate {
  readonly success: boolean;
  /** Reason if the template remains paused. */
  readonly reason?: string;
}

/**
 * Ends the pause of a template. Meta pauses templates with low quality for 3 hours, then for 6 hours, and disables them
 * the third time. If Meta doesn't end the pause, the response contains the reason, and the promise doesn't reject. See
 * {@link getTemplate} for the status.
 *
 * Permission: `whatsapp_business_management`. `POST /{template-id}/unpause`. Source: practice of other libraries (Aug
 * 2026). Meta's pages don't describe it.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The template ID.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link GraphApiError} and the connection errors of {@link Client.request}.
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
