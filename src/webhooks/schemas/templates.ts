import type {
  MessageTemplateComponentsUpdate,
  MessageTemplateQualityUpdate,
  MessageTemplateStatusUpdate,
  TemplateCategoryUpdate,
  TemplateCorrectCategoryDetection,
} from '../events/templates.js';
import { fields, idText, list, numeric, text, type Schema } from './schema.js';

const id = { message_template_id: idText };
const name = { message_template_name: text, message_template_language: text };
type Button = NonNullable<MessageTemplateComponentsUpdate['message_template_buttons']>[number];

export const templateStatus: Schema<MessageTemplateStatusUpdate> = /* @__PURE__ */ fields<MessageTemplateStatusUpdate>(
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
export const templateQuality: Schema<MessageTemplateQualityUpdate> = /* @__PURE__ */ fields<MessageTemplateQualityUpdate>(
  { ...id, new_quality_score: text },
  { ...name, previous_quality_score: text },
);
export const templateComponents: Schema<MessageTemplateComponentsUpdate> = /* @__PURE__ */ fields<MessageTemplateComponentsUpdate>(id, {
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
export const templateCategory: Schema<TemplateCategoryUpdate> = /* @__PURE__ */ fields<TemplateCategoryUpdate>(
  { ...id, new_category: text },
  { ...name, previous_category: text, correct_category: text, category_update_timestamp: numeric },
);
export const templateCorrectCategory: Schema<TemplateCorrectCategoryDetection> = /* @__PURE__ */ fields<TemplateCorrectCategoryDetection>(
  { ...id, correct_category: text },
  { ...name, category: text },
);
