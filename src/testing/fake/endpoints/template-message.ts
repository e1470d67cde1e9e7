import { isRecord } from '../../../runtime/json.js';
import type { FakeTypedContent } from '../fake-content.js';
import { refuse, type Refusal } from '../refusal.js';
import { bodyOf, variablesOf } from '../template-content.js';
import type { Template } from '../world.js';
import type { NumberCall } from './call.js';

/** The template that a message names, if it may be sent with these parameters. @throws `Refusal` */
export function templateOf(call: NumberCall, content: FakeTypedContent): Template {
  const { template: asked } = content;
  const { name, language, components } = isRecord(asked) ? asked : {};
  const code = isRecord(language) ? language.code : undefined;
  if (typeof name !== 'string' || name === '') throw refuse(131008, "The parameter template['name'] is required.");
  if (typeof code !== 'string' || code === '') throw refuse(131008, "The parameter template['language']['code'] is required.");
  const waba = call.state.world.wabas.get(call.number.wabaId);
  const template = [...(waba?.templates.values() ?? [])].find((known) => known.name === name && known.language === code);
  if (!template) throw refuse(132001, `template name (${name}) does not exist in ${code}`);
  const problem = problemWithStatus(template);
  if (problem) throw problem;
  const expected = variablesOf(bodyOf(template.components)?.text);
  const given = bodyParametersOf(components);
  // The text of an authentication template is Meta's, with the code as its one variable.
  if (template.category !== 'AUTHENTICATION' && given !== expected) {
    throw refuse(
      132000,
      `body: number of localizable_params (${String(given)}) does not match the expected number of params (${String(expected)})`,
    );
  }
  return template;
}

function problemWithStatus({ name, language, status }: Template): Refusal | undefined {
  switch (status) {
    case 'APPROVED':
      return undefined;
    case 'PAUSED':
      return refuse(132015, `Template (${name}) is paused due to low quality.`);
    case 'DISABLED':
      return refuse(132016, `Template (${name}) is disabled.`);
    default:
      return refuse(132001, `template name (${name}) is not approved in ${language}`);
  }
}

function bodyParametersOf(components: unknown): number {
  if (!Array.isArray(components)) return 0;
  const body: unknown = components.find(
    (component: unknown) => isRecord(component) && typeof component.type === 'string' && component.type.toLowerCase() === 'body',
  );
  return isRecord(body) && Array.isArray(body.parameters) ? body.parameters.length : 0;
}
