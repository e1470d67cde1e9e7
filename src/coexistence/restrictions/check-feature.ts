import type { CoexistenceFeature, InApp, FeatureFacts } from '../../policy/features.js';
import { coexistencePolicy, type CoexistencePolicy } from '../../policy/policy.js';
import type { PolicyRule } from '../../policy/rule.js';

/** The rules to go by. */
export interface RulesOptions {
  /** The day whose rules are wanted: a date, or its ISO form. @defaultValue today */
  readonly asOf?: Date | string | undefined;
  /** Rules with the caller's overrides; wins over `asOf`. @defaultValue those of `asOf` */
  readonly policy?: CoexistencePolicy | undefined;
}

/** What a feature can do on a coexistence number. */
export interface FeatureCheck extends FeatureFacts {
  /** Whether the business can use it at all, in the app or through the API. What can only be read (`read-only`) is not allowed. */
  readonly allowed: boolean;
  /** The rule, with its source and dates. */
  readonly rule: PolicyRule<FeatureFacts>;
}

/** What leaves a feature usable in the app. */
const usable: ReadonlySet<InApp> = /* @__PURE__ */ new Set<InApp>(['unchanged', 'relink']);

/**
 * What a feature can do on a coexistence number: in the app, through the API, and whether one side sees what happens on the other.
 *
 * @throws `InvalidArgumentError` if `asOf` is no date.
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

/** The policy that the options ask for. */
export function rulesOf({ asOf, policy }: RulesOptions): CoexistencePolicy {
  return policy ?? coexistencePolicy(asOf === undefined ? {} : { asOf });
}
