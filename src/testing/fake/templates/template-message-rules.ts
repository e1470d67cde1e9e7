/** A rule that a template message must follow, with the code of Meta's error. */
export interface TemplateMessageRule {
  readonly rule: string;
  readonly code: 100 | 131008 | 132000 | 132005 | 132012 | 132018;
  readonly source: string;
  readonly date: string;
  /** Whether Meta's error is known, or follows from the meaning of its codes. */
  readonly strictness: 'as recorded' | 'by the meaning of the code';
}

/** The name of a rule. */
export type TemplateMessageRuleName =
  | 'count'
  | 'nameMissing'
  | 'nameWrong'
  | 'header'
  | 'buttonMissing'
  | 'buttonWithout'
  | 'buttonType'
  | 'otpLength'
  | 'otpEqual'
  | 'carouselMissing'
  | 'carouselCount'
  | 'offer'
  | 'textLength';

/** What the fake compares between a template message and the template. {@link findTemplateProblem} enforces it. */
export const templateMessageRules: Readonly<Record<TemplateMessageRuleName, TemplateMessageRule>> = {
  count: {
    rule: 'A header or body has as many values as the template has variables',
    code: 132000,
    source: 'Meta, Error codes; public reports',
    date: '12 Dec 2025',
    strictness: 'as recorded',
  },
  nameMissing: {
    rule: 'Each value of a named template has a `parameter_name`',
    code: 100,
    source: 'netflie/laravel-notification-whatsapp#41',
    date: '31 Jan 2025',
    strictness: 'as recorded',
  },
  nameWrong: {
    rule: 'Names of values are the names of the variables',
    code: 132012,
    source: 'Meta, Error codes',
    date: '12 Dec 2025',
    strictness: 'by the meaning of the code',
  },
  header: {
    rule: 'A media or location header has a value of the same format',
    code: 132012,
    source: 'chatwoot/chatwoot#15622',
    date: '30 Aug 2026',
    strictness: 'as recorded',
  },
  buttonMissing: {
    rule: 'A button with a variable has a value: URL, copy code and one-time password',
    code: 131008,
    source: 'PipedreamHQ/pipedream#5899',
    date: '30 Mar 2023',
    strictness: 'as recorded',
  },
  buttonWithout: {
    rule: 'A button without a variable has no value',
    code: 100,
    source: 'Secreto31126/whatsapp-api-js#175',
    date: '24 Jul 2023',
    strictness: 'as recorded',
  },
  buttonType: {
    rule: 'A value names a button of the template by its index and sub-type',
    code: 132012,
    source: 'Meta, Error codes',
    date: '12 Dec 2025',
    strictness: 'by the meaning of the code',
  },
  otpLength: {
    rule: 'A one-time password has at most 15 characters',
    code: 132018,
    source: 'Meta, Authentication templates',
    date: 'Nov 2025',
    strictness: 'by the meaning of the code',
  },
  otpEqual: {
    rule: 'Body and button of an authentication template have the same one-time password',
    code: 132018,
    source: 'Meta, Authentication templates',
    date: 'Nov 2025',
    strictness: 'by the meaning of the code',
  },
  carouselMissing: {
    rule: 'A carousel template has a `carousel` component',
    code: 131008,
    source: 'Meta, Media card carousel templates',
    date: 'Nov 2025',
    strictness: 'by the meaning of the code',
  },
  carouselCount: {
    rule: 'A carousel has as many cards as the template',
    code: 132012,
    source: 'Meta, Media card carousel templates',
    date: 'Nov 2025',
    strictness: 'by the meaning of the code',
  },
  offer: {
    rule: 'A template with an offer that expires has its time',
    code: 131008,
    source: 'Meta, Limited-time offer templates',
    date: 'Nov 2025',
    strictness: 'by the meaning of the code',
  },
  textLength: {
    rule: 'The text with its values has at most 1,024 characters',
    code: 132005,
    source: 'Meta, Error codes',
    date: '12 Dec 2025',
    strictness: 'by the meaning of the code',
  },
};
