import { optionalText, type WabaCall } from './call.js';
import { pageOf, pickFields } from './listing.js';
import { describeNumber, numberFields, usualNumberFields } from './phone-numbers.js';

type Answer = Readonly<Record<string, unknown>>;

/** `GET /{waba-id}/subscribed_apps`. */
export function listSubscribedApps({ waba }: WabaCall): Answer {
  return {
    data: [...waba.subscribedAppIds].map((id) => ({
      whatsapp_business_api_data: { id, link: `https://www.facebook.com/games/?app_id=${id}`, name: 'Fake app' },
    })),
  };
}

/** `POST /{waba-id}/subscribed_apps`: subscribes the app of the token. */
export function subscribeApp({ waba, token }: WabaCall): Answer {
  waba.subscribedAppIds.add(token.appId);
  return { success: true };
}

/** `DELETE /{waba-id}/subscribed_apps`. */
export function unsubscribeApp({ waba, token }: WabaCall): Answer {
  waba.subscribedAppIds.delete(token.appId);
  return { success: true };
}

/** `GET /{waba-id}/phone_numbers`. */
export function listPhoneNumbers(call: WabaCall): Answer {
  const numbers = [...call.state.world.numbers.values()].filter(({ wabaId, api }) => wabaId === call.waba.id && api !== 'unlinked');
  return pageOf(
    call,
    numbers.map((number) => pickFields(call, 'WhatsAppBusinessPhoneNumber', describeNumber(number), usualNumberFields, numberFields)),
  );
}

const templateFields: ReadonlySet<string> = new Set([
  'id',
  'name',
  'language',
  'status',
  'category',
  'components',
  'parameter_format',
  'quality_score',
  'rejected_reason',
  'previous_category',
  'sub_category',
  'last_updated_time',
]);

/** `GET /{waba-id}/message_templates`. */
export function listTemplates(call: WabaCall): Answer {
  const filters = ['name', 'language', 'status', 'category'] as const;
  const wanted = filters.map((name) => [name, optionalText(call, name)] as const);
  const templates = [...call.waba.templates.values()].filter((template) =>
    wanted.every(([name, value]) => value === undefined || (name === 'name' ? template.name.includes(value) : template[name] === value)),
  );
  return pageOf(
    call,
    templates.map(({ body, ...template }) =>
      pickFields(
        call,
        'WhatsAppMessageTemplate',
        { ...template, parameter_format: /\{\{[a-z_]/.test(body) ? 'NAMED' : 'POSITIONAL', components: [{ type: 'BODY', text: body }] },
        ['name', 'parameter_format', 'components', 'language', 'status', 'category'],
        templateFields,
      ),
    ),
  );
}
