import { isRecord } from '../../../runtime/json.js';
import type { AuthorizedCall } from '../endpoints/call.js';
import { invalidParameter, missingPermission, refuse, unsupportedPath } from '../refusal.js';
import { countManagementCall } from '../management-limit.js';
import type { Answer, Token } from '../entities.js';
import { narrow, readFields, type AskedField } from './asked-fields.js';
import { parametersOf } from './endpoint-parameters.js';
import { callAt, isEdgeOf, itemKindOf, nodeKinds, type GraphNode } from './nodes.js';
import { readParameters } from './parameter.js';

/** Finds a node that the token of a call reaches. */
export type FindNode = (call: AuthorizedCall, id: string) => GraphNode | undefined;

/** Edges that need the permission to message; everything else needs the one to manage. */
const messagingEdges: ReadonlySet<string> = new Set([
  'messages',
  'marketing_messages',
  'messages_encrypted',
  'media',
  'calls',
  'call_permissions',
  'block_users',
  'thread_control',
]);
/** Edges within edges are read to this depth. */
const maxDepth = 4;

/** Performs a request at a node or one of its edges. @throws `Refusal` */
export async function answerNode(find: FindNode, node: GraphNode, call: AuthorizedCall, id: string, edge: string): Promise<Answer> {
  const { method, item, token, state } = call;
  const [key, handler] = handlerOf(node, method, edge, item);
  if (!handler) throw missingEdge(node, method, id, edge);
  const isMessaging = messagingEdges.has(edge);
  requireScope(token, isMessaging ? 'whatsapp_business_messaging' : 'whatsapp_business_management');
  if (!isMessaging && node.waba) countManagementCall(state.world, node.waba);
  const fields = readParameters(call.fields, parametersOf(node.kind, key));
  return method === 'GET' ? await read(find, node, { ...call, fields }, id, edge, handler, 0) : await handler({ ...call, fields });
}

type Handler = (call: AuthorizedCall) => Answer | Promise<Answer>;

function handlerOf(node: GraphNode, method: string, edge: string, item: string): readonly [key: string, handler: Handler | undefined] {
  const key = `${method} ${edge}`;
  const handler = node.handlerOf(key);
  if (handler ?? item === '') return [key, handler];
  const itemKey = `${method} ${edge.slice(0, edge.indexOf('/'))}/*`;
  return [itemKey, node.handlerOf(itemKey)];
}

/** Captured: Graph takes an edge that a node lacks for a field. */
function missingEdge(node: GraphNode, method: string, id: string, edge: string) {
  const { type } = nodeKinds[node.kind];
  return method === 'GET' && edge !== '' && !edge.includes('/')
    ? invalidParameter(`Tried accessing nonexisting field (${edge}) on node type (${type})`)
    : unsupportedPath(method, edge === '' ? id : `${id}/${edge}`);
}

/** Reads a node or a list of nodes, with the edges and sub-fields that `fields` requests. */
async function read(
  find: FindNode,
  node: GraphNode,
  call: AuthorizedCall,
  id: string,
  edge: string,
  handler: Handler,
  depth: number,
): Promise<Answer> {
  const { fields } = call;
  const asked = typeof fields.fields === 'string' ? readFields(fields.fields) : [];
  const kind = edge === '' ? node.kind : itemKindOf(edge);
  const edges = kind === undefined || depth >= maxDepth ? [] : asked.filter(({ name }) => isEdgeOf(kind, name));
  const own = asked.filter((field) => !edges.includes(field));
  const ownFields = edges.length > 0 ? { fields: own.map(({ source }) => source).join(',') || 'id' } : {};
  const answer = await handler({ ...call, fields: { ...fields, ...ownFields } });
  const complete = async (value: unknown, itemNode: GraphNode | undefined, itemId: string): Promise<unknown> => {
    if (!isRecord(value)) return value;
    const narrowed = narrowFields(value, own);
    if (!itemNode) return narrowed;
    const read: [string, unknown][] = [];
    for (const field of edges) read.push([field.alias, await readEdge(find, itemNode, call, itemId, field, depth + 1)]);
    return { ...narrowed, ...Object.fromEntries(read) };
  };
  if (edge === '') return (await complete(answer, node, id)) as Answer;
  if (!Array.isArray(answer.data)) return narrowFields(answer, own);
  const data: unknown[] = [];
  for (const value of answer.data as readonly unknown[]) {
    const itemId = isRecord(value) && typeof value.id === 'string' ? value.id : '';
    data.push(await complete(value, edges.length > 0 ? find(call, itemId) : undefined, itemId));
  }
  return { ...answer, data };
}

async function readEdge(
  find: FindNode,
  node: GraphNode,
  call: AuthorizedCall,
  id: string,
  field: AskedField,
  depth: number,
): Promise<unknown> {
  const key = `GET ${field.name}`;
  const handler = node.handlerOf(key);
  if (!handler) return undefined;
  const [, version] = /^\/(v[\d.]+)\//.exec(call.path) ?? [];
  const given = { ...field.parameters, ...(field.subfields !== '' && { fields: field.subfields }) };
  const at = callAt(call, `/${[version, id, field.name].filter(Boolean).join('/')}`, readParameters(given, parametersOf(node.kind, key)));
  const answer = await read(find, node, at, id, field.name, handler, depth);
  return field.subfields === '' || itemKindOf(field.name) !== undefined ? answer : narrow(answer, field.subfields);
}

/** Reduces the values of fields to the requested sub-fields, and gives them their requested names. */
function narrowFields(item: Answer, asked: readonly AskedField[]): Answer {
  if (asked.every(({ name, alias, subfields }) => alias === name && subfields === '')) return item;
  const fields = new Map(asked.map((field) => [field.name, field]));
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      const { alias = name, subfields = '' } = fields.get(name) ?? {};
      return [alias, subfields === '' ? value : narrow(value, subfields)];
    }),
  );
}

/** @throws `Refusal` if the token lacks a permission. */
export function requireScope(token: Token, scope: string): void {
  if (token.scopes.includes(scope)) return;
  throw scope === 'whatsapp_business_messaging'
    ? refuse(131005, 'Permission is either not granted or has been removed.')
    : missingPermission(scope);
}
