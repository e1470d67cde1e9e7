import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import type { TemplateDefinition } from '../messages/template/known-template.js';
import { areNumbered, findCard, shapeOf, type ButtonShape, type PartsShape } from '../messages/template/template-shape.js';
import { brokenTemplateText } from '../policy/text-limits.js';
import { templateLimit } from '../policy/template-rules.js';
import { isoDay } from '../runtime/calendar.js';
import { systemClock } from '../runtime/clock.js';
import { isRecord } from '../runtime/json.js';

/** A value of a message that doesn't match its template. */
export interface TemplateProblem {
  /** Path in the caller's values, for example `body.first_name` or `cards[1].buttons[0].urlSuffix`. */
  readonly path: string;
  /** The problem, as text. The path is the subject of the sentence. */
  readonly message: string;
}

/** A message, or the content that the builder `template` returns. */
export interface TemplateMessageContent {
  readonly template?: unknown;
}

type Wire = Readonly<Record<string, unknown>>;
type Add = (path: string, message: string) => void;

/**
 * Checks that a message matches its template, so that Meta doesn't reject it with 131008, 132000 or 132012. Use it for
 * values that the compiler doesn't check. `createTemplateCatalog` checks each message of a sender.
 *
 * @param definition - The template: a definition, or a template from `listTemplates` or `getTemplate`.
 * @param message - The message, or the content from `template` of `wa-coexist/messages`.
 * @throws `InvalidArgumentError` for the first problem. `field` contains the path in your values, for example
 * `body.first_name`. The text also contains the other problems. {@link listTemplateProblems} returns all of them.
 *
 * @example
 * ```ts
 * import { template } from 'wa-coexist/messages';
 * import { checkTemplate, defineTemplate } from 'wa-coexist/templates';
 *
 * const orderReady = defineTemplate({
 *   name: 'order_ready',
 *   language: 'en_US',
 *   category: 'UTILITY',
 *   components: [{ type: 'BODY', text: 'Hello {{first_name}}, your order is ready.' }],
 * });
 * checkTemplate(orderReady, template(orderReady, { body: { first_name: 'Ana' } }));
 * ```
 */
export function checkTemplate(definition: TemplateDefinition, message: TemplateMessageContent): void {
  const [first, ...others] = listTemplateProblems(definition, message);
  if (!first) return;
  const more = others.length === 0 ? '' : `. Also: ${others.map((problem) => `${problem.path} ${problem.message}`).join('; ')}`;
  throw new InvalidArgumentError(`template ${definition.name}`, first.path, `${first.message}${more}`);
}

/**
 * Returns all values of a message that don't match its template. See {@link checkTemplate}, which throws instead.
 *
 * @param definition - The template: a definition, or a template from `listTemplates` or `getTemplate`.
 * @param message - The message, or the content from `template` of `wa-coexist/messages`.
 * @returns The problems with paths in the caller's values. Empty if the message matches.
 *
 * @example
 * ```ts
 * import { template } from 'wa-coexist/messages';
 * import { listTemplateProblems } from 'wa-coexist/templates';
 *
 * const orderReady = {
 *   name: 'order_ready',
 *   language: 'en_US',
 *   components: [{ type: 'BODY', text: 'Hello {{first_name}}, your order is ready.' }],
 * };
 * for (const { path, message } of listTemplateProblems(orderReady, template('order_ready', 'en_US'))) {
 *   console.log(`${path} ${message}`); // body.first_name is missing
 * }
 * ```
 */
export function listTemplateProblems(definition: TemplateDefinition, message: TemplateMessageContent): readonly TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const add: Add = (path, text) => {
    problems.push({ path, message: text });
  };
  const content = isRecord(message) && isRecord(message.template) ? message.template : {};
  if (content.name !== definition.name) add('name', `must be ${definition.name}`);
  const code: unknown = isRecord(content.language) ? content.language.code : undefined;
  const languages = [definition.language].flat();
  const language = languages.find((one) => sameLanguage(one, code));
  if (language === undefined) add('language', `must be ${languages.join(' or ')}`);
  const shape = shapeOf(definition, language);
  const parts = readParts(content.components);
  if (shape.isOtp) {
    checkOtp(shape, parts, add);
    return problems;
  }
  checkParts(shape, parts, '', add);
  checkOffer(shape.offer, parts.offer, add);
  checkCards(shape.cards, parts.carousel, add);
  return problems;
}

