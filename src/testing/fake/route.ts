import type { Deliverer } from './deliverer.js';
import { debugToken, exchange } from './endpoints/access-token-endpoints.js';
import { listSubscriptions, subscribe, unsubscribe } from './endpoints/app-subscription-endpoints.js';
import type { AuthorizedCall, Call } from './endpoints/call.js';
import { mediaNode } from './endpoints/media-endpoints.js';
import { listEvents, messageWithHistory } from './endpoints/message-history-endpoints.js';
import { solutionsOfApp } from './endpoints/partners/solution-endpoints.js';
import { listLibrary } from './endpoints/template-library-endpoints.js';
import { createUpload, uploadNode } from './endpoints/upload-endpoints.js';
import type { FakeState } from './fake-state.js';
import { answerNode, requireScope } from './graph/answer-node.js';
import { parametersOf } from './graph/endpoint-parameters.js';
import { findNode, reachableNumber } from './graph/find-node.js';
import { isKnownEdge } from './graph/nodes.js';
import { readParameters } from './graph/parameter.js';
import type { ParsedRequest } from './parse-request.js';
import { invalidParameter, invalidToken, Refusal, unknownObject, unsupportedPath } from './refusal.js';
import { signatureOf } from './sha-256.js';
import { problemWithToken } from './tokens.js';
import type { Answer, Token } from './entities.js';
import type { World } from './world.js';

/** Later versions of Graph don't exist yet. Some are accepted, so that clients can prepare. */
const newestVersion = 30;

/** Performs the operation of a request. @throws `Refusal` */
export async function route(request: ParsedRequest, state: FakeState, deliverer: Deliverer): Promise<Answer> {
  const { world } = state;
  const { method, bearer, origin, files, bytes, fileOffset, version } = request;
  if (request.isBroken) throw invalidParameter('Invalid parameter: the body cannot be read.');
  if (Number(version.slice(1)) > newestVersion) throw unknownVersion(version);
  checkProof(world, bearer, request.fields.appsecret_proof);
  const segments = request.segments[0] === 'signups' ? request.segments.slice(1) : request.segments;
  const [id = '', ...rest] = segments;
  const edge = rest.join('/');
  const path = segments.join('/');
  const fieldsFor = (key: string): Answer => readParameters(request.fields, parametersOf('', `${method} ${key}`));
  const call: Call = { state, method, origin, path: request.path, item: rest[1] ?? '', fields: request.fields, files, bytes, fileOffset };
  if (path === 'oauth/access_token') return exchange({ ...call, fields: fieldsFor(path) });
  if (path === 'debug_token') return debugToken({ ...call, fields: fieldsFor(path) }, bearer);
  if ((id === world.app.id || id === 'app') && edge === 'uploads' && method === 'POST') {
    return createUpload({ ...call, fields: fieldsFor(edge), token: tokenOf(world, bearer) });
  }
  if (id === world.app.id) return answerApp({ ...call, fields: fieldsFor(edge) }, edge, path, bearer, deliverer);
  const authorized: AuthorizedCall = { ...call, token: tokenOf(world, bearer) };
  if (id === '' && method === 'GET') return answerMany(authorized, '');
  const answer = await answerObject(authorized, id, edge);
  if (answer) return answer;
  if (path === 'message_template_library' && method === 'GET') return listLibrary({ ...authorized, fields: fieldsFor(path) });
  if (edge === '' && isKnownEdge(id) && method === 'GET' && request.fields.ids !== undefined) return answerMany(authorized, id);
  throw refusalOfUnknown(method, id, edge, path);
}

/** What is at the app itself. Subscriptions need its own token. */
function answerApp(call: Call, edge: string, path: string, bearer: string | undefined, deliverer: Deliverer): Answer | Promise<Answer> {
  const { world } = call.state;
  const handler = solutionsOfApp[`${call.method} ${edge}`];
  if (handler) {
    if (bearer !== appTokenOf(world)) tokenOf(world, bearer);
    return handler(call);
  }
  requireAppToken(world, bearer);
  if (edge === 'subscriptions' && call.method === 'GET') return listSubscriptions(call, deliverer);
  if (edge === 'subscriptions' && call.method === 'POST') return subscribe(call, deliverer);
  if (edge === 'subscriptions' && call.method === 'DELETE') return unsubscribe(call);
  throw unsupportedPath(call.method, path);
}

