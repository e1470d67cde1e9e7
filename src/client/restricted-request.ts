import type { CoexistenceEndpoint } from '../policy/endpoints.js';
import type { ApiFeature } from '../policy/api-features.js';
import type { Client, GraphRequest } from './client.js';
import type { RequestRestriction } from './coexistence-numbers.js';
import { rejectEndpoint, rejectFeature } from './non-coexistence-client.js';

/** The policy subject of a request, and its phone number. */
type Subject = { readonly phoneNumberId?: string | undefined } & (
  { readonly endpoint: CoexistenceEndpoint } | { readonly feature: ApiFeature }
);

/**
 * Finds the rule that a request breaks by its method and path, so that raw requests ({@link Client.request}) obey the
 * same policy as actions. It doesn't check messages, and it can't recognize a template or a group by its ID only: their
 * actions check the policy themselves.
 *
 * @throws `RestrictedFeatureError` if the client was created with `coexistence: true` and the policy rejects the
 * request.
 */
export function restrictionOf(client: Client, request: GraphRequest): RequestRestriction | undefined {
  const subject = subjectOf(request, client.target.phoneNumberId);
  if (!subject) return undefined;
  return 'endpoint' in subject
    ? rejectEndpoint(client, subject.endpoint, subject.phoneNumberId)
    : rejectFeature(client, subject.feature, subject.phoneNumberId);
}

function subjectOf(request: GraphRequest, ownPhoneNumberId: string | undefined): Subject | undefined {
  const { method } = request;
  const [phoneNumberId, edge] = request.path.filter((segment) => segment !== '');
  if (edge === undefined) {
    if (method === 'POST' && hasParameter(request, 'pin')) return { endpoint: 'set-two-step-pin', phoneNumberId };
    // Media, flows and groups are also deleted by their ID.
    if (method === 'DELETE' && phoneNumberId === ownPhoneNumberId) return { endpoint: 'delete-phone-number', phoneNumberId };
    return undefined;
  }
  if (edge === 'settings') {
    return method === 'POST' && hasParameter(request, 'calling') ? { feature: 'calling-api', phoneNumberId } : undefined;
  }
  const ofNumber = numberEdges.get(`${method} ${edge}`);
  return ofNumber ? { ...ofNumber, phoneNumberId } : otherEdges.get(`${method} ${edge}`);
}

const endpoint = (name: CoexistenceEndpoint): Subject => ({ endpoint: name });
const groups: Subject = { feature: 'groups-api' };
const calls: Subject = { feature: 'calling-api' };

/** Edges of a phone number. The path contains the number. */
const numberEdges: ReadonlyMap<string, Subject> = /* @__PURE__ */ new Map([
  ['POST register', endpoint('register-phone-number')],
  ['POST deregister', endpoint('deregister-phone-number')],
  ['POST request_code', endpoint('request-verification-code')],
  ['POST verify_code', endpoint('verify-code')],
  ['POST whatsapp_business_profile', endpoint('update-business-profile')],
  ['POST official_business_account', endpoint('request-official-business-account')],
  ['POST smb_app_data', endpoint('request-app-data-sync')],
  ['GET block_users', endpoint('block-users')],
  ['POST block_users', endpoint('block-users')],
  ['DELETE block_users', endpoint('block-users')],
  ['POST calls', calls],
  ['GET call_permissions', calls],
  ['GET groups', groups],
  ['POST groups', groups],
]);

/** Edges of a WABA, a template or a group. The client's own number decides. */
const otherEdges: ReadonlyMap<string, Subject> = /* @__PURE__ */ new Map([
  ['POST phone_numbers', endpoint('add-phone-number')],
  ['POST message_templates', endpoint('manage-templates')],
  ['DELETE message_templates', endpoint('manage-templates')],
  ['POST upsert_message_templates', endpoint('manage-templates')],
  ['POST migrate_message_templates', endpoint('manage-templates')],
  ['POST unpause', endpoint('manage-templates')],
  ...['invite_link', 'join_requests', 'participants'].flatMap((edge) =>
    ['GET', 'POST', 'DELETE'].map((method): [string, Subject] => [`${method} ${edge}`, groups]),
  ),
]);

function hasParameter({ query, body }: GraphRequest, name: string): boolean {
  if (query?.[name] !== undefined) return true;
  if (body instanceof FormData || body instanceof URLSearchParams) return body.has(name);
  return body !== undefined && name in body;
}
