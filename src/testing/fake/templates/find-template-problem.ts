import { isRecord } from '../../../runtime/json.js';
import { bodyOf, componentOf } from '../template-content.js';
import type { Answer, Template } from '../entities.js';
import { findButtonProblem } from './find-button-problem.js';
import type { GivenComponent, TemplateProblem } from './template-problem.js';

const maxOtp = 15;
const maxBody = 1_024;
const mediaFormats: ReadonlySet<string> = new Set(['IMAGE', 'VIDEO', 'DOCUMENT', 'GIF']);

/** Compares the components of a message with those of its template. Returns the first difference that Meta rejects. */
export function findTemplateProblem(template: Template, components: unknown): TemplateProblem | undefined {
  const given = givenComponents(components);
  if (template.category === 'AUTHENTICATION' && isOtpTemplate(template)) return findOtpProblem(template, given);
  return (
    findComponentProblem(template, template.components, given) ?? findOfferProblem(template, given) ?? findCarouselProblem(template, given)
  );
}

/** Header, body and buttons, of a template or of one of its cards. */
function findComponentProblem(
  template: Template,
  stored: readonly Answer[],
  given: readonly GivenComponent[],
): TemplateProblem | undefined {
  const find = (type: string): readonly Answer[] => given.find((component) => component.type === type)?.parameters ?? [];
  return (
    findHeaderProblem(template, componentOf(stored, 'HEADER'), find('header')) ??
    findTextProblem(template, 'body', bodyOf(stored)?.text, find('body')) ??
    findButtonProblem(stored, given)
  );
}

function findHeaderProblem(template: Template, header: Answer | undefined, values: readonly Answer[]): TemplateProblem | undefined {
  const format = wordOf(header?.format, 'TEXT');
  if (!header || format === 'TEXT') return findTextProblem(template, 'header', header?.text, values);
  const received = values[0] === undefined ? 'UNKNOWN' : wordOf(values[0].type, 'UNKNOWN');
  // The product of a header can stay away: the template has one.
  if (format === 'PRODUCT' && values.length === 0) return undefined;
  if (received === format && values.length === 1) return undefined;
  // Meta sends animated pictures as video.
  if (format === 'GIF' && mediaFormats.has(received) && received !== 'DOCUMENT') return undefined;
  return { rule: 'header', details: `header: Format mismatch, expected ${format}, received ${received}` };
}

function findTextProblem(
  template: Template,
  place: 'header' | 'body',
  text: unknown,
  values: readonly Answer[],
): TemplateProblem | undefined {
  const variables = variablesIn(text);
  const isNamed = template.parameterFormat === 'NAMED';
  const wrongType = place === 'header' && values.find(({ type }) => wordOf(type, '') !== 'TEXT');
  if (wrongType)
    return { rule: 'header', details: `header: Format mismatch, expected TEXT, received ${wordOf(wrongType.type, 'UNKNOWN')}` };
  if (values.length !== variables.length) {
    return {
      rule: 'count',
      details: `${place}: number of localizable_params (${String(values.length)}) does not match the expected number of params (${String(variables.length)})`,
    };
  }
  if (isNamed && values.some(({ parameter_name: name }) => typeof name !== 'string' || name === ''))
    return { rule: 'nameMissing', details: 'Parameter name is missing or empty' };
  const unknown = values.find(({ parameter_name: name }) => typeof name === 'string' && !variables.includes(name));
  if (unknown) {
    return { rule: 'nameWrong', details: `${place}: parameter name (${String(unknown.parameter_name)}) is not a variable of the template` };
  }
  const length = Array.from(filled(text, variables, values)).length;
  return length > maxBody ? { rule: 'textLength', details: `${place}: the text has ${String(length)} characters` } : undefined;
}

/** Authentication templates whose text is Meta's: the code is in the body and in the button. */
function isOtpTemplate({ components }: Template): boolean {
  const body = bodyOf(components);
  const buttons = componentOf(components, 'BUTTONS')?.buttons;
  return (typeof body?.text !== 'string' || body.text === '') && Array.isArray(buttons) && buttons.length > 0;
}

