import type { Client, RequestOptions } from '../client/client.js';
import { listing, type Listing, type PageParameters } from '../client/pagination.js';
import { wabaIdOf } from '../client/require-target.js';

/** A message template as Meta describes it. Values that Meta adds pass. */
export interface MessageTemplate {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  /** `APPROVED`, `PENDING`, `REJECTED`, `PAUSED`, `DISABLED` or a value that Meta adds. */
  readonly status: string;
  /** `MARKETING`, `UTILITY`, `AUTHENTICATION` or a value that Meta adds. */
  readonly category: string;
  readonly components?: readonly { readonly type: string; readonly [field: string]: unknown }[];
  readonly [field: string]: unknown;
}

/** Which WABA, which templates, and which part of the list. */
export interface ListTemplatesParameters extends PageParameters {
  /** @defaultValue the client's */
  readonly wabaId?: string;
  /** Field names of Meta's. @defaultValue Meta's */
  readonly fields?: readonly string[];
  readonly name?: string;
  readonly status?: string;
  readonly category?: string;
  readonly language?: string;
}

/**
 * Lists the message templates of a WABA, page after page as they are needed.
 *
 * Permission `whatsapp_business_management`. `GET /{waba-id}/message_templates`. Source: Meta, Templates (22 Sep 2026).
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
  const { wabaId, fields, after: first, ...filters } = parameters;
  const id = wabaIdOf(client, 'listTemplates', wabaId);
  return listing(
    (after) =>
      client.request(
        {
          method: 'GET',
          path: [id, 'message_templates'],
          query: { ...filters, fields: fields?.join(','), after },
          operation: 'GET /{waba-id}/message_templates',
        },
        options,
      ),
    first,
  );
}
