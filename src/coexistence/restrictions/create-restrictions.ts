import { RestrictedFeatureError } from '../../errors/restricted-feature-error.js';
import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { CoexistenceFeature } from '../../policy/features.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { SendGuard } from '../../sender/guard.js';
import { checkFeature, type FeatureCheck } from './check-feature.js';
import { checkMessage, type CheckMessageOptions, type MessageRestriction } from './check-message.js';
import { restrictions, type RestrictionRow } from './restrictions.js';

/** What is not possible on a coexistence number, by the policy that the instance goes by. */
export interface RestrictionsModule {
  /** For the sender: refuses a message with a part that is not possible, with a `RestrictedFeatureError`. */
  readonly guard: SendGuard;
  /** What a feature can do; see {@link checkFeature}. */
  feature(name: CoexistenceFeature): FeatureCheck;
  /** What of a message is not possible; see {@link checkMessage}. */
  message(message: OutgoingMessage, options?: Pick<CheckMessageOptions, 'templateCategory'>): readonly MessageRestriction[];
  /** All features, for a page of the caller's product; see {@link restrictions}. */
  table(): readonly RestrictionRow[];
}

/** Binds the checks to a policy. */
export function createRestrictions(policy: CoexistencePolicy): RestrictionsModule {
  return {
    guard: (message) => {
      const [first] = checkMessage(message, { policy });
      return first ? { verdict: 'refuse', error: new RestrictedFeatureError(first.feature, first.rule) } : { verdict: 'pass' };
    },
    feature: (name) => checkFeature(name, { policy }),
    message: (message, options) => checkMessage(message, { ...options, policy }),
    table: () => restrictions({ policy }),
  };
}
