import type { AnyMessage } from '../../messages/outgoing/outgoing-message.js';
import { restrictedPartsByCategory } from '../../messages/restricted-parts-by-category.js';
import type { FeatureFacts } from '../../policy/api-features.js';
import type { CoexistenceFeature } from '../../policy/features.js';
import type { PolicyRule } from '../../policy/rule.js';
import { checkFeature, type RulesOptions } from './check-feature-restrictions.js';

/** An unsupported part of a message. */
export interface MessageRestriction {
  /** Path of the part in Meta's format, for example `interactive.type`. */
  readonly field: string;
  /** The feature of the part. */
  readonly feature: CoexistenceFeature;
  /** The rule with its source and dates. */
  readonly rule: PolicyRule<FeatureFacts>;
}

/** Options of {@link checkMessage}. */
export interface CheckMessageOptions extends RulesOptions {
  /**
   * Category of the template, which isn't part of the message. An `AUTHENTICATION` template can't be sent to a user ID.
   * @defaultValue unknown
   */
  readonly templateCategory?: string | undefined;
}

/**
 * Returns the parts of an outgoing message that a coexistence number or the recipient doesn't support. Groups and calls
 * work only in the app, and some templates need a phone number. It doesn't check the service window. See
 * {@link checkFeature} for the rules.
 *
 * @param message - The message.
 * @param options - The template category, and the rules to apply.
 * @returns the unsupported parts, or an empty list
 * @throws `InvalidArgumentError` if `asOf` isn't a date
 *
 * @example
 * ```ts
 * import { checkMessage } from 'wa-coexist/coexistence';
 * import { template } from 'wa-coexist/messages';
 *
 * const message = { recipient: 'US.13491208655302741918', ...template('login_code', 'en_US') };
 * const restrictions = checkMessage(message, { templateCategory: 'AUTHENTICATION' });
 * for (const { field, feature, rule } of restrictions) console.log(field, feature, rule.source);
 * ```
 */
export function checkMessage(message: AnyMessage, options: CheckMessageOptions = {}): readonly MessageRestriction[] {
  return restrictedPartsByCategory(message, options.templateCategory).flatMap(([field, feature]) => {
    const { throughApi, rule } = checkFeature(feature, options);
    return throughApi ? [] : [{ field, feature, rule }];
  });
}
