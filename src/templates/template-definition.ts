import type { TemplateButtonDefinition } from './template-buttons.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Sample values for the variables of a text; Meta's reviewers see them. */
export interface NamedSample {
  /** Name of the variable, as `first_name` of `{{first_name}}`. */
  readonly param_name: string;
  readonly example: string;
}

/** The part above the body when a template is made. Meta compares types without regard to case. */
export type TemplateHeaderDefinition = { readonly type: 'HEADER' | 'header' } & (
  | {
      readonly format: 'TEXT';
      /** At most 60 characters, one variable. */
      readonly text: string;
      readonly example?: { readonly header_text?: readonly string[]; readonly header_text_named_params?: readonly NamedSample[] };
    }
  | {
      readonly format: 'IMAGE' | 'VIDEO' | 'GIF' | 'DOCUMENT';
      /** A handle that `uploadFile` gave. */
      readonly example?: { readonly header_handle: readonly string[] };
    }
  | { readonly format: 'LOCATION' | 'PRODUCT' }
  /** A format that Meta adds. */
  | { readonly format: OpenEnum<never>; readonly [field: string]: unknown }
);

/** The text of a template: at most 1024 characters (600 beside a limited-time offer). */
export interface TemplateBodyDefinition {
  readonly type: 'BODY' | 'body';
  /** Not in authentication templates, whose text is Meta's. */
  readonly text?: string;
  readonly example?: {
    /** One list of values, in the order of the variables. */
    readonly body_text?: readonly (readonly string[])[];
    readonly body_text_named_params?: readonly NamedSample[];
  };
  /** Authentication templates: adds that the code is not to be shared. */
  readonly add_security_recommendation?: boolean;
}

/** The line under the body. */
export interface TemplateFooterDefinition {
  readonly type: 'FOOTER' | 'footer';
  /** At most 60 characters. Not in authentication templates. */
  readonly text?: string;
  /** Authentication templates: minutes (1 to 90) after which the code is said to expire. */
  readonly code_expiration_minutes?: number;
}

/** At most ten buttons; quick replies stand together. */
export interface TemplateButtonsDefinition {
  readonly type: 'BUTTONS' | 'buttons';
  readonly buttons: readonly TemplateButtonDefinition[];
}

/** Two to ten cards of the same build: header of image, video or product, body of at most 160 characters, at most two buttons. */
export interface TemplateCarouselDefinition {
  readonly type: 'CAROUSEL' | 'carousel';
  readonly cards: readonly {
    readonly components: readonly (TemplateHeaderDefinition | TemplateBodyDefinition | TemplateButtonsDefinition)[];
  }[];
}

/** An offer that ends; the end is told with each message. */
export interface TemplateOfferDefinition {
  readonly type: 'LIMITED_TIME_OFFER' | 'limited_time_offer';
  /** `text` has at most 16 characters. */
  readonly limited_time_offer: { readonly text: string; readonly has_expiration?: boolean };
}

/** Asks the customer to permit calls. */
export interface TemplateCallPermissionDefinition {
  readonly type: 'CALL_PERMISSION_REQUEST' | 'call_permission_request';
}

/** A part of a template when it is made, discriminated by `type`. */
export type TemplateComponentDefinition =
  | TemplateHeaderDefinition
  | TemplateBodyDefinition
  | TemplateFooterDefinition
  | TemplateButtonsDefinition
  | TemplateCarouselDefinition
  | TemplateOfferDefinition
  | TemplateCallPermissionDefinition
  /** A component that Meta adds. */
  | { readonly type: OpenEnum<never>; readonly [field: string]: unknown };

/**
 * The max price of a marketing template, which `sendMarketingMessage` then has to send (131061 otherwise). Source: Meta, Max price (open beta
 * since 1 Oct 2026). Meta called it `bid_spec` before 31 July 2026.
 */
export interface TemplateOptimizationSpec {
  readonly bid_strategy: OpenEnum<'LOWEST_COST_WITH_BID_CAP'>;
  /** The highest price of 1,000 deliveries, in the smallest unit of the account's currency. */
  readonly bid_amount: number;
}

/** `MARKETING`, `UTILITY`, `AUTHENTICATION` or a value that Meta adds. */
export type TemplateCategory = OpenEnum<'MARKETING' | 'UTILITY' | 'AUTHENTICATION'>;
