import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';

/** Parameters of {@link previewTemplates}. */
export interface PreviewTemplatesParameters {
  /**
   * ID of the WABA.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
  /**
   * Languages to preview.
   * @defaultValue all languages that Meta supports
   */
  readonly languages?: readonly string[] | undefined;
  readonly add_security_recommendation?: boolean | undefined;
  /** Minutes until the code expires, 1 to 90. */
  readonly code_expiration_minutes?: number | undefined;
}

/** Text of an authentication template in one language. */
export interface TemplatePreview {
  readonly language: string;
  readonly body?: string;
  readonly footer?: string;
  readonly buttons?: readonly { readonly text?: string; readonly autofill_text?: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

/**
 * Previews Meta's texts of authentication templates before you create one. See {@link upsertTemplates}.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}/message_template_previews`. Source: Meta, Authentication
 * templates (Dec 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Languages and options of the template. See {@link PreviewTemplatesParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, previewTemplates } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * for await (const { language, body } of previewTemplates(client, { code_expiration_minutes: 10 })) console.log(language, body);
 * ```
 */
export function previewTemplates(
  client: Client,
  parameters: PreviewTemplatesParameters = {},
  options: RequestOptions = {},
): Listing<TemplatePreview> {
  return readParameters('previewTemplates', parameters, options, () => {
    const { wabaId, languages, ...texts } = parameters;
    const id = wabaIdOf(client, 'previewTemplates', wabaId);
    const query = { category: 'AUTHENTICATION', languages: languages?.join(','), button_types: 'OTP', ...texts };
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [id, 'message_template_previews'],
            query: { ...query, after },
            operation: 'GET /{waba-id}/message_template_previews',
          },
          options,
        ),
      undefined,
    );
  });
}
