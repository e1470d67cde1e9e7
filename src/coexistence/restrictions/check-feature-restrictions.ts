import type { FeatureFacts, InApp } from '../../policy/api-features.js';
import type { CoexistenceFeature } from '../../policy/features.js';
import { coexistencePolicy, type CoexistencePolicy } from '../../policy/policy.js';
import type { PolicyRule } from '../../policy/rule.js';

/** The rules to apply. */
export interface RulesOptions {
  /** Applies the rules of this day: a date, or its ISO form. @defaultValue today */
  readonly asOf?: Date | string | undefined;
  /** A policy with your overrides. It takes precedence over `asOf`. @defaultValue the policy of `asOf` */
  readonly policy?: CoexistencePolicy | undefined;
}

/** The support of a feature on a coexistence number. */
export interface FeatureCheck extends FeatureFacts {
  /**
   * Whether the business can use the feature in the app or through the API. A read-only feature (`read-only`) isn't
   * allowed.
   */
  readonly allowed: boolean;
  /** The rule with its source and dates. */
  readonly rule: PolicyRule<FeatureFacts>;
}

/** States in which a feature is usable in the app. */
const usable: ReadonlySet<InApp> = /* @__PURE__ */ new Set<InApp>(['unchanged', 'relink']);

/**
 * Returns the support of a feature on a coexistence number: in the app, through the API, and whether each side sees the
 * events of the other.
 *
 * @param feature - The feature. See {@link restrictions} for a list of all features.
 * @param options - The day of the rules, or your own policy.
 * @throws `InvalidArgumentError` if `asOf` isn't a date
 *
 * @example
 * ```ts
 * import { checkFeature } from 'wa-coexist/coexistence';
 *
 * checkFeature('group-chats'); // { allowed: true, inApp: 'unchanged', throughApi: false, mirrored: false, rule: … }
 * checkFeature('edit-and-delete', { asOf: '2025-09-13' }).allowed; // false
 * checkFeature('edit-and-delete').rule.since; // '2025-11-25'
 * ```
 */
export function checkFeature(feature: CoexistenceFeature, options: RulesOptions = {}): FeatureCheck {
  const rule = rulesOf(options).featureRule(feature);
  const { inApp, throughApi, mirrored } = rule.value;
  return { allowed: usable.has(inApp) || throughApi, inApp, throughApi, mirrored, rule };
}

/**
 * Returns the policy for the options.
 *
 * @param options - The day of the rules, or a policy.
 */
export function rulesOf({ asOf, policy }: RulesOptions): CoexistencePolicy {
  return policy ?? coexistencePolicy(asOf === undefined ? {} : { asOf });
}
