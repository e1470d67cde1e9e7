import type { ApiFeature } from '../policy/api-features.js';
import { isRecord } from '../runtime/json.js';
import type { AnyMessage } from './outgoing/outgoing-message.js';

/** A part of a message, by its path in Meta's shape, and the feature that it needs. */
export type RestrictedPart = readonly [field: string, feature: ApiFeature];

/**
 * Lists the parts of a message that need a feature which coexistence may restrict. The policy decides whether it is
 * restricted.
 *
 * @param message - A message in Meta's shape.
 */
export function restrictedParts(message: AnyMessage): readonly RestrictedPart[] {
  return [...usesOfRecipient(message), ...usesOfContent(message)];
}

function usesOfRecipient({ to, recipient, recipient_type }: AnyMessage): readonly RestrictedPart[] {
  if (recipient_type === 'group') return [['recipient_type', 'groups-api']];
  // A phone number overrides a user ID.
  return recipient === undefined || to !== undefined ? [] : [['recipient', 'sending-to-user-ids']];
}

/** Reads the message as untyped data, because callers without TypeScript may omit any member. */
function usesOfContent(message: AnyMessage): readonly RestrictedPart[] {
  const { type, interactive, template }: Readonly<Record<string, unknown>> = { ...message };
  if (type === 'pin') return [['type', 'groups-api']];
  if (type === 'interactive' && isRecord(interactive) && callTypes.has(interactive.type)) return [['interactive.type', 'calling-api']];
  return type === 'template' && isRecord(template) ? usesOfComponents(template.components, 'template.components') : [];
}

/** Types of interactive messages that start a call. */
const callTypes: ReadonlySet<unknown> = /* @__PURE__ */ new Set(['voice_call', 'call_permission_request']);

function usesOfComponents(components: unknown, path: string): readonly RestrictedPart[] {
  if (!Array.isArray(components)) return [];
  return components.flatMap((component: unknown, index): readonly RestrictedPart[] => {
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
