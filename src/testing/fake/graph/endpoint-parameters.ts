import { messageParameters } from './message-parameters.js';
import { flag, json, listOf, number, object, oneOf, text, type Parameters } from './parameter.js';

/** Parameters of every request. */
const common: Parameters = {
  access_token: text,
  fields: text,
  limit: number,
  after: text,
  before: text,
  summary: text,
  messaging_product: oneOf('whatsapp'),
};

const product = oneOf('whatsapp');
const override: Parameters = { override_callback_uri: text, verify_token: text };
const statuses = [
  'APPROVED',
  'PENDING',
  'REJECTED',
  'PAUSED',
  'DISABLED',
  'IN_APPEAL',
  'PENDING_DELETION',
  'DELETED',
  'LIMIT_EXCEEDED',
  'ARCHIVED',
] as const;
const category = oneOf('MARKETING', 'UTILITY', 'AUTHENTICATION');
const templateComponent = object({ type: text, format: text, text, example: json, buttons: listOf(json), cards: listOf(json) });
const template: Parameters = {
  name: text,
  language: text,
  category,
  components: listOf(templateComponent),
  parameter_format: oneOf('POSITIONAL', 'NAMED'),
  allow_category_change: flag,
  message_send_ttl_seconds: number,
  cta_url_link_tracking_opted_out: flag,
  is_primary_device_delivery_only: flag,
  library_template_name: text,
  sub_category: text,
  display_format: text,
};
const flow: Parameters = {
  name: text,
  categories: listOf(text),
  endpoint_uri: text,
  application_id: text,
  clone_flow_id: text,
  flow_json: text,
  publish: flag,
};
const users = listOf(object({ user: text, user_id: text }));
const call: Parameters = {
  messaging_product: product,
  to: text,
  recipient: text,
  call_id: text,
  action: oneOf('connect', 'pre_accept', 'accept', 'reject', 'terminate'),
  session: object({ sdp_type: text, sdp: text }),
  biz_opaque_callback_data: text,
};
/** Source: Meta, Business profiles (OpenAPI v23), and captured responses for `NOT_A_BIZ`. */
const verticals = [
  'OTHER AUTO BEAUTY APPAREL EDU ENTERTAIN EVENT_PLAN FINANCE GROCERY GOVT HOTEL HEALTH NONPROFIT PROF_SERVICES RETAIL TRAVEL RESTAURANT',
  'ALCOHOL ONLINE_GAMBLING PHYSICAL_GAMBLING OTC_DRUGS MATRIMONY_SERVICE NOT_A_BIZ UNDEFINED',
].flatMap((names) => names.split(' '));
const profile: Parameters = {
  about: text,
  address: text,
  description: text,
  email: text,
  vertical: oneOf(...verticals, ''),
  websites: listOf(text),
  profile_picture_handle: text,
};
const group: Parameters = { subject: text, description: text, join_approval_mode: text };
const schedule: Parameters = { name: text, description: text, days_of_week: listOf(text), is_active: flag, recurrence_pattern: json };
const signup: Parameters = {
  signup_message: text,
  confirmation_message: text,
  privacy_policy_url: text,
  website_url: text,
  promo_code: text,
  display_name: text,
  status: oneOf('ACTIVE', 'DISABLED'),
};

