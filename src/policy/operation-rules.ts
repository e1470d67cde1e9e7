import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { endpointRules, type CoexistenceEndpoint } from './endpoints.js';
import { featureRules, type CoexistenceFeature, type FeatureFacts } from './features.js';
import { ruleOn, type PolicyRule } from './rule.js';

/** The part of a policy that decides on requests. Clients load only this part, without limits, terms and countries. */
export interface OperationRules {
  /**
   * Returns the rule of a feature.
   *
   * @param feature - The feature.
   */
  featureRule(feature: CoexistenceFeature): PolicyRule<FeatureFacts>;
  /**
   * Returns the rule of an API operation. Its value is `true` if you can call the operation.
   *
   * @param endpoint - The operation.
   */
  endpointRule(endpoint: CoexistenceEndpoint): PolicyRule<boolean>;
}

/** Your own rules on requests. */
export interface OperationOverrides {
  readonly features?: Partial<Readonly<Record<CoexistenceFeature, FeatureFacts>>>;
  /** Whether an operation can be called. `true` disables the library's check. */
  readonly endpoints?: Partial<Readonly<Record<CoexistenceEndpoint, boolean>>>;
}

/**
 * Returns Meta's rules on features and operations for one day.
 *
 * @param asOf - The day, as an ISO date.
 * @param own - Your own rules.
 */
export function operationRules(asOf: string, own: OperationOverrides = {}): OperationRules {
  return {
    featureRule: (feature) => ruleFor(feature, featureRules(feature), own.features?.[feature], asOf),
    endpointRule: (endpoint) => ruleFor(endpoint, endpointRules[endpoint], own.endpoints?.[endpoint], asOf),
  };
}

/**
 * Returns the caller's own value as a rule, or the rule of the day.
 *
 * @param name - The name of the rule for the error message.
 * @param rows - The rules, oldest first.
 * @param own - The caller's value.
 * @param asOf - The day, as an ISO date.
 * @throws `InvalidArgumentError` if there is no rule for the day
 */
export function ruleFor<Value>(name: string, rows: readonly PolicyRule<Value>[], own: Value | undefined, asOf: string): PolicyRule<Value> {
  if (own !== undefined) return { value: own, source: "The caller's override" };
  const rule = ruleOn(rows, asOf);
  if (!rule) throw new InvalidArgumentError('coexistencePolicy', name, `has no rule on ${asOf}`);
  return rule;
}
