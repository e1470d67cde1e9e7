import type { Deliverer } from './deliverer.js';
import { debugToken, exchange } from './endpoints/access-tokens.js';
import { templateAnalyticsRoutes } from './endpoints/analytics.js';
import { appDataSyncRoutes } from './endpoints/app-data-sync.js';
import { listSubscriptions, subscribe, unsubscribe } from './endpoints/app-subscriptions.js';
import { blockUserRoutes } from './endpoints/block-users.js';
import { businessProfileRoutes } from './endpoints/business-profiles.js';
import type { AuthorizedCall, Call, FlowCall, GroupCall, NumberCall, Routes, TemplateCall, WabaCall } from './endpoints/call.js';
import { callRoutes } from './endpoints/calls.js';
import { flowNodeRoutes, flowRoutes } from './endpoints/flows.js';
import { groupNodeRoutes, groupRoutes } from './endpoints/groups.js';
import { mediaNode, mediaRoutes } from './endpoints/media.js';
import { listEvents, messageHistoryRoutes, messageWithHistory } from './endpoints/message-history.js';
import { messageRoutes } from './endpoints/messages.js';
import { numberSettingRoutes } from './endpoints/number-settings.js';
import { phoneNumberRoutes, phoneNumbersOfWaba } from './endpoints/phone-numbers.js';
import { qrCodeRoutes } from './endpoints/qr-codes.js';
import { registrationRoutes } from './endpoints/registration.js';
import { listLibrary, templatePreviewRoutes } from './endpoints/template-library.js';
import { templateNodeRoutes, templateRoutes } from './endpoints/templates.js';
import { threadControlRoutes } from './endpoints/thread-control.js';
import { createUpload, uploadNode } from './endpoints/uploads.js';
import { usernameRoutes } from './endpoints/usernames.js';
import { listWabas, wabaRoutes } from './endpoints/wabas.js';
import type { FakeState } from './fake-state.js';
import { countManagementCall } from './management-limit.js';
import type { ParsedRequest } from './parse-request.js';
import { invalidParameter, invalidToken, missingPermission, Refusal, refuse, unknownObject, unsupportedPath } from './refusal.js';
import { findTemplate } from './template-lifecycle.js';
import { problemWithToken } from './tokens.js';
import type { Answer, BusinessNumber, Token, Waba, World } from './world.js';

const atWaba: Routes<WabaCall> = {
  ...wabaRoutes,
  ...phoneNumbersOfWaba,
  ...templateRoutes,
  ...templatePreviewRoutes,
  ...templateAnalyticsRoutes,
  ...flowRoutes,
};

const atNumber: Routes<NumberCall> = {
  ...phoneNumberRoutes,
  ...messageRoutes,
  ...mediaRoutes,
  ...registrationRoutes,
  ...appDataSyncRoutes,
  ...businessProfileRoutes,
  ...numberSettingRoutes,
  ...qrCodeRoutes,
  ...blockUserRoutes,
  ...usernameRoutes,
  ...threadControlRoutes,
  ...messageHistoryRoutes,
  ...callRoutes,
  ...groupRoutes,
};

/** Edges that need the permission to message; everything else needs the one to manage. */
const messagingEdges: ReadonlySet<string> = new Set([
  'messages',
  'marketing_messages',
  'media',
  'calls',
  'call_permissions',
  'block_users',
  'thread_control',
]);
const portfolioEdges: ReadonlySet<string> = new Set(['owned_whatsapp_business_accounts', 'client_whatsapp_business_accounts']);

/** Finds what a request asks for and does it. @throws `Refusal` */
export async function route(request: ParsedRequest, state: FakeState, deliverer: Deliverer): Promise<Answer> {
  const { world } = state;
  const { method, segments, bearer } = request;
  if (request.isBroken) throw invalidParameter('Invalid parameter: the body cannot be read.');
  const [id = '', ...rest] = segments;
  const edge = rest.join('/');
  const path = segments.join('/');
  const { origin, fields, files, bytes, fileOffset } = request;
  const call: Call = { state, method, origin, path: request.path, item: rest[1] ?? '', fields, files, bytes, fileOffset };
  if (path === 'oauth/access_token') return exchange(call);
  if (path === 'debug_token') return debugToken(call, bearer);
  if ((id === world.app.id || id === 'app') && edge === 'uploads' && method === 'POST') {
    return createUpload({ ...call, token: tokenOf(world, bearer) });
  }
  if (id === world.app.id) {
    requireAppToken(world, bearer);
    if (edge === 'subscriptions' && method === 'GET') return listSubscriptions(call, deliverer);
    if (edge === 'subscriptions' && method === 'POST') return subscribe(call, deliverer);
    if (edge === 'subscriptions' && method === 'DELETE') return unsubscribe(call);
    throw unsupportedPath(method, path);
  }
  const authorized: AuthorizedCall = { ...call, token: tokenOf(world, bearer) };
  const answer = await atNode(authorized, id, edge);
  if (answer) return answer;
  if (path === 'message_template_library' && method === 'GET') return listLibrary(authorized);
  if (portfolioEdges.has(edge) && method === 'GET') return listWabas(authorized, id);
  if (edge === '' || isEdge(rest[0] ?? '')) throw unknownObject(method, id);
  throw unsupportedPath(method, path);
}

