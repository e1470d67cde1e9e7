import type { Client } from '../../client/client.js';
import { RestrictedFeatureError } from '../../errors/restricted-feature-error.js';
import { restrictedPartsByCategory } from '../../messages/restricted-parts-by-category.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { SendGuard } from '../guard.js';

/** Rejects messages that a coexistence number cannot send, before they use any of the number's throughput. */
export function restrictionGuard(client: Client, policy: CoexistencePolicy): SendGuard {
  const { target, coexistenceNumbers } = client;
  return (message, { phoneNumberId, category }) => {
    if (target.coexistence !== true && coexistenceNumbers.isEmpty) return { verdict: 'pass' };
    const rules = restrictedPartsByCategory(message, category).map(([, feature]) => ({ feature, rule: policy.featureRule(feature) }));
    const restricted = rules.find(({ rule }) => !rule.value.throughApi);
    if (!restricted) return { verdict: 'pass' };
    const error = new RestrictedFeatureError(restricted.feature, restricted.rule, phoneNumberId);
    if (target.coexistence === true) return { verdict: 'reject', error };
    return coexistenceNumbers.includes(phoneNumberId).then((isKnown) => (isKnown ? { verdict: 'reject', error } : { verdict: 'pass' }));
  };
}
