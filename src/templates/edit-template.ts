import type { ApiPromise } from '../client/api-promise.js';
import type { Client, GraphRequest, RequestOptions } from '../client/client.js';
import { rejectEndpoint } from '../client/non-coexistence-client.js';
import { readParameters } from '../client/parameters.js';
import type { OpenEnum } from '../runtime/open-enum.js';
import { requestWithDefinition, type TemplateLint } from './request-with-definition.js';
import type { TemplateCategory, TemplateComponentDefinition, TemplateOptimizationSpec } from './template-definition.js';
import type { SuccessResult } from '../client/results.js';

/** Parameters of {@link editTemplate}. */
export interface EditTemplateParameters {
  readonly templateId: string;
  /**
   * Whether the library lints the template before the request. See `lintTemplate` of `wa-coexist/templates`.
   * @defaultValue `'error'`: errors reject, and warnings don't
   */
  readonly lint?: TemplateLint | undefined;
  /** New components. They replace all existing ones. */
  readonly components?: readonly TemplateComponentDefinition[] | undefined;
  /** New category. You can't change it after Meta approved the template. */
  readonly category?: TemplateCategory | undefined;
  readonly message_send_ttl_seconds?: number | undefined;
  readonly parameter_format?: OpenEnum<'POSITIONAL' | 'NAMED'> | undefined;
  readonly cta_url_link_tracking_opted_out?: boolean | undefined;
  /** Sets or changes the max price of a marketing template, including an approved one. */
  readonly optimization_spec?: TemplateOptimizationSpec | undefined;
}

/**
 * Edits a message template. Meta reviews it again. See {@link createTemplate}.
 *
 * Permission: `whatsapp_business_management`. `POST /{template-id}`. Source: Meta, Templates (22 Sep 2026): only
 * approved, rejected and paused templates; approved ones once in 24 hours and ten times in 30 days.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The template ID, and the members to change. See {@link EditTemplateParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link InvalidArgumentError} as {@link createTemplate}, {@link TemplateError} (2388039 and others), another
 * {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, editTemplate } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token' });
 * await editTemplate(client, {
 *   templateId: '564750795574598',
 *   components: [{ type: 'BODY', text: 'Your order is ready.' }],
 * });
 * ```
 */
export function editTemplate(client: Client, parameters: EditTemplateParameters, options: RequestOptions = {}): ApiPromise<SuccessResult> {
  return readParameters('editTemplate', parameters, options, () => {
    const { templateId, lint, ...changes } = parameters;
    const request: GraphRequest = {
      method: 'POST',
      path: [templateId],
      body: changes,
      operation: 'POST /{template-id}',
      restriction: rejectEndpoint(client, 'manage-templates'),
    };
    return requestWithDefinition('editTemplate', client, { definition: changes, lint }, request, options);
  });
}
