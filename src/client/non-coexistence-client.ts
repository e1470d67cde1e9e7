import { RestrictedFeatureError, type FeatureRestriction } from '../errors/restricted-feature-error.js';
import { restrictedFeatureRules, type ApiFeature } from '../policy/api-features.js';
import type { CoexistenceEndpoint } from '../policy/endpoints.js';
import { restrictedEndpointRules } from '../policy/restricted-endpoints.js';
import { ruleOn } from '../policy/rule.js';
import { isoDay } from '../runtime/calendar.js';
import type { Client } from './client.js';
import type { CoexistenceNumbers, RequestRestriction } from './coexistence-numbers.js';

/** Member that a client with `coexistence: true` lacks. Its name explains the compiler error. */
export interface RejectedOnCoexistenceNumbers {
  readonly 'Meta refuses this on a coexistence number': never;
}

/**
 * Client of an action that Meta rejects on a coexistence number: any client except one with the literal type
 * `coexistence: true`. If this is only known at runtime, the action throws a {@link RestrictedFeatureError} before it
 * sends anything. See {@link isCoexistenceClient}.
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
  ([Coexistence] extends [true] ? RejectedOnCoexistenceNumbers : unknown);

/**
 * Rejects an endpoint on a coexistence number if the policy restricts it.
 *
 * @returns The restriction to pass on in {@link GraphRequest}: the client rejects the request if `createCoexistence`
 * knows the number.
 * @throws `RestrictedFeatureError` if the client was created with `coexistence: true`.
 */
export function rejectEndpoint(client: Client, endpoint: CoexistenceEndpoint, phoneNumberId?: string): RequestRestriction | undefined {
  if (!mayBeRestricted(client)) return undefined;
  const { policy } = client;
  const rule = policy ? policy.endpointRule(endpoint) : ruleOn(restrictedEndpointRules(endpoint), today(client));
  return !rule || rule.value ? undefined : restrict(client, endpoint, rule, phoneNumberId);
}

/**
 * Rejects a feature on a coexistence number if the policy doesn't allow it through the API.
 *
 * @returns The restriction to pass on in {@link GraphRequest}: the client rejects the request if `createCoexistence`
 * knows the number.
 * @throws `RestrictedFeatureError` if the client was created with `coexistence: true`.
 */
export function rejectFeature(client: Client, feature: ApiFeature, phoneNumberId?: string): RequestRestriction | undefined {
  if (!mayBeRestricted(client)) return undefined;
  const { policy } = client;
  const rule = policy ? policy.featureRule(feature) : ruleOn(restrictedFeatureRules(feature), today(client));
  return !rule || rule.value.throughApi ? undefined : restrict(client, feature, rule, phoneNumberId);
}

/**
 * Rejects a restricted request of a number that `createCoexistence` knows.
 *
 * @throws `RestrictedFeatureError`, `StoreError`
 */
export async function rejectKnownNumber(numbers: CoexistenceNumbers, { subject, rule, phoneNumberId }: RequestRestriction): Promise<void> {
  if (await numbers.includes(phoneNumberId)) throw new RestrictedFeatureError(subject, rule, phoneNumberId);
}

/** Reports whether a client may serve a coexistence number. Most clients don't, so they need no policy. */
export function mayBeRestricted({ target, coexistenceNumbers }: Client): boolean {
  return target.coexistence === true || !coexistenceNumbers.isEmpty;
}

function restrict(
  { target }: Client,
  subject: RequestRestriction['subject'],
  rule: FeatureRestriction,
  phoneNumberId = target.phoneNumberId,
): RequestRestriction | undefined {
  if (target.coexistence === true) throw new RestrictedFeatureError(subject, rule, phoneNumberId);
  return phoneNumberId === undefined ? undefined : { subject, rule, phoneNumberId };
}

function today(client: Client): string {
  return isoDay(client.clock.now());
}
