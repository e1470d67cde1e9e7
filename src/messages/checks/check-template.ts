import type { TemplateMessage } from '../outgoing/template.js';
import { checkProductSections } from './check-products.js';
import { checkUnique, Part } from './part.js';

/**
 * Checks the values of a template message as far as possible without the template itself. Limits: Meta, Template
 * messages (2025 and 2026).
 *
 * @throws `InvalidMessageError`
 */
export function checkTemplate(message: Pick<TemplateMessage, 'template'>): void {
  const template = new Part(message).at('template');
  template.at('name').needed();
  template.at('language').at('code').needed();
  for (const component of template.at('components').list()) checkComponent(component);
}

/** Returns a component type in lower case. Meta ignores case in component types. */
const wordOf = (part: Part): string => (typeof part.value === 'string' ? part.value.toLowerCase() : '');

function checkComponent(component: Part): void {
  const parameters = component.at('parameters');
  switch (wordOf(component.at('type').needed())) {
    case 'header':
    case 'body':
      checkValues(parameters.list());
      return;
    case 'button':
      component.at('sub_type').needed();
      component.at('index').whole(0, 9);
      for (const parameter of parameters.list()) checkButtonValue(parameter);
      return;
    case 'limited_time_offer':
      for (const parameter of parameters.items(1, 1)) parameter.at('limited_time_offer').at('expiration_time_ms').needed();
      return;
    case 'carousel': {
      const cards = component.at('cards').items(2, 10);
      for (const card of cards) {
        card.at('card_index').needed().whole(0, 9);
        for (const inner of card.at('components').items(1, Infinity)) checkComponent(inner);
      }
      checkUnique(cards.map((card) => card.at('card_index')));
      return;
    }
    case 'tap_target_configuration':
      for (const target of parameters.items(1, 1).flatMap((parameter) => parameter.at('tap_target_configuration').items(1, Infinity))) {
        target.at('url').needed();
        target.at('title').needed();
      }
      return;
    default:
      // Accept kinds that Meta adds.
      return;
  }
}

function checkValues(values: readonly Part[]): void {
  const names = values.map((value) => value.at('parameter_name'));
  const named = names.filter((name) => name.isThere);
  if (named.length > 0) for (const name of names) name.needed();
  checkUnique(named);
  for (const value of values) checkValue(value);
}

function checkValue(value: Part): void {
  const type = wordOf(value.at('type').needed());
  const content = value.at(type);
  switch (type) {
    case 'text':
      checkText(content);
      return;
    case 'image':
    case 'video':
    case 'gif':
    case 'document':
      content.needed().file();
      return;
    case 'currency':
      for (const name of ['fallback_value', 'code', 'amount_1000']) content.at(name).needed();
      return;
    case 'date_time':
      content.at('fallback_value').needed();
      return;
    case 'location':
      for (const name of ['latitude', 'longitude']) content.at(name).needed();
      return;
    case 'product':
      for (const name of ['product_retailer_id', 'catalog_id']) content.at(name).needed();
      return;
    default:
      return;
  }
}

function checkButtonValue(value: Part): void {
  switch (wordOf(value.at('type').needed())) {
    case 'text':
      checkText(value.at('text'));
      return;
    case 'payload':
      value.at('payload').needed();
      return;
    case 'coupon_code':
      // The limit was 15 characters before December 2025.
      value.at('coupon_code').needed().atMost(20);
      return;
    case 'action':
      if (value.at('action').at('sections').isThere) checkProductSections(value.at('action').at('sections'));
      return;
    default:
      return;
  }
}

/** Matches line breaks, tabs and more than four spaces. Meta rejects such values with 132007 or 132018. */
const lineBreaks = /[\n\r\t\v\f\u0085\u2028\u2029]| {5}/;

function checkText(text: Part): void {
  if (lineBreaks.test(text.needed().text())) text.refuse('contains a line break, a tab or more than four spaces in a row');
}
