import type { FieldEvent, OpenEnum } from './base.js';

/** Which template an event is about. */
export interface TemplateReference {
  /** The ID as the API returns it. Meta sends an integer in most webhooks, whose digits stay exact. */
  readonly message_template_id: string;
  readonly message_template_name?: string;
  /** `en_US`, and `en-US` as well. */
  readonly message_template_language?: string;
}

/** What became of a template's review, or why it was paused. The names differ from the API's `status`. */
export interface MessageTemplateStatusUpdate extends TemplateReference {
  readonly event: OpenEnum<
    | 'APPROVED'
    | 'ARCHIVED'
    | 'UNARCHIVED'
    | 'DELETED'
    | 'DISABLED'
    | 'FLAGGED'
    | 'IN_APPEAL'
    | 'LIMIT_EXCEEDED'
    | 'LOCKED'
    | 'PAUSED'
    | 'PENDING'
    | 'PENDING_DELETION'
    | 'REINSTATED'
    | 'REJECTED'
  >;
  /** Why it was rejected; `NONE` or absent otherwise. */
  readonly reason?: string;
  readonly message_template_category?: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  readonly disable_info?: { readonly disable_date?: string | number };
  readonly other_info?: {
    readonly title?: OpenEnum<'FIRST_PAUSE' | 'SECOND_PAUSE' | 'RATE_LIMITING_PAUSE' | 'UNPAUSE' | 'DISABLED'>;
    readonly description?: string;
  };
  readonly rejection_info?: { readonly reason?: string; readonly recommendation?: string };
}

/** How well a template is received. */
export type TemplateQuality = OpenEnum<'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN'>;

/** A template's quality changed. */
export interface MessageTemplateQualityUpdate extends TemplateReference {
  readonly previous_quality_score?: TemplateQuality;
  readonly new_quality_score: TemplateQuality;
}

/** A template's text was edited: what it is now. */
export interface MessageTemplateComponentsUpdate extends TemplateReference {
  /** The header. */
  readonly message_template_title?: string;
  /** The body. */
  readonly message_template_element?: string;
  readonly message_template_footer?: string;
  readonly message_template_buttons?: readonly {
    readonly message_template_button_type?: string;
    readonly message_template_button_text?: string;
    readonly message_template_button_url?: string;
    readonly message_template_button_phone_number?: string;
  }[];
}

/**
 * Meta moves a template to another category. As a notice, `new_category` is the present one and `correct_category` the one to come;
 * once done, `previous_category` is there and `new_category` holds.
 */
export interface TemplateCategoryUpdate extends TemplateReference {
  readonly new_category: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  readonly previous_category?: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  readonly correct_category?: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  /** Unix seconds: when it takes effect. */
  readonly category_update_timestamp?: number | string;
}

/** Meta found that a template belongs into another category. */
export interface TemplateCorrectCategoryDetection extends TemplateReference {
  readonly category?: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  readonly correct_category: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
}

/** A template was approved, rejected, paused, … */
export type MessageTemplateStatusUpdateEvent = FieldEvent<'message_template_status_update', MessageTemplateStatusUpdate>;
/** A template's quality changed. */
export type MessageTemplateQualityUpdateEvent = FieldEvent<'message_template_quality_update', MessageTemplateQualityUpdate>;
/** A template's text was edited. */
export type MessageTemplateComponentsUpdateEvent = FieldEvent<'message_template_components_update', MessageTemplateComponentsUpdate>;
/** A template changes its category, or has changed it. */
export type TemplateCategoryUpdateEvent = FieldEvent<'template_category_update', TemplateCategoryUpdate>;
/** Meta holds a template to be in the wrong category. */
export type TemplateCorrectCategoryDetectionEvent = FieldEvent<'template_correct_category_detection', TemplateCorrectCategoryDetection>;
