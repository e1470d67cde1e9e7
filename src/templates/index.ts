/**
 * Template content: `templateComponents` builds the values of a template message. The types describe the definitions
 * that `createTemplate` and `editTemplate` send to Meta for review.
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
