import type { ApiPromise } from '../client/api-promise.js';
import type { Client, GraphRequest, RequestOptions } from '../client/client.js';
import { readParameters } from '../client/parameters.js';
import { wabaIdOf } from '../client/require-target.js';
import type { OpenEnum } from '../runtime/open-enum.js';
import { requestWithDefinition, type TemplateLint } from './request-with-definition.js';
import type { TemplateCategory, TemplateComponentDefinition, TemplateOptimizationSpec } from './template-definition.js';

interface NewTemplate {
  /**
   * Name of the template: at most 512 characters of a-z, 0-9 and `_`. The name of a deleted approved template is
   * blocked for 30 days.
   */
  readonly name: string;
  /** Language code, for example `en_US`. */
  readonly language: string;
  /** Category. Meta may change it on creation, see the response. */
  readonly category: TemplateCategory;
  /**
   * Seconds during which Meta attempts to deliver a message: authentication 30 to 900, utility 30 to 43 200, marketing
   * 43 200 to 2 592 000. -1 means 30 days.
   * @defaultValue 30 days, authentication 10 minutes
   */
  readonly message_send_ttl_seconds?: number;
}

/** A template with your own content. */
export interface OwnTemplate extends NewTemplate {
  readonly components: readonly TemplateComponentDefinition[];
  /**
   * Format of variables. Set `NAMED` for variables with names.
   * @defaultValue Meta's, `POSITIONAL`
   */
  readonly parameter_format?: OpenEnum<'POSITIONAL' | 'NAMED'>;
  readonly sub_category?: string;
  readonly display_format?: string;
  readonly cta_url_link_tracking_opted_out?: boolean;
  readonly is_primary_device_delivery_only?: boolean;
  readonly degrees_of_freedom_spec?: Readonly<Record<string, unknown>>;
  /** Max price of a marketing template. Without it, the rate card applies. */
  readonly optimization_spec?: TemplateOptimizationSpec;
}

/** A copy of a template in Meta's library. Meta approves it immediately. */
export interface TemplateFromLibrary extends NewTemplate {
  readonly library_template_name: string;
  /** Values for the buttons of the library template, in order. */
  readonly library_template_button_inputs?: readonly Readonly<Record<string, unknown>>[];
  /** Values for the text of the library template. */
  readonly library_template_body_inputs?: Readonly<Record<string, unknown>>;
}

/** A template, its WABA if that isn't the client's, and whether the library lints it. */
export type CreateTemplateParameters = (OwnTemplate | TemplateFromLibrary) & {
  readonly wabaId?: string | undefined;
  /**
   * Whether the library lints the template before the request. See `lintTemplate` of `wa-coexist/templates`.
   * @defaultValue `'error'`: errors reject, and warnings don't
   */
  readonly lint?: TemplateLint | undefined;
};

/** A template that Meta accepted for review. */
export interface CreatedTemplate {
  readonly id: string;
  /** `PENDING`, `APPROVED`, `REJECTED` or a value that Meta adds. */
  readonly status: string;
  readonly category: string;
}

/**
 * Creates a message template with your own content or from Meta's library. The webhook `message_template_status_update`
 * reports the result of the review. See {@link listLibraryTemplates} and {@link editTemplate}.
 *
 * The library lints the template before the request, unless you pass `lint: 'off'` or the client has `validate: false`.
 * See `lintTemplate` of `wa-coexist/templates`.
 *
 * Permission: `whatsapp_business_management`. `POST /{waba-id}/message_templates`. Source: Meta, Templates (22 Sep
 * 2026): 100 per hour and WABA; 250 in total, 6000 for a verified business.
 *
 * @param client - A client from {@link createClient}.
 * @param parameters - Name, language, category and content of the template. See {@link CreateTemplateParameters}.
 * @param options - Request options. See {@link RequestOptions}.
 * @throws {@link InvalidArgumentError}, {@link MissingTargetError}, {@link TemplateError} (2388xxx), another
 * {@link GraphApiError} and the connection errors of {@link Client.request}.
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
    const { wabaId, lint, ...template } = parameters;
    const id = wabaIdOf(client, 'createTemplate', wabaId);
    const request: GraphRequest = {
      method: 'POST',
      path: [id, 'message_templates'],
      body: bodyOf(template),
      operation: 'POST /{waba-id}/message_templates',
    };
    return requestWithDefinition('createTemplate', client, { definition: template, lint }, request, options);
  });
}

/** Converts the button inputs of a library template to JSON text, which Meta requires. */
function bodyOf(template: OwnTemplate | TemplateFromLibrary): object {
  const inputs = 'library_template_button_inputs' in template ? template.library_template_button_inputs : undefined;
  return inputs === undefined ? template : { ...template, library_template_button_inputs: JSON.stringify(inputs) };
}
