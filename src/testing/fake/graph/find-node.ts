import type { AuthorizedCall } from '../endpoints/call.js';
import { flowNodeRoutes } from '../endpoints/flow-endpoints.js';
import { groupNodeRoutes } from '../endpoints/group-endpoints.js';
import { businessRoutes, systemUserId, userRoutes } from '../endpoints/partners/business-endpoints.js';
import { botNodeRoutes, numberBehind, profileNodeRoutes } from '../endpoints/partners/number-node-endpoints.js';
import { templateNodeRoutes } from '../endpoints/template-endpoints.js';
import { findTemplate } from '../template-lifecycle.js';
import type { BusinessNumber, Token, Waba } from '../entities.js';
import type { World } from '../world.js';
import { nodeOf, numberNodeRoutes, recordNode, wabaNodeRoutes, type GraphNode } from './nodes.js';

/** Returns the node with an ID, or nothing if the token of the call reaches no such node. */
export function findNode({ state: { world }, token }: AuthorizedCall, id: string): GraphNode | undefined {
  const waba = reachableWaba(world, token, id);
  if (waba) return nodeOf('waba', wabaNodeRoutes, { waba }, waba);
  const number = reachableNumber(world, token, id);
  if (number) return nodeOf('number', numberNodeRoutes, { number }, world.wabas.get(number.wabaId));
  const template = findTemplate(world, id);
  const wabaOfTemplate = template && reachableWaba(world, token, template.wabaId);
  if (wabaOfTemplate) return nodeOf('template', templateNodeRoutes, { template, waba: wabaOfTemplate }, wabaOfTemplate);
  const flow = world.flows.get(id);
  const wabaOfFlow = flow && reachableWaba(world, token, flow.wabaId);
  if (wabaOfFlow) return nodeOf('flow', flowNodeRoutes, { flow, waba: wabaOfFlow }, wabaOfFlow);
  const group = world.groups.get(id);
  const numberOfGroup = group && reachableNumber(world, token, group.phoneNumberId);
  if (numberOfGroup) return nodeOf('group', groupNodeRoutes, { group, number: numberOfGroup }, undefined);
  return findOther(world, token, id);
}

function findOther(world: World, token: Token, id: string): GraphNode | undefined {
  const record = world.records.get(id);
  if (record) return isReachableOwner(world, token, record.ownerId) ? recordNode(record) : undefined;
  if (id === 'me' || id === systemUserId) return nodeOf('user', userRoutes, {}, undefined);
  if ([...world.wabas.values()].some((waba) => waba.businessId === id && reachableWaba(world, token, waba.id))) {
    return nodeOf('business', businessRoutes, { businessId: id }, undefined);
  }
  const behind = numberBehind(world, id);
  const number = behind && reachableNumber(world, token, behind.number.id);
  if (!number) return undefined;
  return behind.kind === 'profile'
    ? nodeOf('profile', profileNodeRoutes, { number }, world.wabas.get(number.wabaId))
    : nodeOf('bot', botNodeRoutes, { number }, world.wabas.get(number.wabaId));
}

function isReachableOwner(world: World, token: Token, ownerId: string): boolean {
  if (ownerId === world.app.id) return true;
  return [...world.wabas.values()].some(
    (waba) => (waba.id === ownerId || waba.businessId === ownerId) && reachableWaba(world, token, waba.id) !== undefined,
  );
}

/** Returns a WABA that the token can access and that has a number on the API. */
export function reachableWaba(world: World, token: Token, id: string): Waba | undefined {
  const waba = world.wabas.get(id);
  if (!waba || (token.wabaIds && !token.wabaIds.has(id))) return undefined;
  for (const { wabaId, api } of world.numbers.values()) if (wabaId === id && api !== 'unlinked') return waba;
  return undefined;
}

/** Returns a number that the token can access and that is on the API. */
export function reachableNumber(world: World, token: Token, id: string): BusinessNumber | undefined {
  const number = world.numbers.get(id);
  return number && number.api !== 'unlinked' && (token.wabaIds?.has(number.wabaId) ?? true) ? number : undefined;
}