function sameLanguage(one: string, other: unknown): boolean {
  return typeof other === 'string' && one.replaceAll('-', '_') === other.replaceAll('-', '_');
}

/** Components of a message by purpose. */
interface MessageParts {
  readonly header: readonly unknown[] | undefined;
  readonly body: readonly unknown[] | undefined;
  readonly buttons: ReadonlyMap<number, Wire>;
  readonly offer: readonly unknown[] | undefined;
  readonly carousel: readonly unknown[] | undefined;
}

function readParts(components: unknown): MessageParts {
  const list = Array.isArray(components) ? components.filter(isRecord) : [];
  const typeOf = (component: Wire): string => (typeof component.type === 'string' ? component.type.toLowerCase() : '');
  const of = (type: string): Wire | undefined => list.find((component) => typeOf(component) === type);
  const parametersOf = (type: string): readonly unknown[] | undefined => {
    const found = of(type);
    return found && listOf(found.parameters);
  };
  const carousel = of('carousel');
  return {
    header: parametersOf('header'),
    body: parametersOf('body'),
    buttons: new Map(list.filter((one) => typeOf(one) === 'button').map((button, order) => [Number(button.index ?? order), button])),
    offer: parametersOf('limited_time_offer'),
    carousel: carousel && listOf(carousel.cards),
  };
}

function checkParts(shape: PartsShape, parts: MessageParts, prefix: string, add: Add): void {
  checkHeader(shape, parts.header, `${prefix}header`, add);
  checkTexts(shape.bodyVariables, parts.body, `${prefix}body`, add);
  for (const index of parts.buttons.keys()) {
    if (!shape.buttons[index])
      add(`${prefix}buttons[${String(index)}]`, `doesn't exist: the template has ${count(shape.buttons, 'button')}`);
  }
  shape.buttons.forEach((button, index) => {
    checkButton(button, parts.buttons.get(index), `${prefix}buttons[${String(index)}]`, add);
  });
}

function checkHeader({ header, headerVariables }: PartsShape, parameters: readonly unknown[] | undefined, path: string, add: Add): void {
  if (header === undefined || header === 'text') {
    checkTexts(headerVariables, parameters, path, add);
    return;
  }
  const [parameter] = parameters ?? [];
  const given: unknown = isRecord(parameter) ? parameter.type : undefined;
  if (!isRecord(parameter) || given === undefined) add(`${path}.${header}`, 'is missing');
  else if (typeof given !== 'string' || given.toLowerCase() !== header) {
    add(`${path}.${header}`, `is missing: the header of the template is ${article(header)}, but the value is ${describeType(given)}`);
  } else if (!isRecord(parameter[header])) add(`${path}.${header}`, 'must be an object');
  else checkHeaderContent(header, parameter[header], `${path}.${header}`, add);
}

/** Members that a header without a file needs. */
const headerMembers: Readonly<Record<string, readonly string[]>> = {
  location: ['latitude', 'longitude'],
  product: ['product_retailer_id', 'catalog_id'],
};

function checkHeaderContent(header: string, content: Wire, path: string, add: Add): void {
  for (const name of (Object.hasOwn(headerMembers, header) ? headerMembers[header] : undefined) ?? []) {
    if (isMissing(content[name])) add(`${path}.${name}`, 'is missing');
  }
  if (!(header in fileFormats)) return;
  const { id, link } = content;
  if (isMissing(id) && isMissing(link)) add(path, 'needs id or link');
  else if (!isMissing(id) && !isMissing(link)) add(path, 'has both id and link, but Meta allows only one of them');
  else if (!isMissing(id) && typeof id !== 'string') add(`${path}.id`, `must be a string, but is ${describeType(typeof id)}`);
  else if (!isMissing(link) && !(typeof link === 'string' && /^https?:\/\/[^\s/]/i.test(link))) {
    add(`${path}.link`, 'must be a URL that begins with https:// or http://');
  }
}

