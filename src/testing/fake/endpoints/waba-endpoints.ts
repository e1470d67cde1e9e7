import { isRecord } from '../../../runtime/json.js';
import { analyticsOf } from './analytics-endpoints.js';
import { invalidParameter } from '../refusal.js';
import type { Answer, Waba } from '../entities.js';
import type { World } from '../world.js';
import { listOf, optionalText, requiredText, storable, success, type AuthorizedCall, type Routes, type WabaCall } from './call.js';
import { overrideOf } from './callback-override.js';
import { fieldsOf, pageOf, pickFields } from './listing.js';

const nodeType = 'WhatsAppBusinessAccount';
export const wabaFields: ReadonlySet<string> = new Set([
  'id',
  'name',
  'currency',
  'country',
  'timezone_id',
  'message_template_namespace',
  'status',
  'account_review_status',
  'business_verification_status',
  'ownership_type',
  'owner_business_info',
  'on_behalf_of_business_info',
  'primary_business_location',
  'primary_funding_id',
  'purchase_order_number',
  'is_enabled_for_insights',
  'health_status',
  'marketing_messages_lite_api_status',
  'marketing_messages_onboarding_status',
  'disable_marketing_messages_on_cloud_api',
  'whatsapp_business_manager_messaging_limit',
  'analytics',
  'conversation_analytics',
  'pricing_analytics',
]);
const usualFields = ['id', 'name', 'timezone_id', 'message_template_namespace'] as const;
/** What `POST /{waba-id}` takes. */
const settable: ReadonlySet<string> = new Set([
  'name',
  'timezone_id',
  'is_enabled_for_insights',
  'disable_marketing_messages_on_cloud_api',
  'degrees_of_freedom_spec',
]);

/** `/{waba-id}` itself, its apps and its people. */
export const wabaRoutes: Routes<WabaCall> = {
  'GET '(call) {
    const asked = fieldsOf(call);
    const analytics = Object.fromEntries(
      asked.flatMap((field) => {
        const value = analyticsOf(call, field);
        return value ? [[field.name, value]] : [];
      }),
    );
    return pickFields(call, nodeType, { ...describeWaba(call.state.world, call.waba), ...analytics }, usualFields, wabaFields);
  },
  'POST '(call) {
    const change = storable(call);
    const [unknown] = Object.keys(change).filter((name) => !settable.has(name));
    if (unknown !== undefined || Object.keys(change).length === 0) throw invalidParameter(`Param ${String(unknown)} cannot be set.`);
    const { name = call.waba.name, ...settings } = change;
    if (call.waba.settings.is_enabled_for_insights === true && settings.is_enabled_for_insights === false) {
      throw invalidParameter('Template insights cannot be switched off again.');
    }
    call.waba.name = String(name);
    call.waba.settings = { ...call.waba.settings, ...settings };
    return success;
  },
  'GET subscribed_apps': ({ waba }) => ({
    data: [...waba.subscribedAppIds].map((id) => ({
      whatsapp_business_api_data: { id, link: `https://www.facebook.com/games/?app_id=${id}`, name: 'Fake app' },
      ...(waba.override && { override_callback_uri: waba.override.callbackUrl }),
    })),
  }),
  async 'POST subscribed_apps'(call) {
    // Without an override this takes an earlier one away.
    call.waba.override = await overrideOf(call, call.waba, call.fields);
    call.waba.subscribedAppIds.add(call.token.appId);
    return success;
  },
  'DELETE subscribed_apps'({ waba, token }) {
    waba.subscribedAppIds.delete(token.appId);
    waba.override = undefined;
    return success;
  },
  'GET assigned_users'(call) {
    const business = requiredText(call, 'business');
    return pageOf(
      call,
      [...call.waba.assignedUsers].map(([id, tasks]) => ({
        id,
        name: `User ${id.slice(-4)}`,
        business: { id: business, name: call.waba.name },
        user_type: 'SYSTEM_USER',
        tasks,
      })),
    );
  },
  'POST assigned_users'(call) {
    const tasks = listOf(call, 'tasks').map(String);
    if (tasks.length === 0) throw invalidParameter('The parameter tasks is required.');
    call.waba.assignedUsers.set(requiredUser(call), tasks);
    return success;
  },
  'DELETE assigned_users'(call) {
    call.waba.assignedUsers.delete(requiredUser(call));
    return success;
  },
};

/** `GET /{business-id}/owned_whatsapp_business_accounts` and `/client_…`: those of a portfolio that the token can access. */
export function listWabas(call: AuthorizedCall, businessId: string, ownership: 'SELF' | 'CLIENT_OWNED'): Answer {
  const { world } = call.state;
  const wanted = optionalText(call, 'find');
  const wabas = [...world.wabas.values()].filter(
    (waba) =>
      waba.businessId === businessId &&
      ownershipOf(world, waba) === ownership &&
      (call.token.wabaIds?.has(waba.id) ?? true) &&
      (wanted === undefined || waba.id === wanted),
  );
  return pageOf(
    call,
    wabas.map((waba) => pickFields(call, nodeType, describeWaba(world, waba), usualFields, wabaFields)),
  );
}

/** Coexistence numbers belong to a client of the partner. An account without them is the own one. */
function ownershipOf(world: World, { id }: Waba): 'SELF' | 'CLIENT_OWNED' {
  return [...world.numbers.values()].some(({ wabaId, isOnBizApp }) => wabaId === id && isOnBizApp) ? 'CLIENT_OWNED' : 'SELF';
}

function requiredUser(call: WabaCall): string {
  return requiredText(call, 'user');
}

function describeWaba(world: World, waba: Waba): Answer {
  const canSend = [...world.numbers.values()].some(({ wabaId, api }) => wabaId === waba.id && api === 'linked') ? 'AVAILABLE' : 'BLOCKED';
  return {
    id: waba.id,
    name: waba.name,
    currency: 'USD',
    country: 'US',
    timezone_id: '1',
    message_template_namespace: `${waba.id.padStart(32, '0').slice(0, 8)}_fake`,
    status: 'ACTIVE',
    account_review_status: 'APPROVED',
    business_verification_status: 'verified',
    ownership_type: ownershipOf(world, waba),
    owner_business_info: { id: waba.businessId, name: waba.name },
    primary_business_location: 'US',
    is_enabled_for_insights: false,
    health_status: { can_send_message: canSend, entities: [{ entity_type: 'WABA', id: waba.id, can_send_message: canSend }] },
    marketing_messages_lite_api_status: 'ONBOARDED',
    marketing_messages_onboarding_status: 'ONBOARDED',
    disable_marketing_messages_on_cloud_api: false,
    whatsapp_business_manager_messaging_limit: 'TIER_2K',
    ...(isRecord(waba.settings) && waba.settings),
  };
}
