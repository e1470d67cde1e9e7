import type { Answer } from '../entities.js';
import type { TemplateMessageRuleName } from './template-message-rules.js';

/** What a template message has that its template does not allow. */
export interface TemplateProblem {
  readonly rule: TemplateMessageRuleName;
  readonly details: string;
}

/** Values that a message has for one component. */
export interface GivenComponent {
  readonly type: string;
  readonly subType: string;
  readonly index: number;
  readonly parameters: readonly Answer[];
  readonly cards: readonly Answer[];
}
