import type { MessageContent } from '../outgoing/envelope.js';
import type { TemplateComponent, TemplateMessage } from '../outgoing/template.js';
import type { TemplateDefinition } from './known-template.js';
import type { TemplateArguments } from './template-values.js';
import { valuesToComponents } from './values-to-components.js';

/**
 * Builds the content of a template message in Meta's shape. See {@link TemplateMessage}.
 *
 * With a definition, the compiler reports missing, extra and wrong values. `npx wa-coexist templates pull` generates
 * definitions, and `defineTemplate` of `wa-coexist/templates` checks one that you write. `checkTemplate` performs the
 * same check at runtime.
 *
 * @param definition - A definition, or the name of a template.
 * @param rest - After a definition: values of variables, files and buttons, and `{ language }` if the template has
 * several languages. `buttons` has one element for each button of the template, and `null` for a button without a
 * value. After a name: the language code, and the components. `templateComponents` of `wa-coexist/templates` builds
 * components from plain values.
 * @returns The content for `sendMessage`, `replyTo` or a sender. Add the recipient.
 * @throws `InvalidArgumentError` if `values` has an unknown member.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { template } from 'wa-coexist/messages';
 * import { defineTemplate } from 'wa-coexist/templates';
 *
 * const orderShipped = defineTemplate({
 *   name: 'order_shipped',
 *   language: 'en_US',
 *   category: 'UTILITY',
 *   components: [{ type: 'BODY', text: 'Hello {{first_name}}, order {{order}} is on its way.' }],
 * });
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({
 *   to: '15550100987',
 *   ...template(orderShipped, { body: { first_name: 'Ana', order: '1042' } }),
 * });
 * await wa.messages.send({ to: '15550100987', ...template('hello_world', 'en_US') });
 * ```
 */
export function template<const Definition extends string | TemplateDefinition>(
  definition: Definition,
  ...rest: TemplateArguments<NoInfer<Definition>>
): MessageContent<TemplateMessage> {
  // The compiler can't narrow a tuple by the type of another parameter.
  const [second, third]: readonly unknown[] = rest;
  if (typeof definition === 'string') return content(definition, second as string, third as readonly TemplateComponent[] | undefined);
  const { language: given } = (third ?? {}) as { readonly language?: string };
  const language = given ?? (typeof definition.language === 'string' ? definition.language : (definition.language[0] ?? ''));
  const components = valuesToComponents(definition, second ?? {}, language);
  return content(definition.name, language, components.length > 0 ? components : undefined);
}

function content(name: string, language: string, components: readonly TemplateComponent[] | undefined): MessageContent<TemplateMessage> {
  return { type: 'template', template: { name, language: { code: language }, ...(components && { components }) } };
}
