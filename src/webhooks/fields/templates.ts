import type { FieldEvent, OpenEnum } from '../events/base.js';
import type { FieldExample, SentValue } from '../parsing/field-example.js';
import { fields, idText, list, numeric, text } from '../parsing/schema.js';
import { singleValue } from '../parsing/value-field.js';
import type { WebhookField } from '../parsing/webhook-field.js';

/** The template of an event. */
export interface TemplateReference {
  /** The ID, as in the API. Most webhooks contain an integer, whose digits stay exact. */
  readonly message_template_id: string;
  readonly message_template_name?: string;
  /** `en_US` or `en-US`. */
  readonly message_template_language?: string;
}

/** The result of a template's review, or the reason for a pause. The names differ from `status` in the API. */
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
  /** The reason of a rejection, otherwise `NONE` or absent. */
  readonly reason?: string;
  readonly message_template_category?: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  readonly disable_info?: { readonly disable_date?: string | number };
  readonly other_info?: {
    readonly title?: OpenEnum<'FIRST_PAUSE' | 'SECOND_PAUSE' | 'RATE_LIMITING_PAUSE' | 'UNPAUSE' | 'DISABLED'>;
    readonly description?: string;
  };
  readonly rejection_info?: { readonly reason?: string; readonly recommendation?: string };
}

/** Customers' feedback on a template. */
export type TemplateQuality = OpenEnum<'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN'>;

/** A template's quality changed. */
export interface MessageTemplateQualityUpdate extends TemplateReference {
  readonly previous_quality_score?: TemplateQuality;
  readonly new_quality_score: TemplateQuality;
}

/** The text of a template was edited. Contains the new text. */
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
 * Meta changes the category of a template. Before the change, `new_category` is the current category and `correct_category` the future one.
 * After the change, the event contains `previous_category`, and `new_category` is the current category.
 */
export interface TemplateCategoryUpdate extends TemplateReference {
  readonly new_category: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  readonly previous_category?: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  readonly correct_category?: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  /** Unix seconds at which the change takes effect. */
  readonly category_update_timestamp?: number | string;
}

/** Meta detected that a template belongs to another category. */
export interface TemplateCorrectCategoryDetection extends TemplateReference {
  readonly category?: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
  readonly correct_category: OpenEnum<'AUTHENTICATION' | 'MARKETING' | 'UTILITY'>;
}

/** A template was approved, rejected, paused, or similar. */
export type MessageTemplateStatusUpdateEvent = FieldEvent<'message_template_status_update', MessageTemplateStatusUpdate>;
/** A template's quality changed. */
export type MessageTemplateQualityUpdateEvent = FieldEvent<'message_template_quality_update', MessageTemplateQualityUpdate>;
/** A template's text was edited. */
export type MessageTemplateComponentsUpdateEvent = FieldEvent<'message_template_components_update', MessageTemplateComponentsUpdate>;
/** The category of a template will change or has changed. */
export type TemplateCategoryUpdateEvent = FieldEvent<'template_category_update', TemplateCategoryUpdate>;
/** Meta considers the category of a template wrong. */
export type TemplateCorrectCategoryDetectionEvent = FieldEvent<'template_correct_category_detection', TemplateCorrectCategoryDetection>;

const id = { message_template_id: idText };
const name = { message_template_name: text, message_template_language: text };
type Button = NonNullable<MessageTemplateComponentsUpdate['message_template_buttons']>[number];

/** The field `message_template_status_update`. */
export const messageTemplateStatusUpdate: WebhookField<MessageTemplateStatusUpdateEvent> =
  /* @__PURE__ */ singleValue<MessageTemplateStatusUpdateEvent>(
    { ...id, event: text },
    {
      ...name,
      reason: text,
      message_template_category: text,
      disable_info: /* @__PURE__ */ fields<NonNullable<MessageTemplateStatusUpdate['disable_info']>>({}, { disable_date: numeric }),
      other_info: /* @__PURE__ */ fields<NonNullable<MessageTemplateStatusUpdate['other_info']>>({}, { title: text, description: text }),
      rejection_info: /* @__PURE__ */ fields<NonNullable<MessageTemplateStatusUpdate['rejection_info']>>(
        {},
        { reason: text, recommendation: text },
      ),
    },
  );

