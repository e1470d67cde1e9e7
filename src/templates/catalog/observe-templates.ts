import type {
  MessageTemplateComponentsUpdateEvent,
  MessageTemplateQualityUpdateEvent,
  MessageTemplateStatusUpdateEvent,
  TemplateCategoryUpdateEvent,
} from '../../webhooks/fields/templates.js';
import type { WabaTemplates } from './waba-templates.js';

/** An event that changes a template. */
export type TemplateEvent =
  MessageTemplateStatusUpdateEvent | MessageTemplateQualityUpdateEvent | MessageTemplateComponentsUpdateEvent | TemplateCategoryUpdateEvent;

/** Registers or removes a handler of template events. */
export interface TemplateWebhookRegistration {
  (name: 'message_template_status_update', handler: (event: MessageTemplateStatusUpdateEvent) => void | Promise<void>): void;
  (name: 'message_template_quality_update', handler: (event: MessageTemplateQualityUpdateEvent) => void | Promise<void>): void;
  (name: 'message_template_components_update', handler: (event: MessageTemplateComponentsUpdateEvent) => void | Promise<void>): void;
  (name: 'template_category_update', handler: (event: TemplateCategoryUpdateEvent) => void | Promise<void>): void;
}

/** Source of template events, for example `createWebhooks` of `wa-coexist/webhooks`. */
export interface TemplateWebhooks {
  readonly on: TemplateWebhookRegistration;
  readonly off: TemplateWebhookRegistration;
}

/** Events after which a template can be sent again, possibly with different content. */
const approvals: ReadonlySet<string> = /* @__PURE__ */ new Set(['APPROVED', 'REINSTATED', 'UNARCHIVED']);

/** Updates the cache of an account. After events without a name, and unknown events, the account is read again. */
export function observeTemplates(account: WabaTemplates, event: TemplateEvent): void {
  const { message_template_name: name, message_template_language: language } = event.value;
  if (name === undefined || language === undefined) {
    account.invalidate();
    return;
  }
  switch (event.type) {
    case 'message_template_status_update': {
      const { event: what, other_info: info } = event.value;
      const isApproved = approvals.has(what) || info?.title === 'UNPAUSE';
      // A warning doesn't change the status.
      if (what !== 'FLAGGED' || isApproved) account.change(name, language, { status: isApproved ? 'APPROVED' : what });
      // Meta also approves edits, whose content isn't in the event.
      if (isApproved) account.invalidate();
      return;
    }
    case 'message_template_quality_update':
      account.change(name, language, { quality_score: { score: event.value.new_quality_score } });
      return;
    case 'template_category_update': {
      const { new_category: category, previous_category: previous } = event.value;
      // The notice of a future change has no previous category.
      if (previous !== undefined) account.change(name, language, { category });
      return;
    }
    case 'message_template_components_update':
      account.invalidate();
      return;
    default:
      // Callers without TypeScript may pass any event.
      return;
  }
}
