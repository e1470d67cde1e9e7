import type { Deliverer } from './deliverer.js';
import { debugToken, exchange } from './endpoints/access-tokens.js';
import { listSubscriptions, subscribe } from './endpoints/app-subscriptions.js';
import type { AuthorizedCall, Call, NumberCall, WabaCall } from './endpoints/call.js';
import { postMessage } from './endpoints/messages.js';
import { changeRegistration, getPhoneNumber, requestSync } from './endpoints/phone-numbers.js';
import { listPhoneNumbers, listSubscribedApps, listTemplates, subscribeApp, unsubscribeApp } from './endpoints/wabas.js';
import type { FakeState } from './fake-state.js';
import type { ParsedRequest } from './parse-request.js';
import { invalidParameter, invalidToken, missingPermission, Refusal, refuse, unknownObject, unsupportedPath } from './refusal.js';
import { problemWithToken } from './tokens.js';
import type { Token, World } from './world.js';

type Answer = Readonly<Record<string, unknown>>;

const wabaRoutes: Readonly<Record<string, (call: WabaCall) => Answer>> = {
  'GET subscribed_apps': listSubscribedApps,
  'POST subscribed_apps': subscribeApp,
  'DELETE subscribed_apps': unsubscribeApp,
  'GET phone_numbers': listPhoneNumbers,
  'GET message_templates': listTemplates,
};

const numberRoutes: Readonly<Record<string, (call: NumberCall) => Answer>> = {
  'GET ': getPhoneNumber,
  'POST messages': postMessage,
  'POST smb_app_data': requestSync,
  'POST register': (call) => changeRegistration(call, 'register'),
  'POST deregister': (call) => changeRegistration(call, 'deregister'),
};

/** Finds what a request asks for and does it. @throws `Refusal` */
export async function route(request: ParsedRequest, state: FakeState, deliverer: Deliverer): Promise<Answer> {
  const { world } = state;
  const { method, segments, bearer } = request;
  if (request.isBroken) throw invalidParameter('Invalid parameter: the body is not a JSON object.');
  const call: Call = { state, method, origin: request.origin, path: request.path, fields: request.fields };
  const path = segments.join('/');
  if (path === 'oauth/access_token') return exchange(call);
  if (path === 'debug_token') return debugToken(call, bearer);

  const [id = '', ...rest] = segments;
  const edge = rest.join('/');
  if (id === world.app.id) {
    requireAppToken(world, bearer);
    if (method === 'GET' && edge === 'subscriptions') return listSubscriptions(call, deliverer);
    if (method === 'POST' && edge === 'subscriptions') return subscribe(call, deliverer);
    throw unsupportedPath(method, path);
  }
  const authorized: AuthorizedCall = { ...call, token: tokenOf(world, bearer) };
  const waba = reachableWaba(world, authorized.token, id);
  if (waba) {
    const handler = wabaRoutes[`${method} ${edge}`];
    if (!handler) throw unsupportedPath(method, path);
    requireScope(authorized.token, 'whatsapp_business_management');
    return handler({ ...authorized, waba });
  }
  const number = world.numbers.get(id);
  if (number && number.api !== 'unlinked' && reachableWaba(world, authorized.token, number.wabaId)) {
    const handler = numberRoutes[`${method} ${edge}`];
    if (!handler) throw unsupportedPath(method, path);
    requireScope(authorized.token, edge === 'messages' ? 'whatsapp_business_messaging' : 'whatsapp_business_management');
    return handler({ ...authorized, number });
  }
  if (/^\d+$/.test(id)) throw unknownObject(method, id);
  throw unsupportedPath(method, path);
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
function reachableWaba(world: World, token: Token, id: string): WabaCall['waba'] | undefined {
  const waba = world.wabas.get(id);
  if (!waba || (token.wabaIds && !token.wabaIds.has(id))) return undefined;
  return [...world.numbers.values()].some(({ wabaId, api }) => wabaId === id && api !== 'unlinked') ? waba : undefined;
}