/** The field `message_template_quality_update`. */
export const messageTemplateQualityUpdate: WebhookField<MessageTemplateQualityUpdateEvent> =
  /* @__PURE__ */ singleValue<MessageTemplateQualityUpdateEvent>(
    { ...id, new_quality_score: text },
    { ...name, previous_quality_score: text },
  );

/** The field `message_template_components_update`. */
export const messageTemplateComponentsUpdate: WebhookField<MessageTemplateComponentsUpdateEvent> =
  /* @__PURE__ */ singleValue<MessageTemplateComponentsUpdateEvent>(id, {
    ...name,
    message_template_title: text,
    message_template_element: text,
    message_template_footer: text,
    message_template_buttons: /* @__PURE__ */ list(
      /* @__PURE__ */ fields<Button>(
        {},
        {
          message_template_button_type: text,
          message_template_button_text: text,
          message_template_button_url: text,
          message_template_button_phone_number: idText,
        },
      ),
    ),
  });

/** The field `template_category_update`. */
export const templateCategoryUpdate: WebhookField<TemplateCategoryUpdateEvent> = /* @__PURE__ */ singleValue<TemplateCategoryUpdateEvent>(
  { ...id, new_category: text },
  { ...name, previous_category: text, correct_category: text, category_update_timestamp: numeric },
);

/** The field `template_correct_category_detection`. */
export const templateCorrectCategoryDetection: WebhookField<TemplateCorrectCategoryDetectionEvent> =
  /* @__PURE__ */ singleValue<TemplateCorrectCategoryDetectionEvent>({ ...id, correct_category: text }, { ...name, category: text });

/** The template of the examples. */
const template: SentValue<TemplateReference> = {
  message_template_id: 806300000000001,
  message_template_name: 'order_ready',
  message_template_language: 'en_US',
};

/** See {@link messageTemplateStatusUpdate}. */
export const messageTemplateStatusUpdateExample: FieldExample<MessageTemplateStatusUpdateEvent> = {
  text: 'A template was approved, rejected, paused or disabled.',
  place: 'account',
  value: () => ({ ...template, event: 'APPROVED', reason: 'NONE' }),
};

/** See {@link messageTemplateQualityUpdate}. */
export const messageTemplateQualityUpdateExample: FieldExample<MessageTemplateQualityUpdateEvent> = {
  text: 'The quality of a template changed.',
  place: 'account',
  value: () => ({ ...template, previous_quality_score: 'GREEN', new_quality_score: 'YELLOW' }),
};

/** See {@link messageTemplateComponentsUpdate}. */
export const messageTemplateComponentsUpdateExample: FieldExample<MessageTemplateComponentsUpdateEvent> = {
  text: 'The text of a template was edited.',
  place: 'account',
  value: () => ({ ...template, message_template_element: 'Your order {{1}} is ready.' }),
};

/** See {@link templateCategoryUpdate}. */
export const templateCategoryUpdateExample: FieldExample<TemplateCategoryUpdateEvent> = {
  text: 'The category of a template changed, or will change.',
  place: 'account',
  value: () => ({ ...template, previous_category: 'UTILITY', new_category: 'MARKETING' }),
};

/** See {@link templateCorrectCategoryDetection}. */
export const templateCorrectCategoryDetectionExample: FieldExample<TemplateCorrectCategoryDetectionEvent> = {
  text: 'Meta considers the category of a template wrong.',
  place: 'account',
  value: () => ({ ...template, category: 'UTILITY', correct_category: 'MARKETING' }),
};
