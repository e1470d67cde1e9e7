import type { TemplateButtonDefinition } from './template-buttons.js';
import type { OpenEnum } from '../runtime/open-enum.js';

/** Sample value of a named variable, for Meta's reviewers. */
export interface NamedSample {
  /** Name of the variable, for example `first_name` of `{{first_name}}`. */
  readonly param_name: string;
  readonly example: string;
}

/** Header of a template definition. Meta ignores case in types. */
export type TemplateHeaderDefinition = { readonly type: 'HEADER' | 'header' } & (
  | {
      readonly format: 'TEXT';
      /** Text of the header, at most 60 characters with one variable. */
      readonly text: string;
      readonly example?: { readonly header_text?: readonly string[]; readonly header_text_named_params?: readonly NamedSample[] };
    }
  | {
      readonly format: 'IMAGE' | 'VIDEO' | 'GIF' | 'DOCUMENT';
      /** Handle of a sample file. `uploadFile` returns it. */
      readonly example?: { readonly header_handle: readonly string[] };
    }
  | { readonly format: 'LOCATION' | 'PRODUCT' }
  /** A format that Meta adds. */
  | { readonly format: OpenEnum<never>; readonly [field: string]: unknown }
);

/** Body of a template definition: at most 1024 characters, or 600 with a limited-time offer. */
export interface TemplateBodyDefinition {
  readonly type: 'BODY' | 'body';
  /** Text of the body. Authentication templates have Meta's own text. */
  readonly text?: string;
  readonly example?: {
    /** One list of sample values, in the order of the variables. */
    readonly body_text?: readonly (readonly string[])[];
    readonly body_text_named_params?: readonly NamedSample[];
  };
  /** Adds a note that the code must not be shared. Authentication templates only. */
  readonly add_security_recommendation?: boolean;
}

/** Footer of a template definition. */
export interface TemplateFooterDefinition {
  readonly type: 'FOOTER' | 'footer';
  /** Text of the footer, at most 60 characters. Not in authentication templates. */
  readonly text?: string;
  /** Minutes until the code expires, 1 to 90. The footer shows them. Authentication templates only. */
  readonly code_expiration_minutes?: number;
}

/** At most ten buttons. Quick replies must be adjacent. */
export interface TemplateButtonsDefinition {
  readonly type: 'BUTTONS' | 'buttons';
  readonly buttons: readonly TemplateButtonDefinition[];
}

/**
 * Two to ten cards with the same structure: a header with an image, video or product, a body of at most 160 characters,
 * and at most two buttons.
 */
export interface TemplateCarouselDefinition {
  readonly type: 'CAROUSEL' | 'carousel';
  readonly cards: readonly {
    readonly components: readonly (TemplateHeaderDefinition | TemplateBodyDefinition | TemplateButtonsDefinition)[];
  }[];
}

/** A limited-time offer. Each message sets its expiration. */
export interface TemplateOfferDefinition {
  readonly type: 'LIMITED_TIME_OFFER' | 'limited_time_offer';
  /** `text` has at most 16 characters. */
  readonly limited_time_offer: { readonly text: string; readonly has_expiration?: boolean };
}

/** Asks the customer to permit calls. */
export interface TemplateCallPermissionDefinition {
  readonly type: 'CALL_PERMISSION_REQUEST' | 'call_permission_request';
}

/** A component of a template definition, discriminated by `type`. */
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
 * Max price of a marketing template. Send such templates with `sendMarketingMessage`, otherwise they fail with 131061.
 * Source: Meta, Max price (open beta since 1 Oct 2026). Meta called it `bid_spec` before 31 July 2026.
 */
export interface TemplateOptimizationSpec {
  readonly bid_strategy: OpenEnum<'LOWEST_COST_WITH_BID_CAP'>;
  /** Maximum price of 1,000 deliveries, in the smallest unit of the account's currency. */
  readonly bid_amount: number;
}

/** `MARKETING`, `UTILITY`, `AUTHENTICATION` or a value that Meta adds. */
export type TemplateCategory = OpenEnum<'MARKETING' | 'UTILITY' | 'AUTHENTICATION'>;