const fileFormats = { image: true, video: true, gif: true, document: true };

function checkTexts(names: readonly string[], parameters: readonly unknown[] | undefined, path: string, add: Add): void {
  const given = parameters ?? [];
  if (names.length === 0) {
    if (given.length > 0) add(path, 'has values, but this part of the template has no variables');
    return;
  }
  if (areNumbered(names)) {
    given.forEach((parameter, index) => {
      const name: unknown = isRecord(parameter) ? parameter.parameter_name : undefined;
      if (typeof name === 'string') add(`${path}.${name}`, 'has a name, but the variables of the template are numbered. Pass a list');
      else if (index >= names.length) add(`${path}[${String(index)}]`, `is one too many: the template has ${count(names, 'variable')}`);
    });
    names.forEach((_name, index) => {
      checkText(given[index], `${path}[${String(index)}]`, add);
    });
    return;
  }
  const byName = new Map<unknown, unknown>();
  given.forEach((parameter, index) => {
    const name: unknown = isRecord(parameter) ? parameter.parameter_name : undefined;
    if (typeof name !== 'string') add(`${path}[${String(index)}]`, `has no name. Pass an object with ${names.join(', ')}`);
    else if (byName.has(name)) add(`${path}.${name}`, 'is a duplicate');
    else if (!names.includes(name)) add(`${path}.${name}`, `is unknown: the template has ${names.join(', ')}`);
    byName.set(name, parameter);
  });
  for (const name of names) checkText(byName.get(name), `${path}.${name}`, add);
}

function checkText(parameter: unknown, path: string, add: Add): void {
  if (!isRecord(parameter)) {
    add(path, 'is missing');
    return;
  }
  const type = typeof parameter.type === 'string' ? parameter.type.toLowerCase() : '';
  const content = parameter[type];
  if (type === 'text') {
    if (isMissing(content)) add(path, 'is missing');
    else checkString(content, path, add);
  } else if (type in fileFormats || type === 'location' || type === 'product') {
    add(path, `must be a text, but is ${article(type)}`);
  } else if (!['currency', 'date_time', 'group_id'].includes(type)) add(path, 'must be a string');
  else if (content === undefined) add(path, 'is missing');
}

function checkButton({ type, subType, member, need }: ButtonShape, button: Wire | undefined, path: string, add: Add): void {
  if (!button) {
    if (need === 'required') add(`${path}.${member}`, 'is missing');
    return;
  }
  const given = typeof button.sub_type === 'string' ? button.sub_type.toLowerCase() : '';
  if (need === 'none') {
    add(path, `has a value, but the button is ${type === 'URL' ? 'a URL button without a variable' : `of type ${type}`}. Pass null`);
    return;
  }
  if (given !== subType) {
    add(
      `${path}.${member}`,
      `is missing: the button is of type ${type}, but the value is for ${given === '' ? 'no type' : given.toUpperCase()}`,
    );
    return;
  }
  const [parameter] = listOf(button.parameters);
  if (!isRecord(parameter)) {
    if (need === 'required') add(`${path}.${member}`, 'is missing');
    return;
  }
  checkButtonValue(parameter, type, `${path}.${member}`, add);
}

/** Member of the parameter that contains the value, by the type of the button. */
const valueMembers: Readonly<Record<string, string>> = { URL: 'text', COPY_CODE: 'coupon_code', QUICK_REPLY: 'payload' };

function checkButtonValue(parameter: Wire, type: string, path: string, add: Add): void {
  if (type === 'FLOW' || type === 'MPM' || type === 'ORDER_DETAILS') {
    const { action } = parameter;
    if (!isRecord(action)) add(path, 'must be an object');
    else if (type === 'MPM' && !Array.isArray(action.sections)) add(`${path}.sections`, 'is missing');
    return;
  }
  const member = Object.hasOwn(valueMembers, type) ? valueMembers[type] : undefined;
  if (member === undefined) return;
  // Meta's examples contain quick replies with `text` instead of `payload`.
  const value = parameter[member] ?? (type === 'QUICK_REPLY' ? parameter.text : undefined);
  if (isMissing(value)) add(path, 'is missing');
  else if (checkString(value, path, add) && type === 'COPY_CODE') checkLength(value, path, 'copyCodeLength', add);
}

