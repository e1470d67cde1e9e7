import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { MessageTemplate } from './message-template.js';

export type { MessageTemplate } from './message-template.js';

/** Parameters of {@link listTemplates}: the WABA, filters, and the part of the list. */
export interface ListTemplatesParameters extends PageParameters {
  /**
   * ID of the WABA.
   * @defaultValue the client's
   */
  readonly wabaId?: string | undefined;
  /**
   * Names of the fields to return.
   * @defaultValue Meta's, without `rejected_reason` and `quality_score`
   */
  readonly fields?: readonly string[] | undefined;
  readonly name?: string | undefined;
  /** Text in the name or the content. */
  readonly name_or_content?: string | undefined;
  readonly content?: string | undefined;
  readonly status?: string | undefined;
  readonly category?: string | undefined;
  /** One or more languages. */
  readonly language?: string | readonly string[] | undefined;
  readonly quality_score?: string | undefined;
  /** Created at or after this time, in Unix seconds. */
  readonly since?: number | undefined;
  /** Created before this time, in Unix seconds. */
  readonly until?: number | undefined;
  /**
   * Totals of the WABA to include in each page: `total_count`, `message_template_count`, `message_template_limit`, …
   */
  readonly summary?: readonly string[] | undefined;
}

/**
 * Lists the message templates of a WABA. It fetches pages on demand. Each page contains the totals of `summary`, if
 * requested. See {@link getTemplate} and {@link Listing}.
 *
 * Permission: `whatsapp_business_management`. `GET /{waba-id}/message_templates`. Source: Meta, Templates (22 Sep
 * 2026). If a cursor has expired (131059), list again from the start.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - The WABA, filters, and the part of the list. See {@link ListTemplatesParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link MissingTargetError}, {@link GraphApiError} and the connection errors of {@link Client.request}.
 *
 * @example
 * ```ts
 * import { createClient, listTemplates } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * for await (const template of listTemplates(client, { status: 'APPROVED' })) console.log(template.name);
 * ```
 */
export function listTemplates(
  client: Client,
  parameters: ListTemplatesParameters = {},
  options: RequestOptions = {},
): Listing<MessageTemplate> {
  return readParameters('listTemplates', parameters, options, () => {
    const { wabaId, fields, summary, language, after: first, ...filters } = parameters;
    const id = wabaIdOf(client, 'listTemplates', wabaId);
    return listing(
      (after) =>
        client.request(
          {
            method: 'GET',
            path: [id, 'message_templates'],
            query: {
              ...filters,
              language: typeof language === 'object' ? JSON.stringify(language) : language,
              fields: fields?.join(','),
              summary: summary?.join(','),
              after,
            },
            operation: 'GET /{waba-id}/message_templates',
          },
          options,
        ),
      first,
    );
  });
}
