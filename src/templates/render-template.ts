import type { TemplateComponent } from '../messages/outgoing/template.js';
import type { TemplateDefinition } from '../messages/template/known-template.js';
import { componentsIn, find, findCard, upperCase } from '../messages/template/template-shape.js';
import type { AnyTemplateValues, TemplateLanguageOf, TemplateValuesOf } from '../messages/template/template-values.js';
import { valuesToComponents } from '../messages/template/values-to-components.js';
import { isRecord } from '../runtime/json.js';

/** A button as the customer sees it. */
export interface RenderedTemplateButton {
  /** Type in upper case, for example `URL`. */
  readonly type: string;
  /** The label. */
  readonly text: string;
  /** URL with the value of its variable. */
  readonly url?: string;
  readonly phoneNumber?: string;
  /** Code that the button copies. */
  readonly code?: string;
  /** Payload that the button returns. */
  readonly payload?: string;
}

/** A card of a carousel as the customer sees it. */
export interface RenderedTemplateCard {
  readonly header?: RenderedTemplateHeader;
  readonly body?: string;
  readonly buttons: readonly RenderedTemplateButton[];
}

/** Text of a header, or its file, location or product in Meta's shape. */
export type RenderedTemplateHeader =
  { readonly type: 'text'; readonly text: string } | { readonly type: string; readonly content: Readonly<Record<string, unknown>> };

/** A message with a template as the customer sees it. */
export interface RenderedTemplate extends RenderedTemplateCard {
  readonly footer?: string;
  /** Limited-time offer. */
  readonly offer?: { readonly text: string; readonly expiresAt?: Date };
  readonly cards?: readonly RenderedTemplateCard[];
}

type Wire = Readonly<Record<string, unknown>>;

/**
 * Returns a template message as the customer sees it: the texts with their values, the footer and the buttons. Use it for
 * an inbox, a log or a preview. A variable without a value stays in the text.
 *
 * The body of an authentication template is Meta's text in the language of the customer. Definitions from an account
 * contain it, and definitions for `createTemplate` don't.
 *
 * @param definition - The template.
 * @param values - Values as for `template(definition, values)`, or the components of a message that you sent.
 * @param options - `language` selects a translation. Default: the first language.
 * @returns Header, body, footer, buttons, offer and cards.
 * @throws `InvalidArgumentError` if `values` has an unknown member.
 *
 * @example
 * ```ts
 * import { defineTemplate, renderTemplate } from 'wa-coexist/templates';
 *
 * const orderReady = defineTemplate({
 *   name: 'order_ready',
 *   language: 'en_US',
 *   category: 'UTILITY',
 *   components: [{ type: 'BODY', text: 'Hello {{first_name}}, your order is ready.' }],
 * });
 * console.log(renderTemplate(orderReady, { body: { first_name: 'Ana' } }).body); // Hello Ana, your order is ready.
 * ```
 */
export function renderTemplate<const Definition extends TemplateDefinition>(
  definition: Definition,
  values: NoInfer<TemplateValuesOf<Definition>> | readonly TemplateComponent[],
  options: { readonly language?: NoInfer<TemplateLanguageOf<Definition>> | undefined } = {},
): RenderedTemplate {
  const components = componentsIn(definition, options.language);
  const given: readonly unknown[] = Array.isArray(values)
    ? values
    : // The type of the values depends on the definition, and is always a subtype of this type.
      valuesToComponents(definition, values as AnyTemplateValues, options.language);
  const footer = find(components, 'FOOTER');
  const offer = find(components, 'LIMITED_TIME_OFFER')?.limited_time_offer;
  const cards = find(components, 'CAROUSEL')?.cards;
  const sentCards: unknown = find(given, 'CAROUSEL')?.cards;
  return {
    ...renderParts(components, given),
    ...(typeof footer?.text === 'string' && { footer: footer.text }),
    ...(isRecord(offer) && { offer: renderOffer(offer, given) }),
    ...(Array.isArray(cards) && {
      cards: cards.map((card: unknown, index) => {
        return renderParts(listOf(card, 'components'), listOf(findCard(sentCards, index), 'components'));
      }),
    }),
  };
}

function renderParts(components: readonly unknown[], given: readonly unknown[]): RenderedTemplateCard {
  const header = find(components, 'HEADER');
  const body = find(components, 'BODY');
  const rendered = header && renderHeader(header, listOf(find(given, 'HEADER'), 'parameters'));
  return {
    ...(rendered && { header: rendered }),
    ...(typeof body?.text === 'string' && { body: fill(body.text, listOf(find(given, 'BODY'), 'parameters')) }),
    buttons: listOf(find(components, 'BUTTONS'), 'buttons').flatMap((button, index) => {
      const sent = given.filter(isRecord).find((one) => upperCase(one.type) === 'BUTTON' && Number(one.index) === index);
      return isRecord(button) ? [renderButton(button, listOf(sent, 'parameters')[0])] : [];
    }),
  };
}

function renderHeader(header: Wire, parameters: readonly unknown[]): RenderedTemplateHeader | undefined {
  if (upperCase(header.format) === 'TEXT') return { type: 'text', text: fill(stringOf(header.text), parameters) };
  const [parameter] = parameters;
  const type = upperCase(header.format).toLowerCase();
  const content: unknown = isRecord(parameter) ? parameter[type] : undefined;
  return { type, content: isRecord(content) ? content : {} };
}

function renderButton(button: Wire, parameter: unknown): RenderedTemplateButton {
  const type = upperCase(button.type);
  const { text, payload, coupon_code: code } = isRecord(parameter) ? parameter : {};
  const label = stringOf(button.text);
  switch (type) {
    case 'URL':
      return { type, text: label, url: fill(stringOf(button.url), text === undefined ? [] : [parameter]) };
    case 'PHONE_NUMBER':
      return { type, text: label, phoneNumber: stringOf(button.phone_number) };
    case 'COPY_CODE':
      return { type, text: label === '' ? 'Copy offer code' : label, ...(typeof code === 'string' && { code }) };
    case 'OTP':
      return { type, text: label === '' ? 'Copy code' : label, ...(typeof text === 'string' && { code: text }) };
    default:
      return { type, text: label, ...(typeof payload === 'string' && { payload }) };
  }
}

function renderOffer(offer: Wire, given: readonly unknown[]): NonNullable<RenderedTemplate['offer']> {
  const [parameter] = listOf(find(given, 'LIMITED_TIME_OFFER'), 'parameters');
  const sent: unknown = isRecord(parameter) ? parameter.limited_time_offer : undefined;
  const expiration: unknown = isRecord(sent) ? sent.expiration_time_ms : undefined;
  return { text: stringOf(offer.text), ...(typeof expiration === 'number' && { expiresAt: new Date(expiration) }) };
}

/** Replaces the variables of a text. Values are inserted unchanged, even if they contain `$` or braces. */
function fill(text: string, parameters: readonly unknown[]): string {
  const values = new Map<string, string>();
  parameters.filter(isRecord).forEach((parameter, index) => {
    const name = typeof parameter.parameter_name === 'string' ? parameter.parameter_name : String(index + 1);
    const content = parameter[stringOf(parameter.type)];
    values.set(name, isRecord(content) ? stringOf(content.fallback_value) : stringOf(content));
  });
  return text.replace(/\{\{([^{}]*)\}\}/g, (variable, name: string) => values.get(name.trim()) ?? variable);
}

function listOf(record: unknown, member: string): readonly unknown[] {
  const list: unknown = isRecord(record) ? record[member] : undefined;
  return Array.isArray(list) ? list : [];
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
