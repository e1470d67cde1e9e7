import { isRecord } from '../../runtime/json.js';
import type { TemplateDefinition } from './known-template.js';

/** Whether a part of a message needs a value. */
export type TemplateNeed = 'required' | 'optional' | 'none';

/** A button of a template, with the name of its value. */
export interface ButtonShape {
  /** Type in upper case, for example `URL`. */
  readonly type: string;
  /** `sub_type` of its value in a message. */
  readonly subType: string;
  /** Member of the caller's value, for example `urlSuffix`. */
  readonly member: string;
  readonly need: TemplateNeed;
}

/** Variables, files and buttons of a template or of a card. */
export interface PartsShape {
  /** Format of the header in lower case: `text`, `image`, …. `undefined` without a header. */
  readonly header: string | undefined;
  readonly headerVariables: readonly string[];
  readonly bodyVariables: readonly string[];
  readonly buttons: readonly ButtonShape[];
}

/** The parts that a message with a template must contain. */
export interface TemplateShape extends PartsShape {
  readonly offer: TemplateNeed;
  /** Whether the template sends a one-time password. */
  readonly isOtp: boolean;
  readonly cards: readonly PartsShape[] | undefined;
}

/** Names of values and needs by the type of the button. Types that Meta adds are optional. */
const buttonRows: Readonly<Record<string, readonly [member: string, need: TemplateNeed]>> = {
  QUICK_REPLY: ['payload', 'optional'],
  COPY_CODE: ['copyCode', 'required'],
  FLOW: ['flow', 'required'],
  CATALOG: ['catalog', 'optional'],
  MPM: ['products', 'required'],
  VOICE_CALL: ['voiceCall', 'optional'],
  ORDER_DETAILS: ['order', 'required'],
  PHONE_NUMBER: ['value', 'none'],
  SPM: ['value', 'none'],
  OTP: ['value', 'none'],
  REQUEST_CONTACT_INFO: ['value', 'none'],
};

/** Returns the names of the variables of a text, without duplicates, in the order of the text. */
export function variableNames(text: unknown): readonly string[] {
  if (typeof text !== 'string') return [];
  return [...new Set(Array.from(text.matchAll(/\{\{([^{}]*)\}\}/g), ([, name = '']) => name.trim()))];
}

/** Returns whether variables have numbers instead of names. */
export function areNumbered(names: readonly string[]): boolean {
  return names.every((name) => /^\d+$/.test(name));
}

/** Returns a string in upper case, because Meta ignores case in types and formats. */
export function upperCase(word: unknown): string {
  return typeof word === 'string' ? word.toUpperCase() : '';
}

/** Returns the components of a language. Languages match with `_` and with `-`. */
export function componentsIn(definition: TemplateDefinition, language?: string): readonly unknown[] {
  const translations: unknown = definition.translations;
  const wanted = language?.replaceAll('-', '_');
  const own = isRecord(translations) ? Object.entries(translations).find(([code]) => code.replaceAll('-', '_') === wanted)?.[1] : undefined;
  const components: unknown = own ?? definition.components;
  return Array.isArray(components) ? components : [];
}

/**
 * Reads the parts that a message with a template must contain. Accepts any content, because the template may come from
 * Meta.
 */
export function shapeOf(definition: TemplateDefinition, language?: string): TemplateShape {
  const components = componentsIn(definition, language);
  const offer = find(components, 'LIMITED_TIME_OFFER');
  const cards = find(components, 'CAROUSEL')?.cards;
  const details = offer?.limited_time_offer;
  return {
    ...partsOf(components),
    offer: offer === undefined ? 'none' : isRecord(details) && details.has_expiration === true ? 'required' : 'optional',
    isOtp: upperCase(definition.category) === 'AUTHENTICATION',
    cards: Array.isArray(cards)
      ? cards.map((card: unknown) => partsOf(isRecord(card) && Array.isArray(card.components) ? card.components : []))
      : undefined,
  };
}

function partsOf(components: readonly unknown[]): PartsShape {
  const header = find(components, 'HEADER');
  const buttons = find(components, 'BUTTONS')?.buttons;
  return {
    header: header && upperCase(header.format).toLowerCase(),
    headerVariables: upperCase(header?.format) === 'TEXT' ? variableNames(header?.text) : [],
    bodyVariables: variableNames(find(components, 'BODY')?.text),
    buttons: Array.isArray(buttons) ? buttons.map(buttonShape) : [],
  };
}

function buttonShape(button: unknown): ButtonShape {
  const { type: given, url } = isRecord(button) ? button : {};
  const type = upperCase(given);
  const subType = type.toLowerCase();
  if (type === 'URL') return { type, subType, member: 'urlSuffix', need: variableNames(url).length > 0 ? 'required' : 'none' };
  const [member, need] = (Object.hasOwn(buttonRows, type) ? buttonRows[type] : undefined) ?? ['parameters', 'optional'];
  return { type, subType, member, need };
}

/** Returns the first component of a type. */
export function find(components: readonly unknown[], type: string): Readonly<Record<string, unknown>> | undefined {
  return components.filter(isRecord).find((component) => upperCase(component.type) === type);
}

/** Returns the values of a card in a message. Cards without an index are in order. */
export function findCard(cards: unknown, index: number): unknown {
  return Array.isArray(cards) ? cards.find((one: unknown, order) => isRecord(one) && Number(one.card_index ?? order) === index) : undefined;
}