/** Whether a value is a text that Meta accepts for a variable. */
function checkString(value: unknown, path: string, add: Add): value is string {
  if (typeof value !== 'string') {
    add(path, `must be a string, but is ${describeType(typeof value)}`);
    return false;
  }
  const isBroken = brokenTemplateText.test(value);
  if (isBroken) add(path, 'contains a line break, a tab or more than four spaces in a row');
  return !isBroken;
}

function checkLength(value: string, path: string, rule: 'copyCodeLength' | 'otpLength', add: Add): void {
  const limit = templateLimit(rule, isoDay(systemClock.now()))?.value ?? Infinity;
  const { length } = Array.from(value);
  if (length > limit) add(path, `has ${String(length)} characters, but Meta allows ${String(limit)}`);
}

function checkOtp(shape: PartsShape, parts: MessageParts, add: Add): void {
  if (parts.header !== undefined) add('header', 'has a value, but authentication templates have no header');
  if (parts.carousel !== undefined) add('cards', 'has values, but authentication templates have no carousel');
  if (parts.offer !== undefined) add('offerExpiresAt', 'has a value, but authentication templates have no offer');
  const [parameter] = parts.body ?? [];
  const otp: unknown = isRecord(parameter) ? parameter.text : undefined;
  if (isMissing(otp) || (typeof otp === 'string' && otp.trim() === '')) {
    add('otp', 'is missing');
    return;
  }
  if (typeof otp !== 'string') {
    add('otp', `must be a string, but is ${describeType(typeof otp)}`);
    return;
  }
  checkLength(otp, 'otp', 'otpLength', add);
  if ((parts.body?.length ?? 0) > 1) add('otp', 'must be the only value of the body');
  if (shape.buttons.length === 0) return;
  const button = parts.buttons.get(0);
  const [value] = listOf(button?.parameters);
  if (!isRecord(value) || value.text !== otp) add('otp', 'must also be the value of the button. Pass it as otp, which fills both');
}

function checkOffer(need: 'required' | 'optional' | 'none', parameters: readonly unknown[] | undefined, add: Add): void {
  if (need === 'none') {
    if (parameters) add('offerExpiresAt', 'has a value, but the template has no limited-time offer');
    return;
  }
  const [parameter] = parameters ?? [];
  const offer: unknown = isRecord(parameter) ? parameter.limited_time_offer : undefined;
  const expiration: unknown = isRecord(offer) ? offer.expiration_time_ms : undefined;
  if (expiration === undefined) {
    if (need === 'required' || parameters) add('offerExpiresAt', 'is missing');
  } else if (typeof expiration !== 'number' || !Number.isFinite(expiration)) add('offerExpiresAt', 'must be a valid Date');
}

function checkCards(shapes: readonly PartsShape[] | undefined, cards: readonly unknown[] | undefined, add: Add): void {
  if (!shapes) {
    if (cards) add('cards', 'has values, but the template has no carousel');
    return;
  }
  if (cards && cards.length > shapes.length)
    add('cards', `has ${String(cards.length)} cards, but the template has ${String(shapes.length)}`);
  shapes.forEach((shape, index) => {
    const card = findCard(cards, index);
    if (isRecord(card)) checkParts(shape, readParts(card.components), `cards[${String(index)}].`, add);
    else add(`cards[${String(index)}]`, 'is missing');
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function count({ length }: readonly unknown[], word: string): string {
  return length === 1 ? `1 ${word}` : `${length === 0 ? 'no' : String(length)} ${word}s`;
}

const article = (word: string): string => (/^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`);

const describeType = (type: unknown): string => (typeof type === 'string' ? article(type) : 'of another type');
