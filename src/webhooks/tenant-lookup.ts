import { defined } from '../runtime/json.js';
import { joinKey } from '../runtime/keys.js';
import type { WebhookEvent } from './fields/registry.js';
import type { HandlingContext } from './pipeline-context.js';

/** Finds the tenant of an event. */
export type TenantLookup = (event: WebhookEvent) => Promise<unknown>;

/** Creates the look-up for one delivery. It calls `route` once for each number. Returns `undefined` without `route`. */
export function tenantLookup({ route, deadlines }: HandlingContext): TenantLookup | undefined {
  if (!route) return undefined;
  const found = new Map<string, Promise<unknown>>();
  const ask = async (wabaId: string | undefined, phoneNumberId: string | undefined): Promise<unknown> =>
    await deadlines.run('route', () => route(defined({ wabaId, phoneNumberId })));
  return ({ wabaId, phoneNumberId }) => {
    const key = joinKey(wabaId, phoneNumberId);
    const known = found.get(key) ?? ask(wabaId, phoneNumberId);
    found.set(key, known);
    return known;
  };
}
