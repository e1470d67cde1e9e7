import type { TemplateReference } from '../../webhooks/events/templates.js';
import type { Change, WebhookValue } from '../fake/webhook-values.js';
import type { Factories, ValueOf, ValueType } from './factories.js';
import type { SentValue } from './payload-overrides.js';
import type { PayloadPlace } from './place.js';
import { changeOf, sceneOf } from './scene.js';

/** Payloads about the WABA, its numbers, templates and flows: their values are Meta's objects and name no customer. */
export const accountFactories: Factories<
  | 'account.offboarded'
  | 'account.reconnected'
  | 'account.disconnected'
  | 'account.update'
  | 'account_alerts'
  | 'account_review_update'
  | 'account_settings_update'
  | 'business_capability_update'
  | 'business_status_update'
  | 'business_username_update'
  | 'consumer_profile'
  | 'flows'
  | 'message_echoes'
  | 'message_template_components_update'
  | 'message_template_quality_update'
  | 'message_template_status_update'
  | 'partner_solutions'
  | 'payment_configuration_update'
  | 'phone_number_name_update'
  | 'phone_number_quality_update'
  | 'phone_number_username_update'
  | 'security'
  | 'template_category_update'
  | 'template_correct_category_detection'
  | 'tracking_events'
  | 'unknown'
> = {
  'account.offboarded': (place) => changeOf(sceneOf(place), 'account_update', { event: 'ACCOUNT_OFFBOARDED' }),
  'account.reconnected': (place) => changeOf(sceneOf(place), 'account_update', { event: 'ACCOUNT_RECONNECTED' }),
  'account.disconnected'({ reason, initiatedBy = 'USER', phoneNumber, ...place }) {
    const scene = sceneOf(place);
    return changeOf(scene, 'account_update', {
      phone_number: phoneNumber ?? scene.number.waId,
      event: 'PARTNER_REMOVED',
      ...(reason !== undefined && { disconnection_info: { reason, initiated_by: initiatedBy } }),
    });
  },
  'account.update': ({ value, ...place }) =>
    changeOf(sceneOf(place), 'account_update', {
      event: 'ACCOUNT_RESTRICTION',
      ...(value?.event === undefined && { restriction_info: [{ restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING' }] }),
      ...value,
    }),
  account_alerts: (overrides) =>
    valueChange('account_alerts', overrides, {
      entity_type: 'BUSINESS',
      entity_id: businessId,
      alert_info: { alert_severity: 'INFORMATIONAL', alert_status: 'NONE', alert_type: 'OBA_APPROVED' },
    }),
  account_review_update: (overrides) => valueChange('account_review_update', overrides, { decision: 'APPROVED' }),
  account_settings_update(overrides) {
    const { number, timestamp } = sceneOf(overrides);
    const settings = { phone_number_id: number.id, calling: { status: 'ENABLED' } };
    const value = { messaging_product: 'whatsapp', timestamp, type: 'PHONE_NUMBER_SETTINGS', phone_number_settings: settings };
    return valueChange('account_settings_update', overrides, value);
  },
  business_capability_update: (overrides) =>
    valueChange('business_capability_update', overrides, {
      max_daily_conversations_per_business: 'TIER_2K',
      max_phone_numbers_per_business: 25,
    }),
  business_status_update: (overrides) => valueChange('business_status_update', overrides, undocumented),
  business_username_update: (overrides) =>
    changeOf(sceneOf(overrides), 'business_username_updates', {
      ...display(overrides),
      username: 'harbor.bakery',
      status: 'approved',
      ...overrides.value,
    }),
  consumer_profile: (overrides) => valueChange('consumer_profile', overrides, undocumented),
  flows: (overrides) =>
    valueChange('flows', overrides, {
      event: 'FLOW_STATUS_CHANGE',
      flow_id: '691200340056007',
      old_status: 'DRAFT',
      new_status: 'PUBLISHED',
    }),
  message_echoes: (overrides) => valueChange('message_echoes', overrides, undocumented),
  message_template_components_update: (overrides) =>
    valueChange('message_template_components_update', overrides, { ...template, message_template_element: 'Your order {{1}} is ready.' }),
  message_template_quality_update: (overrides) =>
    valueChange('message_template_quality_update', overrides, {
      ...template,
      previous_quality_score: 'GREEN',
      new_quality_score: 'YELLOW',
    }),
  message_template_status_update: (overrides) =>
    valueChange('message_template_status_update', overrides, { ...template, event: 'APPROVED', reason: 'NONE' }),
  partner_solutions: ({ value, ...place }) =>
    changeOf(
      sceneOf(place),
      'partner_solutions',
      { event: 'SOLUTION_CREATED', solution_id: '171500000000001', solution_status: 'INITIATED', ...value },
      // Meta puts the partner's portfolio there.
      '640064006400640',
    ),
  payment_configuration_update: (overrides) =>
    valueChange('payment_configuration_update', overrides, {
      configuration_name: 'main',
      provider_name: 'razorpay',
      provider_mid: 'acc_EXAMPLE',
      status: 'Active',
    }),
  phone_number_name_update: (overrides) =>
    valueChange('phone_number_name_update', overrides, {
      ...display(overrides),
      decision: 'APPROVED',
      requested_verified_name: 'Harbor Bakery',
    }),
  phone_number_quality_update: (overrides) =>
    valueChange('phone_number_quality_update', overrides, { ...display(overrides), event: 'THROUGHPUT_UPGRADE' }),
  phone_number_username_update: (overrides) =>
    valueChange('phone_number_username_update', overrides, {
      ...display(overrides),
      decision: 'APPROVED',
      requested_username: 'harbor.bakery',
    }),
  security: (overrides) => valueChange('security', overrides, { ...display(overrides), event: 'PIN_CHANGED', requester: '778800991122' }),
  template_category_update: (overrides) =>
    valueChange('template_category_update', overrides, { ...template, previous_category: 'UTILITY', new_category: 'MARKETING' }),
  template_correct_category_detection: (overrides) =>
    valueChange('template_correct_category_detection', overrides, { ...template, category: 'UTILITY', correct_category: 'MARKETING' }),
  tracking_events: (overrides) => valueChange('tracking_events', overrides, undocumented),
  unknown: ({ field = 'field_of_tomorrow', raw = undocumented, ...place }) => changeOf(sceneOf(place), field, raw),
};

const businessId = '778800991122334';
const template: SentValue<TemplateReference> = {
  message_template_id: 806300000000001,
  message_template_name: 'order_ready',
  message_template_language: 'en_US',
};
/** Stands for a value that Meta does not document. */
const undocumented: WebhookValue = { example: true };

/** The business number as most of these values have it. */
function display(place: PayloadPlace): { readonly display_phone_number: string } {
  return { display_phone_number: sceneOf(place).number.waId };
}

/** A change whose value is Meta's object. */
function valueChange<Type extends ValueType>(
  field: Type,
  overrides: PayloadPlace & { readonly value?: object },
  usual: ValueOf<Type>,
): Change {
  return changeOf(sceneOf(overrides), field, { ...usual, ...overrides.value });
}
