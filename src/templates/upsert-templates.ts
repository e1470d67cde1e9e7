import type { ApiPromise } from '../client/api-promise.js';
import type { Client, GraphRequest, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import { requestWithDefinition, type TemplateLint } from './request-with-definition.js';
import type { TemplateBodyDefinition, TemplateButtonsDefinition, TemplateFooterDefinition } from './template-definition.js';

/** Parameters of {@link upsertTemplates}: an authentication template in many languages. */
export interface UpsertTemplatesParameters {
  /**
   * ID of the WABA.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
  readonly name: string;
  readonly languages: readonly string[];
  /** Components without texts and labels. Meta provides them in each language. */
  readonly components: readonly (TemplateBodyDefinition | TemplateFooterDefinition | TemplateButtonsDefinition)[];
  readonly message_send_ttl_seconds?: number | undefined;
  /**
   * Whether the library lints the template before the request. See `lintTemplate` of `wa-coexist/templates`.
   * @defaultValue `'error'`: errors reject, and warnings don't
   */
  readonly lint?: TemplateLint | undefined;
}

/** One language of the template. */
export interface UpsertedTemplate {
  readonly id: string;
  readonly status: string;
  readonly language: string;
}

/** The languages that Meta created or changed. */
export interface UpsertedTemplates {
  readonly data: readonly UpsertedTemplate[];
}

/**
 * Creates or updates an authentication template in many languages with one request. See {@link previewTemplates} for
 * Meta's texts.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/upsert_message_templates`. Source: Meta, Authentication
 * templates (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Name, languages and components of the template. See {@link UpsertTemplatesParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link InvalidArgumentError}, {@link MissingTargetError}, {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, upsertTemplates } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { data } = await upsertTemplates(client, {
 *   name: 'login_code',
 *   languages: ['en_US', 'pt_BR'],
 *   components: [
 *     { type: 'BODY', add_security_recommendation: true },
 *     { type: 'FOOTER', code_expiration_minutes: 10 },
 *     { type: 'BUTTONS', buttons: [{ type: 'OTP', otp_type: 'COPY_CODE' }] },
 *   ],
 * });
 * console.log(data.map((template) => template.language));
 * ```
 */
export function upsertTemplates(
  client: Client,
  parameters: UpsertTemplatesParameters,
  options: RequestOptions = {},
): ApiPromise<UpsertedTemplates> {
  return readParameters('upsertTemplates', parameters, options, () => {
    const { wabaId, lint, ...parts } = parameters;
    const id = wabaIdOf(client, 'upsertTemplates', wabaId);
    const template = { category: 'AUTHENTICATION', ...parts };
    const request: GraphRequest = {
      method: 'POST',
      path: [id, 'upsert_message_templates'],
      body: template,
      operation: 'POST /{waba-id}/upsert_message_templates',
    };
    return requestWithDefinition('upsertTemplates', client, { definition: template, lint }, request, options);
  });
}
