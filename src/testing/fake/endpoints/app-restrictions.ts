import type { CoexistenceEndpoint } from '../../../policy/endpoints.js';
import type { CoexistenceFeature } from '../../../policy/features.js';
import { invalidParameter } from '../refusal.js';
import type { NumberCall } from './call.js';

/**
 * Refuses an operation for numbers that are on the Business app, as the policy says. Meta says that it refuses without publishing the code;
 * 100 is an assumption.
 *
 * @throws `Refusal`
 */
export function refuseOnApp({ number, state: { world } }: NumberCall, operation: CoexistenceEndpoint): void {
  if (number.isOnBizApp && !world.policy.endpointRule(operation).value) throw notOnApp(operation);
}

/** The same for a whole feature. @throws `Refusal` */
export function refuseFeatureOnApp({ number, state: { world } }: NumberCall, feature: CoexistenceFeature): void {
  if (number.isOnBizApp && !world.policy.featureRule(feature).value.throughApi) throw notOnApp(feature);
}

function notOnApp(what: string) {
  return invalidParameter(`Invalid parameter: ${what} is not available for a phone number that is in use on the WhatsApp Business app.`);
}
