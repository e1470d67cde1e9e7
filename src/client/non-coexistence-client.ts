import { RestrictedFeatureError } from '../errors/restricted-feature-error.js';
import type { CoexistenceEndpoint } from '../policy/endpoints.js';
import type { CoexistenceFeature } from '../policy/features.js';
import { coexistencePolicy, type CoexistencePolicy } from '../policy/policy.js';
import type { Client } from './client.js';

/** What a client whose `coexistence` is literally `true` lacks, so that the compiler names the reason. */
export interface RefusedOnCoexistenceNumbers {
  readonly 'Meta refuses this on a coexistence number': never;
}

/**
 * The client of an action that Meta refuses on a coexistence number: any but one whose `coexistence` is literally `true`.
 * Where it is only known at run time, the action throws a `RestrictedFeatureError` before the network.
 *
 * @example
 * ```ts
 * import { createClient, registerPhoneNumber } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await registerPhoneNumber(client, { pin: '123456' });
 *
 * const shop = createClient({ accessToken: 'token', phoneNumberId: '106540352242922', coexistence: true });
 * // @ts-expect-error Meta refuses this on a coexistence number
 * await registerPhoneNumber(shop, { pin: '123456' });
 * ```
 */
export type NonCoexistenceClient<Coexistence extends boolean> = Client<Coexistence> &
  ([Coexistence] extends [true] ? RefusedOnCoexistenceNumbers : unknown);

/** Refuses an operation on a coexistence number where the policy says so. @throws `RestrictedFeatureError` */
export function refuseEndpoint(client: Client, endpoint: CoexistenceEndpoint): void {
  if (client.target.coexistence !== true) return;
  const rule = policyOf(client).endpointRule(endpoint);
  if (!rule.value) throw new RestrictedFeatureError(endpoint, rule);
}

/** Refuses what belongs to a feature that a coexistence number has not through the API. @throws `RestrictedFeatureError` */
export function refuseFeature(client: Client, feature: CoexistenceFeature): void {
  if (client.target.coexistence !== true) return;
  const rule = policyOf(client).featureRule(feature);
  if (!rule.value.throughApi) throw new RestrictedFeatureError(feature, rule);
}

function policyOf(client: Client): CoexistencePolicy {
  return client.policy ?? coexistencePolicy({ asOf: new Date(client.clock.now()) });
}
