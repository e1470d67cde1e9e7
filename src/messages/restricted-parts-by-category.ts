import type { AnyMessage } from './outgoing/outgoing-message.js';
import { restrictedParts, type RestrictedPart } from './restricted-parts.js';

/**
 * Lists the parts as {@link restrictedParts} does, and those that the category of the template restricts. The message
 * doesn't contain the category, so only callers that know it need this.
 *
 * @param message - A message in Meta's shape.
 * @param templateCategory - Category of the template, if it is known.
 */
export function restrictedPartsByCategory(message: AnyMessage, templateCategory: string | undefined): readonly RestrictedPart[] {
  const isAuthentication = message.type === 'template' && templateCategory?.toUpperCase() === 'AUTHENTICATION';
  return restrictedParts(message).flatMap((part): readonly RestrictedPart[] =>
    isAuthentication && part[1] === 'sending-to-user-ids' ? [part, ['recipient', 'authentication-to-user-ids']] : [part],
  );
}
