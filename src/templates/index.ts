/**
 * Templates: typed definitions, checks of messages, lint rules, a catalog of the approved templates, and previews. The
 * types also describe the definitions that `createTemplate` and `editTemplate` send to Meta for review.
 *
 * @module wa-coexist/templates
 */

// errors

export type { SupportedApp, OtpButtonDefinition, FlowButtonDefinition, TemplateButtonDefinition } from './template-buttons.js';
export type {
  NamedSample,
  TemplateHeaderDefinition,
  TemplateBodyDefinition,
  TemplateFooterDefinition,
  TemplateButtonsDefinition,
  TemplateCarouselDefinition,
  TemplateOfferDefinition,
  TemplateCallPermissionDefinition,
  TemplateComponentDefinition,
  TemplateOptimizationSpec,
} from './template-definition.js';
export { templateComponents, type TemplateValues, type TemplateButtonValue, type TemplateContent } from './template-components.js';
export { checkTemplate, listTemplateProblems, type TemplateMessageContent, type TemplateProblem } from './list-template-problems.js';
export {
  createTemplateCatalog,
  type TemplateCatalog,
  type TemplateCatalogOptions,
  type CatalogMessage,
  type TemplateEvent,
  type TemplateGuard,
  type TemplateGuardVerdict,
  type TemplateWebhookRegistration,
  type TemplateWebhooks,
} from './catalog/create-template-catalog.js';
export { defineTemplate, type TypedTemplateDefinition } from './define-template.js';
export { lintTemplate, type LintableTemplate, type LintTemplateOptions, type TemplateFinding } from './lint/lint-template.js';
export {
  renderTemplate,
  type RenderedTemplate,
  type RenderedTemplateButton,
  type RenderedTemplateCard,
  type RenderedTemplateHeader,
} from './render-template.js';
export type { StoredTemplateComponent, TemplateDefinition } from '../messages/template/known-template.js';
export type { AnyTemplateValues, TemplateLanguageOf, TemplateValuesOf } from '../messages/template/template-values.js';