/** What the object with this id answers; nothing if the token reaches no such object. */
async function answerObject(call: AuthorizedCall, id: string, edge: string): Promise<Answer | undefined> {
  const { world } = call.state;
  if (id.startsWith('upload:')) return uploadNode(call, edge === '' ? id : `${id}/${edge}`);
  const node = findNode(call, id);
  if (node) return answerNode(findNode, node, call, id, edge);
  const file = world.files.get(id);
  if (file && edge === '' && file.expiresAtMs > world.now() && reachableNumber(world, call.token, file.phoneNumberId)) {
    requireScope(call.token, 'whatsapp_business_messaging');
    return mediaNode({ ...call, fields: readParameters(call.fields, parametersOf('media', `${call.method} `)) }, file);
  }
  const message = edge === 'events' ? messageWithHistory(call, id) : undefined;
  return message && reachableNumber(world, call.token, message.phoneNumberId) ? listEvents(call, message) : undefined;
}

/** `GET /?ids=1,2`, also at an edge: the answer of each object under its ID. */
async function answerMany(call: AuthorizedCall, edge: string): Promise<Answer> {
  const { ids, ...fields } = call.fields;
  const wanted = typeof ids === 'string' ? ids.split(',').map((id) => id.trim()) : [];
  if (wanted.length === 0) throw unsupportedPath(call.method, edge);
  const answers: [string, Answer][] = [];
  for (const id of wanted) {
    const answer = await answerObject({ ...call, fields }, id, edge);
    if (!answer) throw unknownObject(call.method, id);
    answers.push([id, answer]);
  }
  return Object.fromEntries(answers);
}

/**
 * The error for an ID that the token does not reach. Graph looks for the field first at two endpoints. Captured by ignacio-chiazzo's
 * ruby_whatsapp_sdk (Oct 2024 to Feb 2026).
 */
function refusalOfUnknown(method: string, id: string, edge: string, path: string): Refusal {
  if (method === 'GET' && edge === 'template_analytics')
    return invalidParameter('Tried accessing nonexisting field (template_analytics) on node type (User)');
  if (method === 'DELETE' && edge === '' && /^\d+$/.test(id)) return invalidParameter('Invalid post_id parameter');
  return edge === '' || isKnownEdge(edge.split('/')[0] ?? '') ? unknownObject(method, id) : unsupportedPath(method, path);
}

/** An app can prove that it knows its secret: the HMAC of the token. Source: Meta, Securing Graph API calls. @throws `Refusal` */
function checkProof(world: World, bearer: string | undefined, proof: unknown): void {
  if (proof === undefined || bearer === undefined) return;
  if (typeof proof === 'string' && `sha256=${proof}` === signatureOf(bearer, world.app.secret)) return;
  throw new Refusal(400, { message: 'Invalid appsecret_proof provided in the API argument', type: 'GraphMethodException', code: 100 });
}

function unknownVersion(version: string): Refusal {
  return new Refusal(400, { message: `Unknown path components: /${version}`, type: 'OAuthException', code: 2500 });
}

function tokenOf(world: World, bearer: string | undefined): Token {
  if (bearer === undefined) throw invalidToken('An access token is required to request this resource.');
  const token = world.tokens.get(bearer);
  if (!token) throw invalidToken('Invalid OAuth access token - Cannot parse access token');
  const problem = problemWithToken(world, token);
  if (problem) throw problem;
  return token;
}

function appTokenOf({ app }: World): string {
  return `${app.id}|${app.secret}`;
}

function requireAppToken(world: World, bearer: string | undefined): void {
  if (bearer === undefined) throw invalidToken('An access token is required to request this resource.');
  if (bearer === appTokenOf(world)) return;
  if (bearer.startsWith(`${world.app.id}|`)) throw invalidToken('Invalid OAuth access token signature.');
  tokenOf(world, bearer);
  throw new Refusal(400, { message: '(#15) This method must be called with an app access_token.', type: 'OAuthException', code: 15 });
}
