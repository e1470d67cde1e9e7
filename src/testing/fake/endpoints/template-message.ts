import { isRecord } from '../../../runtime/json.js';
import { refusalOfContent } from '../check-message-content.js';
import type { FakeTypedContent } from '../fake-content.js';
import { invalidDetails, refuse, type Refusal } from '../refusal.js';
import { findTemplateProblem } from '../templates/find-template-problem.js';
import { templateMessageRules } from '../templates/template-message-rules.js';
import type { TemplateProblem } from '../templates/template-problem.js';
import type { Template } from '../entities.js';
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
  const refusal = refusalOfContent('template', call.fields);
  if (refusal) throw refusal;
  const difference = findTemplateProblem(template, components);
  if (difference) throw refusalOfDifference(difference);
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

function refusalOfDifference({ rule, details }: TemplateProblem): Refusal {
  const { code } = templateMessageRules[rule];
  return code === 100 ? invalidDetails(details) : refuse(code, details);
}
