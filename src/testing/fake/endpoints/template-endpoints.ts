import { makeTemplate } from '../build-world.js';
import { invalidParameter, refuse, refuseWithWords } from '../refusal.js';
import { createTemplateLifecycle, referenceTo } from '../template-lifecycle.js';
import { bodyTextOf, buttonsOf, componentOf } from '../template-content.js';
import { checkComponents } from '../templates/check-components.js';
import type { Answer, Template } from '../entities.js';
import { listOf, optionalText, recordsOf, requiredText, storable, success, type Routes, type TemplateCall, type WabaCall } from './call.js';
import { pageOf, pickFields } from './listing.js';

const hourMs = 60 * 60 * 1_000;
/** Source: Meta, Templates (2025): creations an hour, edits of an approved one, names and texts. */
const mostCreations = 100;
const mostEditsInDay = 1;
const mostEditsInMonth = 10;
/** Templates of a verified business. */
const mostTemplates = 6_000;

export const templateFields: ReadonlySet<string> = new Set([
  'id',
  'name',
  'language',
  'status',
  'category',
  'sub_category',
  'previous_category',
  'correct_category',
  'components',
  'parameter_format',
  'rejected_reason',
  'quality_score',
  'message_send_ttl_seconds',
  'health_status',
  'library_template_name',
  'last_updated_time',
  'cta_url_link_tracking_opted_out',
  'source',
  'degrees_of_freedom_spec',
  'display_format',
  'is_primary_device_delivery_only',
  'specific_rejection_reason',
  'allow_category_change',
  'creative_sources',
  'library_template_button_inputs',
  'library_template_body_inputs',
  'is_template_group_enabled',
]);
const usualFields = ['name', 'parameter_format', 'components', 'language', 'status', 'category'] as const;

/** `/{waba-id}/message_templates` and what works on many of them. */
export const templateRoutes: Routes<WabaCall> = {
  'GET message_templates'(call) {
    const { waba } = call;
    const templates = [...waba.templates.values()].filter(isWanted(call));
    return pageOf(
      call,
      templates.map((template) => pickFields(call, 'WhatsAppMessageTemplate', describeTemplate(template), usualFields, templateFields)),
      { message_template_count: waba.templates.size, message_template_limit: mostTemplates, are_translations_complete: true },
    );
  },
  'POST message_templates'(call) {
    const template = createTemplate(call, requiredText(call, 'language'));
    return { id: template.id, status: template.status, category: template.category };
  },
  'DELETE message_templates'(call) {
    const { waba, state } = call;
    const ids = listOf(call, 'hsm_ids').map(String);
    const hsmId = optionalText(call, 'hsm_id');
    const name = ids.length > 0 ? undefined : requiredText(call, 'name');
    const doomed = [...waba.templates.values()].filter((template) =>
      ids.length > 0 ? ids.includes(template.id) : template.name === name && (hsmId === undefined || template.id === hsmId),
    );
    if (doomed.length === 0) {
      const words = name === undefined ? 'The message template' : `The message template ${name}`;
      throw refuseWithWords(2593002, 'Message Template Not Found', `${words} wasn't found for this account.`);
    }
    if (doomed.some(({ status }) => status === 'DISABLED'))
      throw refuseWithWords(2388039, 'Not allowed', 'A disabled template cannot be deleted.');
    for (const template of doomed) {
      createTemplateLifecycle(state).setStatus(template, 'DELETED', { reason: 'NONE' });
      waba.templates.delete(template.id);
    }
    return success;
  },
  'POST upsert_message_templates'(call) {
    if (call.fields.category !== 'AUTHENTICATION')
      throw invalidParameter('Only authentication templates can be created in several languages in one request.');
    const name = requiredText(call, 'name');
    const data = listOf(call, 'languages').map((language) => {
      const known = [...call.waba.templates.values()].find((other) => other.name === name && other.language === language);
      if (known) known.components = recordsOf(listOf(call, 'components'));
      const template = known ?? createTemplate(call, String(language));
      return { id: template.id, status: template.status, language: template.language };
    });
    return { data };
  },
  'POST message_templates/archive': (call) => {
    const { done, failed } = moveTemplates(call, 'ARCHIVED');
    return { archived_templates: done, failed_templates: failed };
  },
  'POST message_templates/unarchive': (call) => {
    const { done, failed } = moveTemplates(call, 'UNARCHIVED');
    return { unarchived_templates: done, failed_templates: failed };
  },
  'POST migrate_message_templates'(call) {
    const { world } = call.state;
    const source = world.wabas.get(requiredText(call, 'source_waba_id'));
    if (!source || (call.token.wabaIds && !call.token.wabaIds.has(source.id))) throw invalidParameter('The source account does not exist.');
    const wanted = listOf(call, 'template_ids').map(String);
    const migrated: string[] = [];
    const failed: Record<string, string> = {};
    for (const template of source.templates.values()) {
      if (wanted.length > 0 && !wanted.includes(template.id)) continue;
      const isTaken = [...call.waba.templates.values()].some(
        ({ name, language }) => name === template.name && language === template.language,
      );
      if (isTaken) failed[template.id] = 'A template of this name and language exists already.';
      else {
        const copy = makeTemplate(world, call.waba, { ...template, id: world.ids.graphId() });
        migrated.push(copy.id);
      }
    }
    return { migrated_templates: migrated, failed_templates: failed };
  },
};

