import type { OutgoingMessage } from '../../messages/outgoing/outgoing-message.js';
import type { CoexistenceFeature, FeatureFacts } from '../../policy/features.js';
import type { Rule } from '../../policy/rule.js';
import { isRecord } from '../../runtime/json.js';
import { checkFeature, type RulesOptions } from './check-feature.js';

/** A part of a message that is not possible. */
export interface MessageRestriction {
  /** Path of the part in the wire shape, as `interactive.type`. */
  readonly field: string;
  /** The feature that it belongs to. */
  readonly feature: CoexistenceFeature;
  /** The rule, with its source and dates. */
  readonly rule: Rule<FeatureFacts>;
}

/** What is to be known of a message beside the message. */
export interface CheckMessageOptions extends RulesOptions {
  /** Category of its template, which the message itself does not tell: an `AUTHENTICATION` template cannot go to a user id. @defaultValue unknown */
  readonly templateCategory?: string;
}

type Use = readonly [field: string, feature: CoexistenceFeature];

/**
 * What of an outgoing message is not possible on a coexistence number, or to the recipient that it names: groups and calls are the app's
 * alone, and some templates need a phone number. Empty: nothing stands against it but the service window, which is a matter of time.
 *
 * @throws `RangeError` if `asOf` is no date.
 *
 * @example
 * ```ts
 * import { checkMessage, template } from 'wa-coexist';
 *
 * const restrictions = checkMessage({ recipient: 'US.13491208655302741918', ...template('login_code', 'en_US') }, { templateCategory: 'AUTHENTICATION' });
 * for (const { field, feature, rule } of restrictions) console.log(field, feature, rule.source);
 * ```
 */
export function checkMessage(message: OutgoingMessage, options: CheckMessageOptions = {}): readonly MessageRestriction[] {
  const uses = [...usesOfRecipient(message, options.templateCategory), ...usesOfContent(message)];
  return uses.flatMap(([field, feature]) => {
    const { throughApi, rule } = checkFeature(feature, options);
    return throughApi ? [] : [{ field, feature, rule }];
  });
}

function usesOfRecipient({ type, to, recipient, recipient_type }: OutgoingMessage, category: string | undefined): readonly Use[] {
  if (recipient_type === 'group') return [['recipient_type', 'groups-api']];
  // A phone number wins where both are there.
  if (recipient === undefined || to !== undefined) return [];
  const isAuthentication = type === 'template' && category?.toUpperCase() === 'AUTHENTICATION';
  return [['recipient', 'sending-to-user-ids'], ...(isAuthentication ? ([['recipient', 'authentication-to-user-ids']] as const) : [])];
}

/** Read as what it may be: callers without types may have left anything out. */
function usesOfContent(message: OutgoingMessage): readonly Use[] {
  const { type, interactive, template }: Readonly<Record<string, unknown>> = { ...message };
  if (type === 'pin') return [['type', 'groups-api']];
  if (type === 'interactive' && isRecord(interactive) && callTypes.has(interactive.type)) return [['interactive.type', 'calling-api']];
  return type === 'template' && isRecord(template) ? usesOfComponents(template.components, 'template.components') : [];
}

/** Types of interactive messages that lead to a call. */
const callTypes: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['voice_call', 'call_permission_request']);

function usesOfComponents(components: unknown, path: string): readonly Use[] {
  if (!Array.isArray(components)) return [];
  return components.flatMap((component: unknown, index): readonly Use[] => {
    const field = `${path}[${String(index)}]`;
    if (!isRecord(component)) return [];
    const { sub_type, parameters, cards } = component;
    if (typeof sub_type === 'string' && sub_type.toLowerCase() === 'voice_call') return [[`${field}.sub_type`, 'calling-api']];
    const hasGroup = Array.isArray(parameters) && parameters.some((value: unknown) => isRecord(value) && value.type === 'group_id');
    const ofCards = Array.isArray(cards)
      ? cards.flatMap((card: unknown, place) =>
          isRecord(card) ? usesOfComponents(card.components, `${field}.cards[${String(place)}].components`) : [],
        )
      : [];
    return [...(hasGroup ? ([[`${field}.parameters`, 'groups-api']] as const) : []), ...ofCards];
  });
}
