import { ruleOn, type PolicyRule } from './rule.js';

/** Meta's limits for templates: maximum values, if the name has no other meaning. */
export interface TemplateLimits {
  readonly nameLength: number;
  readonly headerLength: number;
  readonly headerVariables: number;
  readonly bodyLength: number;
  /** Length of the body of a template with a limited-time offer. */
  readonly offerBodyLength: number;
  readonly cardBodyLength: number;
  readonly footerLength: number;
  readonly offerTextLength: number;
  /** Words of the body for each variable, in addition to one word. */
  readonly wordsPerVariable: number;
  readonly buttons: number;
  readonly quickReplyButtons: number;
  readonly urlButtons: number;
  readonly phoneNumberButtons: number;
  readonly copyCodeButtons: number;
  readonly buttonTextLength: number;
  readonly urlLength: number;
  readonly phoneNumberLength: number;
  readonly copyCodeLength: number;
  readonly otpLength: number;
  readonly minCards: number;
  readonly maxCards: number;
  readonly cardButtons: number;
  readonly minCodeExpirationMinutes: number;
  readonly maxCodeExpirationMinutes: number;
  readonly supportedApps: number;
  readonly packageNameLength: number;
  /** Exact length of the signature hash of an app. */
  readonly signatureHashLength: number;
  readonly minAuthenticationTtlSeconds: number;
  readonly maxAuthenticationTtlSeconds: number;
  readonly minUtilityTtlSeconds: number;
  readonly maxUtilityTtlSeconds: number;
  readonly minMarketingTtlSeconds: number;
  readonly maxMarketingTtlSeconds: number;
}

const templates = 'Meta, Templates (22 Sep 2026)';
const components = 'Meta, Template components (Dec 2025)';
const authentication = 'Meta, Authentication templates (Dec 2025)';
const carousels = 'Meta, Carousel templates (Dec 2025)';
const offers = 'Meta, Limited-time offer templates (Dec 2025)';
const ttl = 'Meta, Template time-to-live (22 Sep 2026)';
const row = (value: number, source: string, note?: string): readonly PolicyRule<number>[] => [
  { value, source, ...(note !== undefined && { note }) },
];

/** All limits of templates with their history, oldest first. */
export const templateLimitRules: { readonly [Name in keyof TemplateLimits]: readonly PolicyRule<number>[] } = {
  nameLength: row(512, templates),
  headerLength: row(60, components),
  headerVariables: row(1, components),
  bodyLength: row(1_024, components),
  offerBodyLength: row(600, offers),
  cardBodyLength: row(160, carousels),
  footerLength: row(60, components),
  offerTextLength: row(16, offers),
  wordsPerVariable: row(
    2,
    'Meta, error 2388072 (Sep 2026)',
    'Meta names no figure. Developers report that a body with n variables needs at least 2n + 1 other words.',
  ),
  buttons: row(10, components),
  quickReplyButtons: row(10, components),
  urlButtons: row(2, components),
  phoneNumberButtons: row(1, components),
  copyCodeButtons: row(1, components),
  buttonTextLength: row(25, components),
  urlLength: row(2_000, components),
  phoneNumberLength: row(20, components),
  copyCodeLength: [
    { value: 15, until: '2025-12-01', source: 'Meta, Template components (2025)' },
    { value: 20, since: '2025-12-01', source: components },
  ],
  otpLength: row(15, authentication),
  minCards: row(2, carousels),
  maxCards: row(10, carousels),
  cardButtons: row(2, carousels),
  minCodeExpirationMinutes: row(1, authentication),
  maxCodeExpirationMinutes: row(90, authentication),
  supportedApps: row(5, authentication),
  packageNameLength: row(224, authentication),
  signatureHashLength: row(11, authentication),
  minAuthenticationTtlSeconds: row(30, ttl),
  maxAuthenticationTtlSeconds: row(900, ttl),
  minUtilityTtlSeconds: row(30, ttl),
  maxUtilityTtlSeconds: row(43_200, ttl),
  minMarketingTtlSeconds: row(43_200, ttl, 'Marketing Messages API only.'),
  maxMarketingTtlSeconds: row(2_592_000, ttl, 'Marketing Messages API only.'),
};

/** Rules of templates that aren't limits. Their value is whether Meta applies them. */
export type TemplateConvention =
  | 'nameCharacters'
  | 'languageCode'
  | 'components'
  | 'variableAtEdge'
  | 'adjacentVariables'
  | 'variableOrder'
  | 'variableSyntax'
  | 'parameterFormat'
  | 'examples'
  | 'headerHandle'
  | 'plainHeader'
  | 'plainFooter'
  | 'urlVariable'
  | 'urlFormat'
  | 'buttonOrder'
  | 'buttonText'
  | 'authenticationContent'
  | 'marketingContent'
  | 'otpButtons'
  | 'offerContent'
  | 'cardStructure'
  | 'category';

const applies = (source: string, note?: string): readonly PolicyRule<boolean>[] => [
  { value: true, source, ...(note !== undefined && { note }) },
];

/** All other rules of templates with their history, oldest first. */
export const templateConventionRules: { readonly [Name in TemplateConvention]: readonly PolicyRule<boolean>[] } = {
  nameCharacters: applies(templates),
  languageCode: applies('Meta, Supported languages (2025)'),
  components: applies(components),
  variableAtEdge: applies('Meta, Template review: common reasons for rejection (2025)'),
  adjacentVariables: applies('Meta, Template review: common reasons for rejection (2025)'),
  variableOrder: applies('Meta, Template review: common reasons for rejection (2025)'),
  variableSyntax: applies('Meta, Template review: common reasons for rejection (2025)'),
  parameterFormat: applies(templates),
  examples: applies(components),
  headerHandle: applies('Meta, Resumable Upload API (Sep 2025)'),
  plainHeader: applies(components, 'No line breaks, emoji or formatting characters.'),
  plainFooter: applies(components, 'No variables.'),
  urlVariable: applies(components, 'One variable, at the end of the URL.'),
  urlFormat: applies(components, 'A full web address. Meta rejects links to chats (wa.me).'),
  buttonOrder: applies(components, 'Quick replies form one group, and other buttons another one.'),
  buttonText: applies(components),
  authenticationContent: applies(authentication, "Meta's own text, no header, and one OTP button."),
  marketingContent: applies('Meta, Template categorization (2025)', 'Offers, carousels, copy codes and app deep links are marketing.'),
  otpButtons: applies(authentication),
  offerContent: applies(offers, 'No footer, no text header, and a copy-code button first.'),
  cardStructure: applies(carousels, 'All cards have the same components. Only a body precedes them.'),
  category: applies(templates),
};

/** Returns the limit of a day, with its source. */
export function templateLimit(name: keyof TemplateLimits, day: string): PolicyRule<number> | undefined {
  return ruleOn(templateLimitRules[name], day);
}

/** Returns the rule of a day if Meta applies it then. */
export function templateConvention(name: TemplateConvention, day: string): PolicyRule<boolean> | undefined {
  const rule = ruleOn(templateConventionRules[name], day);
  return rule?.value === true ? rule : undefined;
}