/** `/{template-id}`. */
export const templateNodeRoutes: Routes<TemplateCall> = {
  'GET ': (call) => pickFields(call, 'WhatsAppMessageTemplate', describeTemplate(call.template), ['id', ...usualFields], templateFields),
  'POST '(call) {
    const { template, state } = call;
    const { world, webhooks } = state;
    const { components, category, ...more } = storable(call);
    if (!['APPROVED', 'REJECTED', 'PAUSED'].includes(template.status)) {
      throw refuseWithWords(2388039, 'Not editable', 'Only approved, rejected and paused templates can be edited.');
    }
    if (category !== undefined && category !== template.category && template.status === 'APPROVED') {
      throw refuseWithWords(2388039, 'Not editable', 'The category of an approved template is fixed.');
    }
    if (template.status === 'APPROVED') countEdit(template, world.now());
    if (components !== undefined) {
      const next = recordsOf(listOf(call, 'components'));
      checkComponents(next);
      template.components = next;
      webhooks.emitEvent(call.waba, 'message_template_components_update', {
        value: { ...referenceTo(template), ...elementsOf(next) },
      });
    }
    if (typeof category === 'string') template.category = category;
    template.more = { ...template.more, ...more };
    createTemplateLifecycle(state).submit(template);
    return success;
  },
  'POST unpause'(call) {
    if (call.template.status !== 'PAUSED') return { success: false, reason: 'The template is not paused.' };
    createTemplateLifecycle(call.state).unpause(call.template.id);
    return success;
  },
  'GET compare'(call) {
    const [otherId] = listOf(call, 'template_ids').map(String);
    const other = otherId === undefined ? undefined : call.waba.templates.get(otherId);
    if (!other) throw invalidParameter('Param template_ids must hold one template of the same account.');
    const sends = ({ id }: Template): number =>
      [...call.state.world.messages.values()].filter(({ templateId }) => templateId === id).length;
    const ids = [call.template.id, other.id];
    return {
      data: [
        { metric: 'BLOCK_RATE', type: 'RELATIVE', order_by_relative_metric: ids },
        {
          metric: 'MESSAGE_SENDS',
          type: 'NUMBER_VALUES',
          number_values: [call.template, other].map((one) => ({ key: one.id, value: sends(one) })),
        },
        { metric: 'TOP_BLOCK_REASON', type: 'STRING_VALUES', string_values: ids.map((key) => ({ key, value: 'UNKNOWN_BLOCK_REASON' })) },
      ],
    };
  },
};

/** A template as Graph describes it. */
export function describeTemplate(template: Template): Answer {
  const { more, quality, parameterFormat, rejectedReason, previousCategory, updatedAtMs } = template;
  return {
    ...more,
    id: template.id,
    name: template.name,
    language: template.language,
    status: template.status,
    category: template.category,
    previous_category: previousCategory,
    components: template.components,
    parameter_format: parameterFormat,
    rejected_reason: rejectedReason,
    quality_score: { score: quality, date: Math.floor(updatedAtMs / 1_000) },
    last_updated_time: new Date(updatedAtMs).toISOString().replace(/\.\d+Z$/, '+0000'),
    health_status: {
      can_send_message: template.status === 'APPROVED' ? 'AVAILABLE' : 'BLOCKED',
      entities: [
        { entity_type: 'MESSAGE_TEMPLATE', id: template.id, can_send_message: template.status === 'APPROVED' ? 'AVAILABLE' : 'BLOCKED' },
      ],
    },
  };
}

