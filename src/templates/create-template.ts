import type { ApiPromise } from '../client/api-promise.js';
import type { Client, GraphRequest, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { OpenEnum } from '../runtime/open-enum.js';
import { requestWithDefinition } from './request-with-definition.js';
import type { TemplateCategory, TemplateComponentDefinition, TemplateOptimizationSpec } from './template-definition.js';

interface NewTemplate {
  /** At most 512 of a-z, 0-9 and `_`. The name of a deleted approved template is blocked for 30 days. */
  readonly name: string;
  /** As `en_US`. */
  readonly language: string;
  /** Meta may change it on creation; see the answer. */
  readonly category: TemplateCategory;
  /** Seconds to try: authentication 30 to 900, utility 30 to 43 200, marketing 43 200 to 2 592 000; -1 is 30 days. @defaultValue 30 days, authentication 10 minutes */
  readonly message_send_ttl_seconds?: number;
}

/** A template of one's own. */
export interface OwnTemplate extends NewTemplate {
  readonly components: readonly TemplateComponentDefinition[];
  /** `NAMED` is needed for variables with names. @defaultValue Meta's, `POSITIONAL` */
  readonly parameter_format?: OpenEnum<'POSITIONAL' | 'NAMED'>;
  readonly sub_category?: string;
  readonly display_format?: string;
  readonly cta_url_link_tracking_opted_out?: boolean;
  readonly is_primary_device_delivery_only?: boolean;
  readonly degrees_of_freedom_spec?: Readonly<Record<string, unknown>>;
  /** The max price of a marketing template. Without it the rate card applies. */
  readonly optimization_spec?: TemplateOptimizationSpec;
}

/** A copy of a template in Meta's library, which is approved at once. */
export interface TemplateFromLibrary extends NewTemplate {
  readonly library_template_name: string;
  /** What the library's buttons leave open, in their order. */
  readonly library_template_button_inputs?: readonly Readonly<Record<string, unknown>>[];
  /** What the library's text leaves open. */
  readonly library_template_body_inputs?: Readonly<Record<string, unknown>>;
}

/** A template, and the WABA it is for where that is not the client's. */
export type CreateTemplateParameters = (OwnTemplate | TemplateFromLibrary) & { readonly wabaId?: string | undefined };

/** A template that Meta has taken for review. */
export interface CreatedTemplate {
  readonly id: string;
  /** `PENDING`, `APPROVED`, `REJECTED` or a value that Meta adds. */
  readonly status: string;
  readonly category: string;
}

/**
 * Makes a message template, of one's own or from Meta's library. What becomes of the review arrives as `message_template_status_update`.
 *
 * Permission `whatsapp_business_management`. `POST /{waba-id}/message_templates`. Source: Meta, Templates (22 Sep 2026): 100 an hour and WABA;
 * 250 in all, 6000 for a verified business.
 *
 * The library checks names, formats of variables, and samples of media headers and URL buttons before the request, unless the client has
 * `validate: false`.
 *
 * @throws `InvalidArgumentError`, `MissingTargetError`, `TemplateError` (2388xxx), any other `GraphApiError` and the connection errors of `Client.request`.
 *
 * @example
 * ```ts
 * import { createClient, createTemplate } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', wabaId: '102290129340398' });
 * const { id, status } = await createTemplate(client, {
 *   name: 'order_ready',
 *   language: 'en_US',
 *   category: 'UTILITY',
 *   components: [
 *     { type: 'BODY', text: 'Order {{1}} is ready.', example: { body_text: [['4711']] } },
 *     { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'On my way' }] },
 *   ],
 * });
 * console.log(id, status);
 * ```
 */
export function createTemplate(
  client: Client,
  parameters: CreateTemplateParameters,
  options: RequestOptions = {},
): ApiPromise<CreatedTemplate> {
  return readParameters('createTemplate', parameters, options, () => {
    const { wabaId, ...template } = parameters;
    const id = wabaIdOf(client, 'createTemplate', wabaId);
    const request: GraphRequest = {
      method: 'POST',
      path: [id, 'message_templates'],
      body: bodyOf(template),
      operation: 'POST /{waba-id}/message_templates',
    };
    return requestWithDefinition('createTemplate', client, template, request, options);
  });
}

/** Meta wants the button inputs of a library template as JSON in a text. */
function bodyOf(template: OwnTemplate | TemplateFromLibrary): object {
  const inputs = 'library_template_button_inputs' in template ? template.library_template_button_inputs : undefined;
  return inputs === undefined ? template : { ...template, library_template_button_inputs: JSON.stringify(inputs) };
}
