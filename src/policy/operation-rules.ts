import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { endpointRules, type CoexistenceEndpoint } from './endpoints.js';
import { featureRules, type CoexistenceFeature, type FeatureFacts } from './features.js';
import { ruleOn, type PolicyRule } from './rule.js';

/** The part of a policy that decides on requests. Clients load only this part, without numbers, terms and countries. */
export interface OperationRules {
  /** The rule on a feature. */
  featureRule(feature: CoexistenceFeature): PolicyRule<FeatureFacts>;
  /** The rule on an operation of the API, whose value says whether it may be called. */
  endpointRule(endpoint: CoexistenceEndpoint): PolicyRule<boolean>;
}

/** The caller's own rules on requests. */
export interface OperationOverrides {
  readonly features?: Partial<Readonly<Record<CoexistenceFeature, FeatureFacts>>>;
  /** Whether an operation may be called: `true` lifts the library's refusal. */
  readonly endpoints?: Partial<Readonly<Record<CoexistenceEndpoint, boolean>>>;
}

/**
 * Returns Meta's rules on features and operations as they are on one day.
 *
 * @param asOf - The day, as an ISO date.
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
 * @throws `InvalidArgumentError` if there is no rule for the day.
 */
export function ruleFor<Value>(name: string, rows: readonly PolicyRule<Value>[], own: Value | undefined, asOf: string): PolicyRule<Value> {
  if (own !== undefined) return { value: own, source: "The caller's override" };
  const rule = ruleOn(rows, asOf);
  if (!rule) throw new InvalidArgumentError('coexistencePolicy', name, `has no rule on ${asOf}`);
  return rule;
}
