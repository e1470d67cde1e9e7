import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';

/** Parameters of {@link listLibraryTemplates}: filters, and the part of the list. */
export interface ListLibraryTemplatesParameters extends PageParameters {
  /** Search text. */
  readonly search?: string | undefined;
  /** Topic, for example `ORDER_MANAGEMENT`. */
  readonly topic?: string | undefined;
  /** Use case, for example `DELIVERY_UPDATE`. */
  readonly usecase?: string | undefined;
  /** Industry, for example `E_COMMERCE`. */
  readonly industry?: string | undefined;
  readonly language?: string | undefined;
  readonly category?: string | undefined;
  readonly name?: string | undefined;
}

/** A template of Meta's library. {@link createTemplate} copies it. */
export interface LibraryTemplate {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly category: string;
  readonly topic?: string;
  readonly usecase?: string;
  readonly industry?: readonly string[];
  readonly header?: string;
  readonly body?: string;
  readonly body_params?: readonly string[];
  readonly body_param_types?: readonly string[];
  readonly buttons?: readonly { readonly type: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

/**
 * Lists the templates of Meta's library. It fetches pages on demand. {@link createTemplate} copies a library template
 * to your WABA.
 *
 * Permission: `whatsapp_business_management`. `GET /message_template_library`. Source: Meta, Template library (Dec
 * 2025).
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Filters, and the part of the list. See {@link ListLibraryTemplatesParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, createTemplate, listLibraryTemplates } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * for await (const { name, language } of listLibraryTemplates(client, {
 *   topic: 'ORDER_MANAGEMENT',
 *   language: 'en_US',
 * })) {
 *   await createTemplate(client, { name: `my_${name}`, language, category: 'UTILITY', library_template_name: name });
 * }
 * ```
 */
export function listLibraryTemplates(
  client: Client,
  parameters: ListLibraryTemplatesParameters = {},
  options: RequestOptions = {},
): Listing<LibraryTemplate> {
  return readParameters('listLibraryTemplates', parameters, options, () => {
    const { after: first, ...filters } = parameters;
    return listing(
      (after) =>
        client.request(
          { method: 'GET', path: ['message_template_library'], query: { ...filters, after }, operation: 'GET /message_template_library' },
          options,
        ),
      first,
    );
  });
}