/** Whether some object has this edge. */
function isEdge(name: string): boolean {
  const tables = [atWaba, atNumber, templateNodeRoutes, flowNodeRoutes, groupNodeRoutes];
  return name === 'events' || tables.some((routes) => Object.keys(routes).some((key) => key.split(' ')[1]?.split('/')[0] === name));
}

/** What the object with this id answers; nothing if the token reaches no such object. */
function atNode(call: AuthorizedCall, id: string, edge: string): Answer | Promise<Answer> | undefined {
  const { world } = call.state;
  if (id.startsWith('upload:')) return uploadNode(call, edge === '' ? id : `${id}/${edge}`);
  const waba = reachableWaba(world, call.token, id);
  if (waba) return perform(atWaba, { ...call, waba }, id, edge, waba);
  const number = reachableNumber(world, call.token, id);
  if (number) return perform(atNumber, { ...call, number }, id, edge, world.wabas.get(number.wabaId));
  const template = findTemplate(world, id);
  const wabaOfTemplate = template && reachableWaba(world, call.token, template.wabaId);
  if (wabaOfTemplate) {
    return perform<TemplateCall>(templateNodeRoutes, { ...call, waba: wabaOfTemplate, template }, id, edge, wabaOfTemplate);
  }
  const flow = world.flows.get(id);
  const wabaOfFlow = flow && reachableWaba(world, call.token, flow.wabaId);
  if (wabaOfFlow) return perform<FlowCall>(flowNodeRoutes, { ...call, waba: wabaOfFlow, flow }, id, edge, wabaOfFlow);
  const group = world.groups.get(id);
  const numberOfGroup = group && reachableNumber(world, call.token, group.phoneNumberId);
  if (numberOfGroup) return perform<GroupCall>(groupNodeRoutes, { ...call, number: numberOfGroup, group }, id, edge, undefined);
  const file = world.files.get(id);
  if (file && edge === '' && file.expiresAtMs > world.now() && reachableNumber(world, call.token, file.phoneNumberId)) {
    requireScope(call.token, 'whatsapp_business_messaging');
    return mediaNode(call, file);
  }
  const message = edge === 'events' ? messageWithHistory(call, id) : undefined;
  return message && reachableNumber(world, call.token, message.phoneNumberId) ? listEvents(call, message) : undefined;
}

function perform<Kind extends AuthorizedCall>(
  routes: Routes<Kind>,
  call: Kind,
  id: string,
  edge: string,
  waba: Waba | undefined,
): Answer | Promise<Answer> {
  const { method, item, token, state } = call;
  const handler = routes[`${method} ${edge}`] ?? (item === '' ? undefined : routes[`${method} ${edge.slice(0, edge.indexOf('/'))}/*`]);
  if (!handler) throw unsupportedPath(method, edge === '' ? id : `${id}/${edge}`);
  const isMessaging = messagingEdges.has(edge);
  requireScope(token, isMessaging ? 'whatsapp_business_messaging' : 'whatsapp_business_management');
  if (!isMessaging && waba) countManagementCall(state.world, waba);
  return handler(call);
}

function tokenOf(world: World, bearer: string | undefined): Token {
  if (bearer === undefined) throw invalidToken('An access token is required to request this resource.');
  const token = world.tokens.get(bearer);
  if (!token) throw invalidToken('Invalid OAuth access token - Cannot parse access token');
  const problem = problemWithToken(world, token);
  if (problem) throw problem;
  return token;
}

function requireAppToken(world: World, bearer: string | undefined): void {
  if (bearer === undefined) throw invalidToken('An access token is required to request this resource.');
  if (bearer === `${world.app.id}|${world.app.secret}`) return;
  if (bearer.startsWith(`${world.app.id}|`)) throw invalidToken('Invalid OAuth access token signature.');
  tokenOf(world, bearer);
  throw new Refusal(400, { message: '(#15) This method must be called with an app access_token.', type: 'OAuthException', code: 15 });
}

function requireScope(token: Token, scope: string): void {
  if (token.scopes.includes(scope)) return;
  throw scope === 'whatsapp_business_messaging'
    ? refuse(131005, 'Permission is either not granted or has been removed.')
    : missingPermission(scope);
}

/** A WABA that the token is good for and that has a number on the API. */
function reachableWaba(world: World, token: Token, id: string): Waba | undefined {
  const waba = world.wabas.get(id);
  if (!waba || (token.wabaIds && !token.wabaIds.has(id))) return undefined;
  for (const { wabaId, api } of world.numbers.values()) if (wabaId === id && api !== 'unlinked') return waba;
  return undefined;
}

function reachableNumber(world: World, token: Token, id: string): BusinessNumber | undefined {
  const number = world.numbers.get(id);
  return number && number.api !== 'unlinked' && (token.wabaIds?.has(number.wabaId) ?? true) ? number : undefined;
}
