import type { TemplateMessage } from '../outgoing/template.js';
import { componentRules, rulesOf, valueRules } from '../../policy/interactive-rules.js';
import { brokenTemplateText } from '../../policy/text-limits.js';
import { checkRules } from './check-rules.js';
import { checkUnique, Part } from './part.js';

/**
 * Checks the values of a template message as far as possible without the template itself. Limits: Meta, Template
 * messages (2025 and 2026).
 *
 * @param message - The message.
 * @param day - The day of the rules, as an ISO date.
 * @throws `InvalidMessageError`
 */
export function checkTemplate(message: Pick<TemplateMessage, 'template'>, day: string): void {
  const template = new Part(message).at('template');
  template.at('name').needed();
  template.at('language').at('code').needed();
  for (const component of template.at('components').list()) checkComponent(component, day);
}

/** Returns a component type in lower case. Meta ignores case in component types. */
const wordOf = (part: Part): string => (typeof part.value === 'string' ? part.value.toLowerCase() : '');

function checkComponent(component: Part, day: string): void {
  const type = wordOf(component.at('type').needed());
  // Accepts kinds that Meta adds.
  checkRules(component, rulesOf(componentRules, type), day);
  const parameters = component.at('parameters').list();
  if (type === 'header' || type === 'body') checkValues(parameters, day);
  if (type === 'button') for (const parameter of parameters) checkValue(parameter, day);
  for (const card of component.at('cards').list()) for (const inner of card.at('components').list()) checkComponent(inner, day);
}

function checkValues(values: readonly Part[], day: string): void {
  const names = values.map((value) => value.at('parameter_name'));
  const named = names.filter((name) => name.isThere);
  if (named.length > 0) for (const name of names) name.needed();
  checkUnique(named);
  for (const value of values) checkValue(value, day);
}

function checkValue(value: Part, day: string): void {
  const type = wordOf(value.at('type').needed());
  const content = value.at(type);
  if (type === 'text') checkText(content);
  if (['image', 'video', 'gif', 'document'].includes(type)) content.needed().file();
  checkRules(value, rulesOf(valueRules, type), day);
}

function checkText(text: Part): void {
  if (brokenTemplateText.test(text.needed().text())) text.reject('contains a line break, a tab or more than four spaces in a row');
}
