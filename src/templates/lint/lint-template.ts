import { find, upperCase, variableNames } from '../../messages/template/template-shape.js';
import type { TemplateLimits } from '../../policy/template-rules.js';
import { isoDay } from '../../runtime/calendar.js';
import { systemClock } from '../../runtime/clock.js';
import { isRecord } from '../../runtime/json.js';
import { Findings, type TemplateFinding } from './findings.js';
import { lintButtons } from './lint-buttons.js';
import { hasLineBreak, lintBody, lintHeader } from './lint-texts.js';

export type { TemplateFinding } from './findings.js';

/** A template to lint: parameters of `createTemplate` or `editTemplate`, or any other value with these members. */
export interface LintableTemplate {
  readonly name?: unknown;
  readonly language?: unknown;
  readonly languages?: unknown;
  readonly category?: unknown;
  readonly parameter_format?: unknown;
  readonly components?: unknown;
  readonly message_send_ttl_seconds?: unknown;
}

/** Options of {@link lintTemplate}. */
export interface LintTemplateOptions {
  /** Applies the rules of this day: a date, or its ISO form. @defaultValue today */
  readonly asOf?: Date | string | undefined;
}

type Wire = Readonly<Record<string, unknown>>;

/** Categories that have rules. Meta may add others. */
const categories = ['MARKETING', 'UTILITY', 'AUTHENTICATION'];

/**
 * Checks a new or edited template against Meta's rules, because a rejected template costs a review. `createTemplate`,
 * `editTemplate` and `upsertTemplates` call it before the request.
 *
 * It checks names, lengths, variables, examples, files, buttons, categories and carousels. An edit can omit the name,
 * the category and the format. The function then skips their rules.
 *
 * @param definition - Name, language, category and components, as for `createTemplate`.
 * @param options - `asOf` selects the rules of a day.
 * @returns The findings, in the order of the template. Each contains the rule, the path, the severity and the source.
 *
 * @example
 * ```ts
 * import { lintTemplate } from 'wa-coexist/templates';
 *
 * const findings = lintTemplate({
 *   name: 'order_ready',
 *   language: 'en_US',
 *   category: 'UTILITY',
 *   components: [{ type: 'BODY', text: 'Order {{1}}', example: { body_text: [['4711']] } }],
 * });
 * for (const { path, message, source } of findings) console.log(`${path} ${message} (${source})`);
 * ```
 */
export function lintTemplate(definition: LintableTemplate, options: LintTemplateOptions = {}): readonly TemplateFinding[] {
  const { asOf = new Date(systemClock.now()) } = options;
  const findings = new Findings(typeof asOf === 'string' ? asOf : isoDay(asOf.getTime()));
  const { name, category: given, parameter_format: format } = definition;
  const category = categories.find((known) => known === upperCase(given)) ?? '';
  lintName(definition, findings);
  if (name !== undefined && category === '') {
    if (upperCase(given) === '') findings.add('category', 'category', 'is missing: MARKETING, UTILITY or AUTHENTICATION');
    else findings.add('category', 'category', 'is unknown: Meta has MARKETING, UTILITY and AUTHENTICATION', 'warning');
  }
  lintTtl(definition.message_send_ttl_seconds, category, findings);
  // Edits without a format don't change the format of the template.
  const wanted = format === undefined ? (name === undefined ? undefined : 'POSITIONAL') : upperCase(format);
  if (Array.isArray(definition.components)) lintComponents(definition.components, category, wanted, findings);
  else if (name !== undefined && !('library_template_name' in definition)) findings.add('components', 'components', 'is missing');
  return findings.all;
}

function lintName({ name, language, languages }: LintableTemplate, findings: Findings): void {
  if (name === undefined) return;
  if (typeof name !== 'string' || !/^[a-z0-9_]+$/.test(name)) findings.add('nameCharacters', 'name', 'must have only a-z, 0-9 and _');
  findings.length('nameLength', 'name', name);
  const all: readonly unknown[] = Array.isArray(languages) ? languages : Array.isArray(language) ? language : [language];
  for (const code of all) {
    if (typeof code === 'string' && /^[a-z]{2,3}([_-](?:[A-Za-z]{2,4}|\d{3}))?$/.test(code)) continue;
    findings.add('languageCode', languages === undefined ? 'language' : 'languages', "must be a language code, for example 'en_US'");
  }
}

const ttlRules: Readonly<Record<string, readonly [least: keyof TemplateLimits, most: keyof TemplateLimits]>> = {
  AUTHENTICATION: ['minAuthenticationTtlSeconds', 'maxAuthenticationTtlSeconds'],
  UTILITY: ['minUtilityTtlSeconds', 'maxUtilityTtlSeconds'],
  MARKETING: ['minMarketingTtlSeconds', 'maxMarketingTtlSeconds'],
};

