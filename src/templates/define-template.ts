import type { TemplateDefinition } from '../messages/template/known-template.js';
import type { TemplateCategory, TemplateComponentDefinition } from './template-definition.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** A definition that {@link defineTemplate} accepts. The compiler checks its components. */
export interface TypedTemplateDefinition extends TemplateDefinition {
  readonly category: TemplateCategory;
  readonly parameter_format?: OpenEnum<'POSITIONAL' | 'NAMED'> | undefined;
  readonly components: readonly TemplateComponentDefinition[];
}

/**
 * Defines a template for `template(definition, values)` of `wa-coexist/messages`. The compiler then checks the values of
 * each message. `npx wa-coexist templates pull` generates such definitions from an account.
 *
 * @param definition - Name, language, category and components, as Meta stores them. For a template with several
 * languages, pass all of them as `language`. `translations` contains the components of the other languages.
 * @returns The same definition, with its literal type.
 *
 * @example
 * ```ts
 * import { template } from 'wa-coexist/messages';
 * import { defineTemplate } from 'wa-coexist/templates';
 *
 * const orderShipped = defineTemplate({
 *   name: 'order_shipped',
 *   language: ['en_US', 'es'],
 *   category: 'UTILITY',
 *   parameter_format: 'NAMED',
 *   components: [
 *     { type: 'BODY', text: 'Hello {{first_name}}, order {{order}} is on its way.' },
 *     { type: 'BUTTONS', buttons: [{ type: 'URL', text: 'Track', url: 'https://shop.example/track/{{1}}' }] },
 *   ],
 * });
 * const message = template(
 *   orderShipped,
 *   { body: { first_name: 'Ana', order: '1042' }, buttons: [{ urlSuffix: '1042' }] },
 *   { language: 'es' },
 * );
 * console.log(message.template.name);
 * ```
 */
export function defineTemplate<const Definition extends TypedTemplateDefinition>(definition: Definition): Definition {
  return definition;
}
