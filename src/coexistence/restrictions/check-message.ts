import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import { restrictedParts } from '../../messages/restricted-parts.js';
import type { CoexistenceFeature, FeatureFacts } from '../../policy/features.js';
import type { PolicyRule } from '../../policy/rule.js';
import { checkFeature, type RulesOptions } from './check-feature.js';

/** A part of a message that is not possible. */
export interface MessageRestriction {
  /** Path of the part in the wire shape, as `interactive.type`. */
  readonly field: string;
  /** The feature that it belongs to. */
  readonly feature: CoexistenceFeature;
  /** The rule, with its source and dates. */
  readonly rule: PolicyRule<FeatureFacts>;
}

/** What is to be known of a message beside the message. */
export interface CheckMessageOptions extends RulesOptions {
  /** Category of its template, which the message itself does not tell: an `AUTHENTICATION` template cannot go to a user id. @defaultValue unknown */
  readonly templateCategory?: string | undefined;
}

/**
 * What of an outgoing message is not possible on a coexistence number, or to the recipient that it names: groups and calls are the app's
 * alone, and some templates need a phone number. Empty: nothing stands against it but the service window, which is a matter of time.
 *
 * @throws `InvalidArgumentError` if `asOf` is no date.
 *
 * @example
 * ```ts
 * import { checkMessage } from 'wa-coexist/coexistence';
 * import { template } from 'wa-coexist/messages';
 *
 * const restrictions = checkMessage({ recipient: 'US.13491208655302741918', ...template('login_code', 'en_US') }, { templateCategory: 'AUTHENTICATION' });
 * for (const { field, feature, rule } of restrictions) console.log(field, feature, rule.source);
 * ```
 */
export function checkMessage(message: OutgoingMessage, options: CheckMessageOptions = {}): readonly MessageRestriction[] {
  return restrictedParts(message, options.templateCategory).flatMap(([field, feature]) => {
    const { throughApi, rule } = checkFeature(feature, options);
    return throughApi ? [] : [{ field, feature, rule }];
  });
}
