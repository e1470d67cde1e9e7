import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import type { FakeState } from './fake-state.js';
import type { FakeTemplate } from './fake-template.js';
import { findTemplate, referenceTo, type TemplateLifecycle } from './template-lifecycle.js';
import type { Template } from './entities.js';

/** What Meta can do to one template. */
export function createTemplateHandle(state: FakeState, lifecycle: TemplateLifecycle, templateId: string): FakeTemplate {
  const { world, webhooks, agenda } = state;
  const current = (): Template => {
    const template = findTemplate(world, templateId);
    if (!template) throw new InvalidArgumentError('fake.template', 'templateId', `names no template of this fake: ${templateId}`);
    return template;
  };
  const wabaOf = (template: Template) => {
    const waba = world.wabas.get(template.wabaId);
    if (!waba) throw new InvalidArgumentError('fake.template', 'wabaId', `names no WABA of this fake: ${template.wabaId}`);
    return waba;
  };
  const set = (event: string, reason = 'NONE'): void => {
    agenda.callOff('review-template', templateId);
    lifecycle.setStatus(current(), event, { reason });
  };
  const { name, language, wabaId } = current();
  return {
    id: templateId,
    wabaId,
    name,
    language,
    get status() {
      return current().status;
    },
    get category() {
      return current().category;
    },
    get components() {
      return current().components;
    },
    approve() {
      set('APPROVED');
    },
    reject(reason = 'INVALID_FORMAT') {
      current().rejectedReason = reason;
      set('REJECTED', reason);
    },
    pause() {
      lifecycle.pause(current());
    },
    disable() {
      set('DISABLED');
    },
    rate(quality) {
      const template = current();
      const previous = template.quality;
      template.quality = quality;
      webhooks.emitEvent(wabaOf(template), 'message_template_quality_update', {
        value: { ...referenceTo(template), previous_quality_score: previous, new_quality_score: quality },
      });
    },
    recategorise(category) {
      const template = current();
      template.previousCategory = template.category;
      template.category = category;
      webhooks.emitEvent(wabaOf(template), 'template_category_update', {
        value: { ...referenceTo(template), previous_category: template.previousCategory, new_category: category },
      });
    },
  };
}