function findOtpProblem({ components }: Template, given: readonly GivenComponent[]): TemplateProblem | undefined {
  const body = given.find(({ type }) => type === 'body')?.parameters ?? [];
  if (body.length !== 1) {
    return {
      rule: 'count',
      details: `body: number of localizable_params (${String(body.length)}) does not match the expected number of params (1)`,
    };
  }
  const problem = findButtonProblem(components, given);
  if (problem) return problem;
  const codes = [body[0], given.find(({ type }) => type === 'button')?.parameters[0]].map((value) => textOf(value));
  const [code = ''] = codes;
  if (codes.some((one) => Array.from(one).length > maxOtp))
    return { rule: 'otpLength', details: `body: the one-time password has more than ${String(maxOtp)} characters` };
  return codes.some((one) => one !== code)
    ? { rule: 'otpEqual', details: 'buttons: the one-time password differs from the one in the body' }
    : undefined;
}

function findOfferProblem({ components }: Template, given: readonly GivenComponent[]): TemplateProblem | undefined {
  const offer = componentOf(components, 'LIMITED_TIME_OFFER')?.limited_time_offer;
  if (!isRecord(offer) || offer.has_expiration !== true || given.some(({ type }) => type === 'limited_time_offer')) return undefined;
  return { rule: 'offer', details: 'limited_time_offer: expiration_time_ms is required' };
}

function findCarouselProblem(template: Template, given: readonly GivenComponent[]): TemplateProblem | undefined {
  const stored = componentOf(template.components, 'CAROUSEL')?.cards;
  const cards = given.find(({ type }) => type === 'carousel')?.cards;
  if (!Array.isArray(stored)) {
    return cards ? { rule: 'carouselCount', details: 'carousel: the template has no carousel' } : undefined;
  }
  if (!cards) return { rule: 'carouselMissing', details: 'carousel: component is required' };
  if (cards.length !== stored.length) {
    const details = `carousel: number of cards (${String(cards.length)}) does not match the expected number of cards (${String(stored.length)})`;
    return { rule: 'carouselCount', details };
  }
  const inOrder = cards.toSorted((one, other) => Number(one.card_index ?? 0) - Number(other.card_index ?? 0));
  for (const [index, card] of stored.entries()) {
    const components = isRecord(card) && Array.isArray(card.components) ? card.components.filter(isRecord) : [];
    const problem = findComponentProblem(template, components, givenComponents(inOrder[index]?.components));
    if (problem) return { rule: problem.rule, details: `carousel card ${String(index)}: ${problem.details}` };
  }
  return undefined;
}

function givenComponents(components: unknown): readonly GivenComponent[] {
  const list = Array.isArray(components) ? components.filter(isRecord) : [];
  return list.map((component) => ({
    type: wordOf(component.type, '').toLowerCase(),
    subType: wordOf(component.sub_type, '').toLowerCase(),
    index: Number(component.index ?? 0),
    parameters: Array.isArray(component.parameters) ? component.parameters.filter(isRecord) : [],
    cards: Array.isArray(component.cards) ? component.cards.filter(isRecord) : [],
  }));
}

/** Variables of a text, each one once. */
function variablesIn(text: unknown): readonly string[] {
  return typeof text === 'string' ? [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name))] : [];
}

function filled(text: unknown, variables: readonly string[], values: readonly Answer[]): string {
  if (typeof text !== 'string') return '';
  const valueOf = (name: string): string =>
    textOf(values.find(({ parameter_name: wanted }) => wanted === name) ?? values[variables.indexOf(name)]);
  return text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_match, name: string) => valueOf(name));
}

function textOf(value: Answer | undefined): string {
  return typeof value?.text === 'string' ? value.text : '';
}

function wordOf(word: unknown, otherwise: string): string {
  return typeof word === 'string' && word !== '' ? word.toUpperCase() : otherwise;
}
