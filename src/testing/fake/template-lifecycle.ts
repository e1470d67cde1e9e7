import { soonMs, type FakeState } from './fake-state.js';
import { bodyOf, bodyTextOf } from './template-content.js';
import type { Template } from './entities.js';
import type { World } from './world.js';

const hourMs = 60 * 60 * 1_000;
/** The first pause and the second; the third time a template is disabled. Source: Meta, Template pausing (2025). */
const pausesMs = [3 * hourMs, 6 * hourMs] as const;

/** Actions of Meta on templates. */
export interface TemplateLifecycle {
  /** A template was created or edited and is looked at. */
  submit(template: Template): void;
  /** Meta has looked at it. */
  review(templateId: string): void;
  /** Sets a status and sends its webhook. */
  setStatus(template: Template, event: string, more?: Readonly<Record<string, unknown>>): void;
  /** Pauses it for its quality; the third time it is disabled. */
  pause(template: Template): void;
  /** The pause is over. */
  unpause(templateId: string): void;
}

/** Makes the rules of templates. */
export function createTemplateLifecycle({ world, webhooks, agenda }: FakeState): TemplateLifecycle {
  const lifecycle: TemplateLifecycle = {
    submit(template) {
      template.status = 'PENDING';
      agenda.callOff('review-template', template.id);
      agenda.plan({ kind: 'review-template', id: template.id }, Math.max(soonMs, world.templateReviewMs));
    },
    review(templateId) {
      const template = findTemplate(world, templateId);
      if (template?.status !== 'PENDING') return;
      const problem = problemOf(template);
      if (problem === undefined) lifecycle.setStatus(template, 'APPROVED', { reason: 'NONE' });
      else {
        template.rejectedReason = problem;
        lifecycle.setStatus(template, 'REJECTED', { reason: problem });
      }
    },
    setStatus(template, event, more = {}) {
      template.status = event === 'UNARCHIVED' || event === 'REINSTATED' ? 'APPROVED' : event;
      template.updatedAtMs = world.now();
      world.changed('template', template.id);
      const waba = world.wabas.get(template.wabaId);
      if (!waba) return;
      webhooks.emitEvent(waba, 'message_template_status_update', {
        value: { ...referenceTo(template), event, message_template_category: template.category, ...more },
      });
    },
    pause(template) {
      template.pauses += 1;
      const pauseMs = pausesMs[template.pauses - 1];
      const title = pauseMs === undefined ? 'DISABLED' : template.pauses === 1 ? 'FIRST_PAUSE' : 'SECOND_PAUSE';
      const more = { reason: 'NONE', other_info: { title, description: 'Recipients gave the template a low rating.' } };
      lifecycle.setStatus(template, pauseMs === undefined ? 'DISABLED' : 'PAUSED', more);
      if (pauseMs !== undefined) agenda.plan({ kind: 'unpause-template', id: template.id }, pauseMs);
    },
    unpause(templateId) {
      const template = findTemplate(world, templateId);
      if (template?.status !== 'PAUSED') return;
      agenda.callOff('unpause-template', templateId);
      const more = { reason: 'NONE', other_info: { title: 'UNPAUSE', description: 'The pause is over.' } };
      lifecycle.setStatus(template, 'APPROVED', more);
    },
  };
  return lifecycle;
}

/** Returns a template by ID, in any WABA. */
export function findTemplate(world: World, templateId: string): Template | undefined {
  for (const { templates } of world.wabas.values()) {
    const template = templates.get(templateId);
    if (template) return template;
  }
  return undefined;
}

/** How webhooks name a template: the id is a number there. */
export function referenceTo({ id, name, language }: Template): {
  readonly message_template_id: number;
  readonly message_template_name: string;
  readonly message_template_language: string;
} {
  return { message_template_id: Number(id), message_template_name: name, message_template_language: language };
}

/** Why Meta rejects it: variables need samples. */
function problemOf(template: Template): string | undefined {
  const hasVariables = bodyTextOf(template.components).includes('{{');
  return hasVariables && bodyOf(template.components)?.example === undefined && template.category !== 'AUTHENTICATION'
    ? 'INVALID_FORMAT'
    : undefined;
}
