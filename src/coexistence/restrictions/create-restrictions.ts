import { RestrictedFeatureError } from '../../errors/restricted-feature-error.js';
import type { AnyMessage } from '../../messages/outgoing/outgoing-message.js';
import type { CoexistenceFeature } from '../../policy/features.js';
import type { CoexistencePolicy } from '../../policy/policy.js';
import type { SendGuard } from '../../sender/guard.js';
import { checkFeature, type FeatureCheck } from './check-feature-restrictions.js';
import { checkMessage, type CheckMessageOptions, type MessageRestriction } from './check-message-restrictions.js';
import { restrictions, type RestrictionRow } from './restrictions.js';

/** Checks features and messages for coexistence numbers, according to the policy of the instance. */
export interface RestrictionsModule {
  /** A guard for the sender. It rejects a message with an unsupported part with a `RestrictedFeatureError`. */
  readonly guard: SendGuard;
  /**
   * Returns the support of a feature. See {@link checkFeature}.
   *
   * @param name - The feature.
   */
  feature(name: CoexistenceFeature): FeatureCheck;
  /**
   * Returns the unsupported parts of a message. See {@link checkMessage}.
   *
   * @param message - The message.
   * @param options - The template category.
   */
  message(message: AnyMessage, options?: Pick<CheckMessageOptions, 'templateCategory'>): readonly MessageRestriction[];
  /** Returns all features, for a page of your product. See {@link restrictions}. */
  table(): readonly RestrictionRow[];
}

/**
 * Creates the restrictions module.
 *
 * @param policy - The policy of the instance.
 */
export function createRestrictions(policy: CoexistencePolicy): RestrictionsModule {
  return {
    guard: (message) => {
      const [first] = checkMessage(message, { policy });
      return first ? { verdict: 'reject', error: new RestrictedFeatureError(first.feature, first.rule) } : { verdict: 'pass' };
    },
    feature: (name) => checkFeature(name, { policy }),
    message: (message, options) => checkMessage(message, { ...options, policy }),
    table: () => restrictions({ policy }),
  };
}
