import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { MessageTemplate } from './message-template.js';

export type { MessageTemplate } from './message-template.js';

/** Which WABA, which templates, and which part of the list. */
export interface ListTemplatesParameters extends PageParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string | undefined;
  /** Field names of Meta's. @defaultValue Meta's, which are without `rejected_reason` and `quality_score` */
  readonly fields?: readonly string[] | undefined;
  readonly name?: string | undefined;
  /** Text in the name or the content. */
  readonly name_or_content?: string | undefined;
  readonly content?: string | undefined;
  readonly status?: string | undefined;
  readonly category?: string | undefined;
  /** One language, or several. */
  readonly language?: string | readonly string[] | undefined;
  readonly quality_score?: string | undefined;
  /** Made at or after this moment, in Unix seconds. */
  readonly since?: number | undefined;
  /** Made before this moment, in Unix seconds. */
  readonly until?: number | undefined;
  /** Figures of the WABA beside each page: `total_count`, `message_template_count`, `message_template_limit`, … */
  readonly summary?: readonly string[] | undefined;
}

/**
 * Lists the message templates of a WABA, page after page as they are needed. Each page holds the figures of `summary`, if asked for.
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}/message_templates`. Source: Meta, Templates (22 Sep 2026). A cursor that
 * expired is 131059: list again from the start.
 *
 * @throws `MissingTargetError`, `GraphApiError` and the connection errors of `Client.request`.
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