function lintTtl(ttl: unknown, category: string, findings: Findings): void {
  const rules = Object.hasOwn(ttlRules, category) ? ttlRules[category] : undefined;
  // -1 means 30 days, but not for marketing.
  if (ttl === undefined || !rules || (ttl === -1 && category !== 'MARKETING')) return;
  const [least, most] = rules;
  const range = `must be ${String(findings.limit(least))} to ${String(findings.limit(most))} seconds for ${category} templates`;
  findings.range(least, most, 'message_send_ttl_seconds', ttl, () => range);
}

function lintComponents(components: readonly unknown[], category: string, format: string | undefined, findings: Findings): void {
  const isAuthentication = category === 'AUTHENTICATION';
  const hasOffer = find(components, 'LIMITED_TIME_OFFER') !== undefined;
  components.forEach((component, index) => {
    const path = `components[${String(index)}]`;
    if (!isRecord(component)) {
      findings.add('components', path, 'must be an object');
      return;
    }
    switch (upperCase(component.type)) {
      case '':
        findings.add('components', `${path}.type`, 'is missing');
        return;
      case 'HEADER':
        if (isAuthentication) findings.add('authenticationContent', path, 'is a header, which AUTHENTICATION templates cannot have');
        else lintHeader(component, path, format, findings);
        return;
      case 'BODY':
        if (isAuthentication) lintAuthenticationBody(component, path, findings);
        else lintBody(component, path, format, hasOffer ? 'offerBodyLength' : 'bodyLength', findings);
        return;
      case 'FOOTER':
        if (hasOffer) findings.add('offerContent', path, 'is a footer, which templates with a limited-time offer cannot have');
        lintFooter(component, path, isAuthentication, findings);
        return;
      case 'BUTTONS':
        lintButtons(component.buttons, `${path}.buttons`, 'buttons', category, findings);
        return;
      case 'LIMITED_TIME_OFFER':
        lintOffer(component, components, path, category, findings);
        return;
      case 'CAROUSEL':
        lintCarousel(component.cards, `${path}.cards`, format, category, findings);
    }
  });
  if (find(components, 'CAROUSEL')) lintCarouselFrame(components, findings);
  lintParts(components, isAuthentication, findings);
}

function lintParts(components: readonly unknown[], isAuthentication: boolean, findings: Findings): void {
  const types = components.map((component) => upperCase(isRecord(component) ? component.type : undefined));
  if (!isAuthentication && !types.includes('BODY')) findings.add('components', 'components', 'has no BODY');
  for (const type of ['HEADER', 'BODY', 'FOOTER', 'BUTTONS', 'CAROUSEL', 'LIMITED_TIME_OFFER']) {
    if (types.indexOf(type) !== types.lastIndexOf(type)) findings.add('components', 'components', `has two components of type ${type}`);
  }
  if (!isAuthentication) return;
  const buttons: unknown = find(components, 'BUTTONS')?.buttons;
  const isOtp =
    Array.isArray(buttons) && buttons.length === 1 && buttons.every((button) => isRecord(button) && upperCase(button.type) === 'OTP');
  if (!isOtp)
    findings.add('authenticationContent', 'components', 'needs BUTTONS with one OTP button, because the category is AUTHENTICATION');
}

function lintAuthenticationBody(body: Wire, path: string, findings: Findings): void {
  if (body.text !== undefined) {
    findings.add('authenticationContent', `${path}.text`, 'must be left out. Meta provides the text of AUTHENTICATION templates');
  }
}

function lintFooter(footer: Wire, path: string, isAuthentication: boolean, findings: Findings): void {
  const { text, code_expiration_minutes: minutes } = footer;
  if (isAuthentication) {
    if (text !== undefined) findings.add('authenticationContent', `${path}.text`, 'must be left out. Use code_expiration_minutes');
    if (minutes === undefined) return;
    const [least, most] = ['minCodeExpirationMinutes', 'maxCodeExpirationMinutes'] as const;
    const describe = (): string => `must be ${String(findings.limit(least))} to ${String(findings.limit(most))} minutes`;
    findings.range(least, most, `${path}.code_expiration_minutes`, minutes, describe);
    return;
  }
  if (typeof text !== 'string' || text.trim() === '') {
    findings.add('components', `${path}.text`, 'is missing');
    return;
  }
  findings.length('footerLength', `${path}.text`, text);
  if (variableNames(text).length > 0) findings.add('plainFooter', `${path}.text`, 'contains a variable, which footers cannot have');
  if (hasLineBreak(text)) findings.add('plainFooter', `${path}.text`, 'contains a line break, which footers cannot have');
}