/** What each endpoint takes, by method and the path behind the ID of the node. */
const parametersOfEdges: Readonly<Record<string, Parameters>> = {
  'POST messages': messageParameters,
  'POST marketing_messages': messageParameters,
  'POST messages_encrypted': { encrypted_contents: text },
  'POST register': { pin: text, data_localization_region: text },
  'POST request_code': { code_method: oneOf('SMS', 'VOICE'), language: text },
  'POST verify_code': { code: text },
  'POST smb_app_data': { sync_type: oneOf('smb_app_state_sync', 'history') },
  'POST whatsapp_business_profile': profile,
  'POST message_qrdls': { code: text, prefilled_message: text, generate_qr_image: oneOf('PNG', 'SVG') },
  'POST message_qrdls/*': { prefilled_message: text },
  'GET message_qrdls': { code: text },
  'POST block_users': { block_users: users },
  'DELETE block_users': { block_users: users },
  'POST media': { type: text },
  'POST calls': call,
  'GET call_permissions': { user_wa_id: text, recipient: text },
  'POST settings': { calling: json, user_identity_change: json, storage_configuration: json, payload_encryption: json },
  'GET settings': { include_sip_credentials: flag },
  'POST conversational_automation': {
    enable_welcome_message: flag,
    prompts: json,
    commands: listOf(object({ command_name: text, command_description: text })),
  },
  'POST whatsapp_business_encryption': { business_public_key: text },
  'POST official_business_account': { business_website_url: text, primary_country_of_operation: text },
  'POST business_compliance_info': {
    entity_name: text,
    entity_type: text,
    grievance_officer_details: json,
    customer_care_details: json,
    is_registered: flag,
  },
  'POST whatsapp_commerce_settings': { is_cart_enabled: flag, is_catalog_visible: flag },
  'POST username': { username: text, transfer_action: oneOf('none', 'force_transfer') },
  'DELETE contact_book': { bsuid: text },
  'POST thread_control': {
    to: text,
    recipient: text,
    action: oneOf('pass', 'release', 'take'),
    control_pass: object({ target_role: text }),
    metadata: text,
  },
  'GET message_history': { message_id: text },
  'POST groups': group,
  'POST participants': { participants: users },
  'DELETE participants': { participants: users },
  'POST join_requests': { join_requests: listOf(text) },
  'DELETE join_requests': { join_requests: listOf(text) },
  'GET message_templates': {
    name: text,
    content: text,
    name_or_content: text,
    status: listOf(oneOf(...statuses)),
    category: listOf(category),
    language: listOf(text),
    quality_score: listOf(oneOf('GREEN', 'YELLOW', 'RED', 'UNKNOWN')),
    since: number,
    until: number,
  },
  'POST message_templates': template,
  'DELETE message_templates': { name: text, hsm_id: text, hsm_ids: listOf(text) },
  'POST upsert_message_templates': { ...template, languages: listOf(text) },
  'POST message_templates/archive': { hsm_ids: listOf(text) },
  'POST message_templates/unarchive': { hsm_ids: listOf(text) },
  'POST migrate_message_templates': { source_waba_id: text, template_ids: listOf(text), page_number: number },
  'GET message_template_previews': {
    category,
    languages: listOf(text),
    add_security_recommendation: flag,
    code_expiration_minutes: text,
    button_types: listOf(text),
  },
  'GET compare': { template_ids: listOf(text), start: number, end: number },
  'GET template_analytics': {
    start: number,
    end: number,
    granularity: oneOf('DAILY'),
    template_ids: listOf(text),
    metric_types: listOf(oneOf('SENT', 'DELIVERED', 'READ', 'REPLIED', 'CLICKED', 'COST')),
  },
  'POST flows': flow,
  'POST migrate_flows': { source_waba_id: text, source_flow_names: listOf(text) },
  'POST assets': { name: text, asset_type: oneOf('FLOW_JSON') },
  'POST phone_numbers': { cc: text, phone_number: text, verified_name: text, migrate_phone_number: flag },
  'POST subscribed_apps': override,
  'GET assigned_users': { business: text },
  'POST assigned_users': { user: text, tasks: listOf(text) },
  'DELETE assigned_users': { user: text },
  'POST schedules': schedule,
  'POST signups': signup,
  'POST product_catalogs': { catalog_id: text },
  'DELETE product_catalogs': { catalog_id: text },
  'POST subscriptions': { object: text, callback_url: text, verify_token: text, fields: listOf(text), include_values: flag },
  'DELETE subscriptions': { object: text, fields: listOf(text) },
  'POST uploads': { file_name: text, file_length: number, file_type: text },
  'POST whatsapp_business_solution': {
    owner_permissions: listOf(text),
    partner_app_id: text,
    partner_permissions: listOf(text),
    solution_name: text,
  },
  'GET whatsapp_business_solutions': { role: oneOf('OWNER', 'PARTNER') },
  'POST add_phone_numbers': { phone_number: text },
  'POST share_preverified_numbers': { preverified_id: text, partner_business_id: text },
  'POST onboard_partners_to_mm_lite': { solution_id: text },
  'POST accept': { partner_app_id: text },
  'POST reject': { request_type: oneOf('PARTNERSHIP_REQUEST', 'DEACTIVATION_REQUEST'), partner_app_id: text },
  'POST set_solution_migration_intent': { solution_id: text, migration_intent: text },
  'POST obo_mobility_intent': { solution_id: text, intent_type: text },
  'POST set_obo_mobility_intent': { waba_id: text, solution_id: text, client_mutation_id: text },
  'GET oauth/access_token': { client_id: text, client_secret: text, code: text, grant_type: text },
  'POST oauth/access_token': { client_id: text, client_secret: text, code: text, grant_type: text },
  'GET debug_token': { input_token: text },
  'GET message_template_library': { search: text, topic: text, usecase: text, language: text, category, name: text },
};

/** What `POST` takes at a node itself. */
const parametersOfNodes: Readonly<Record<string, Parameters>> = {
  number: {
    pin: text,
    new_display_name: text,
    search_visibility: oneOf('VISIBLE', 'NON_VISIBLE'),
    webhook_configuration: object(override),
  },
  waba: {
    name: text,
    timezone_id: text,
    is_enabled_for_insights: flag,
    disable_marketing_messages_on_cloud_api: flag,
    degrees_of_freedom_spec: json,
  },
  template,
  flow,
  group,
  profile,
  signup,
};

/** What an endpoint takes. `key` is the method and the path behind the node, such as `POST messages`. */
export function parametersOf(kind: string, key: string): Parameters {
  const own = key === 'POST ' ? parametersOfNodes[kind] : parametersOfEdges[key];
  return { ...common, ...own };
}
