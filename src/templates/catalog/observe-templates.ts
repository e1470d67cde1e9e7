import type {
  MessageTemplateComponentsUpdateEvent,
  MessageTemplateQualityUpdateEvent,
  MessageTemplateStatusUpdateEvent,
  TemplateCategoryUpdateEvent,
} from '../../webhooks/fields/templates.js';
import { isRecord } from '../../runtime/json.js';
import type { TemplateChange, WabaTemplates } from './waba-templates.js';

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

const types: ReadonlySet<unknown> = /* @__PURE__ */ new Set<TemplateEvent['type']>([
  'message_template_status_update',
  'message_template_quality_update',
  'message_template_components_update',
  'template_category_update',
]);

/** Returns whether a value is an event of a template. Callers without TypeScript may pass any event. */
export function isTemplateEvent(event: unknown): event is TemplateEvent {
  return isRecord(event) && types.has(event.type) && isRecord(event.value);
}

/** Updates the cache of an account. An event without a name makes it read the account again. */
export function observeTemplates(account: WabaTemplates, event: TemplateEvent): void {
  const { message_template_name: name, message_template_language: language } = event.value;
  if (typeof name !== 'string' || typeof language !== 'string') {
    account.invalidate();
    return;
  }
  const change = (fields: TemplateChange): void => {
    account.change({ name, language, fields, occurredAt: event.occurredAt });
  };
  switch (event.type) {
    case 'message_template_status_update': {
      const { event: what, other_info: info } = event.value;
      const isApproved = approvals.has(what) || info?.title === 'UNPAUSE';
      // A warning doesn't change the status.
      if (what !== 'FLAGGED' || isApproved) change({ status: isApproved ? 'APPROVED' : what });
      // Meta also approves edits, whose content isn't in the event.
      if (isApproved) account.invalidate();
      return;
    }
    case 'message_template_quality_update':
      change({ quality_score: { score: event.value.new_quality_score } });
      return;
    case 'template_category_update': {
      const { new_category: category, previous_category: previous } = event.value;
      // The notice of a future change has no previous category.
      if (previous !== undefined) change({ category });
      return;
    }
    case 'message_template_components_update':
      account.invalidate();
  }
}