function lintOffer(component: Wire, components: readonly unknown[], path: string, category: string, findings: Findings): void {
  const offer = component.limited_time_offer;
  const text: unknown = isRecord(offer) ? offer.text : undefined;
  if (typeof text !== 'string' || text === '') findings.add('components', `${path}.limited_time_offer.text`, 'is missing');
  findings.length('offerTextLength', `${path}.limited_time_offer.text`, text);
  lintOfferParts(components, isRecord(offer) && offer.has_expiration === true, path, findings);
  if (category !== '' && category !== 'MARKETING') findings.add('marketingContent', path, 'is possible only in MARKETING templates');
}

/** Checks the header and the buttons of a template with an offer. */
function lintOfferParts(components: readonly unknown[], hasExpiration: boolean, path: string, findings: Findings): void {
  const format = upperCase(find(components, 'HEADER')?.format);
  if (!['', 'IMAGE', 'VIDEO'].includes(format)) {
    findings.add('offerContent', path, `needs a header with an image or a video, or none, but the header is of type ${format}`);
  }
  const buttons: unknown = find(components, 'BUTTONS')?.buttons;
  const types = Array.isArray(buttons) ? buttons.map((button: unknown) => upperCase(isRecord(button) ? button.type : undefined)) : [];
  const codeAt = types.indexOf('COPY_CODE');
  if (codeAt > 0) findings.add('offerContent', path, 'needs the COPY_CODE button as the first button');
  if (codeAt < 0 && hasExpiration) findings.add('offerContent', path, 'expires, but the template has no COPY_CODE button', 'warning');
}

function lintCarousel(given: unknown, path: string, format: string | undefined, category: string, findings: Findings): void {
  const cards: readonly unknown[] = Array.isArray(given) ? given : [];
  const count = (limit: number): string =>
    `has ${String(cards.length)} cards, but Meta allows ${String(findings.limit('minCards'))} to ${String(Math.max(limit, findings.limit('maxCards')))}`;
  findings.least('minCards', path, cards.length, count);
  findings.most('maxCards', path, cards.length, count);
  const structures = cards.map((card, index) => {
    const parts: readonly unknown[] = isRecord(card) && Array.isArray(card.components) ? card.components : [];
    const at = `${path}[${String(index)}].components`;
    parts.forEach((part, number) => {
      if (isRecord(part)) lintCardPart(part, `${at}[${String(number)}]`, format, category, findings);
    });
    const header = find(parts, 'HEADER');
    if (!['IMAGE', 'VIDEO', 'PRODUCT'].includes(upperCase(header?.format))) {
      findings.add('cardStructure', at, 'needs a HEADER with the format IMAGE, VIDEO or PRODUCT');
    }
    return structureOf(parts);
  });
  const different = structures.findIndex((structure) => structure !== structures[0]);
  if (different > 0) {
    findings.add(
      'cardStructure',
      `${path}[${String(different)}]`,
      'must have the same components, header format and buttons as the first card',
    );
  }
  if (category !== '' && category !== 'MARKETING')
    findings.add('marketingContent', path, 'is usually possible only in MARKETING templates', 'warning');
}

/** A template with a carousel has a body as its only other component. */
function lintCarouselFrame(components: readonly unknown[], findings: Findings): void {
  components.forEach((component, index) => {
    const type = upperCase(isRecord(component) ? component.type : undefined);
    if (type !== 'HEADER' && type !== 'FOOTER' && type !== 'BUTTONS') return;
    findings.add('cardStructure', `components[${String(index)}]`, `is of type ${type}, which templates with a carousel cannot have`);
  });
}

function lintCardPart(part: Wire, path: string, format: string | undefined, category: string, findings: Findings): void {
  switch (upperCase(part.type)) {
    case 'HEADER':
      lintHeader(part, path, format, findings);
      return;
    case 'BODY':
      lintBody(part, path, format, 'cardBodyLength', findings);
      return;
    case 'BUTTONS':
      lintButtons(part.buttons, `${path}.buttons`, 'cardButtons', category, findings);
      return;
    case 'FOOTER':
      findings.add('cardStructure', path, 'is a footer, which cards cannot have');
  }
}

/** Returns the components of a card without texts, for comparisons. */
function structureOf(parts: readonly unknown[]): string {
  return JSON.stringify(
    parts
      .filter(isRecord)
      .map(({ type, format, buttons }) => [
        upperCase(type),
        upperCase(format),
        Array.isArray(buttons) ? buttons.map((button: unknown) => upperCase(isRecord(button) ? button.type : undefined)) : [],
      ]),
  );
}
