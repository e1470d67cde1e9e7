import type { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import type { MessageTemplate } from './message-template.js';

/** Parameters of {@link getTemplate}. */
export interface GetTemplateParameters {
  readonly templateId: string;
  /**
   * Names of the fields to return.
   * @defaultValue Meta's, without `rejected_reason` and `quality_score`
   */
  readonly fields?: readonly string[] | undefined;
}

/**
 * Reads a message template. {@link listTemplates} reads all templates of a WABA.
 *
 * Permission: `whatsapp_business_management`. `GET /{template-id}`. Source: Meta, Templates (22 Sep 2026).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The template ID and the fields to return. See {@link GetTemplateParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, getTemplate } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * const { status, quality_score } = await getTemplate(client, {
 *   templateId: '564750795574598',
 *   fields: ['status', 'quality_score'],
 * });
 * console.log(status, quality_score?.score);
 * ```
 */
export function getTemplate(client: Client, parameters: GetTemplateParameters, options: RequestOptions = {}): ApiPromise<MessageTemplate> {
  return readParameters('getTemplate', parameters, options, () => {
    const { templateId, fields } = parameters;
    return client.request(
      { method: 'GET', path: [templateId], query: { fields: fields?.join(',') }, operation: 'GET /{template-id}' },
      options,
    );
  });
}