function createTemplate(call: WabaCall, language: string): Template {
  const { waba, state } = call;
  const { world } = state;
  const name = requiredText(call, 'name');
  if (!/^[a-z0-9_]{1,512}$/.test(name)) throw invalidParameter('Param name can only contain lower-case letters, digits and underscores.');
  const category = requiredText(call, 'category');
  const recent = waba.templateCreationsAtMs.filter((atMs) => atMs > world.now() - hourMs);
  if (recent.length >= mostCreations) throw refuse(80007, 'Too many templates were created within an hour.');
  const {
    name: _name,
    language: _language,
    category: _category,
    components: _components,
    parameter_format: format,
    ...more
  } = storable(call);
  const components = recordsOf(listOf(call, 'components'));
  if (more.library_template_name === undefined) checkComponents(components);
  if ([...waba.templates.values()].some((other) => other.name === name && other.language === language)) {
    throw refuseWithWords(2388024, 'Content in this language already exists', `There is already ${language} content for this template.`);
  }
  waba.templateCreationsAtMs.push(world.now());
  const template = makeTemplate(world, waba, {
    name,
    language,
    category,
    components,
    parameterFormat: typeof format === 'string' ? format.toUpperCase() : 'POSITIONAL',
    more: Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'languages')),
  });
  createTemplateLifecycle(state).submit(template);
  return template;
}

/** What a webhook says of the components of an edited template. */
function elementsOf(components: readonly Answer[]): Answer {
  const textOf = (type: string): unknown => componentOf(components, type)?.text;
  const header = textOf('HEADER');
  const footer = textOf('FOOTER');
  const buttons = buttonsOf(components).map(({ type, text, url, phone_number: phoneNumber }) => ({
    message_template_button_type: type,
    message_template_button_text: text,
    ...(url !== undefined && { message_template_button_url: url }),
    ...(phoneNumber !== undefined && { message_template_button_phone_number: phoneNumber }),
  }));
  return {
    ...(header !== undefined && { message_template_title: header }),
    message_template_element: bodyTextOf(components),
    ...(footer !== undefined && { message_template_footer: footer }),
    ...(buttons.length > 0 && { message_template_buttons: buttons }),
  };
}

/** An approved template can be edited once a day and ten times in 30 days. @throws `Refusal` */
function countEdit(template: Template, nowMs: number): void {
  const within = (hours: number): number => template.editsAtMs.filter((atMs) => atMs > nowMs - hours * hourMs).length;
  if (within(24) >= mostEditsInDay || within(30 * 24) >= mostEditsInMonth)
    throw refuseWithWords(2388039, 'Not editable', 'An approved template can be edited once a day and ten times in 30 days.');
  template.editsAtMs.push(nowMs);
}

function isWanted(call: WabaCall): (template: Template) => boolean {
  const lists = (['status', 'category', 'language'] as const).map((field) => [field, listOf(call, field)] as const);
  const qualities = listOf(call, 'quality_score');
  const [name, content, either] = (['name', 'content', 'name_or_content'] as const).map((field) => optionalText(call, field));
  return (template) => {
    const text = JSON.stringify(template.components);
    return (
      lists.every(([field, wanted]) => wanted.length === 0 || wanted.includes(template[field])) &&
      (name === undefined || template.name.includes(name)) &&
      (content === undefined || text.includes(content)) &&
      (either === undefined || template.name.includes(either) || text.includes(either)) &&
      (qualities.length === 0 || qualities.includes(template.quality))
    );
  };
}

function moveTemplates(call: WabaCall, event: 'ARCHIVED' | 'UNARCHIVED') {
  const done: string[] = [];
  const failed: Record<string, string> = {};
  for (const id of listOf(call, 'hsm_ids').map(String)) {
    const template = call.waba.templates.get(id);
    const isReady = event === 'ARCHIVED' ? template?.status === 'APPROVED' : template?.status === 'ARCHIVED';
    if (template && isReady) {
      createTemplateLifecycle(call.state).setStatus(template, event, { reason: 'NONE' });
      done.push(id);
    } else failed[id] = 'The template is not in the right state.';
  }
  return { done, failed };
}
