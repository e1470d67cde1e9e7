import type { ReactionMessage, TextMessage } from './outgoing/plain.js';
import type { TemplateComponent, TemplateMessage } from './outgoing/template.js';

/**
 * The content of a text message in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp, text } from 'wa-coexist';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...text('Hello') });
 * ```
 */
export function text(body: string, options: { readonly preview_url?: boolean } = {}): TextMessage & { readonly type: 'text' } {
  return { type: 'text', text: { body, ...options } };
}

/**
 * The content of a reaction in Meta's shape; an empty emoji takes an earlier one back.
 *
 * @example
 * ```ts
 * import { createWhatsApp, reaction } from 'wa-coexist';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({ to: '15550100987', ...reaction('wamid.1', '👍') });
 * ```
 */
export function reaction(messageId: string, emoji: string): ReactionMessage {
  return { type: 'reaction', reaction: { message_id: messageId, emoji } };
}

/**
 * The content of a template message in Meta's shape.
 *
 * @example
 * ```ts
 * import { createWhatsApp, template } from 'wa-coexist';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * await wa.messages.send({
 *   to: '15550100987',
 *   ...template('order_ready', 'en_US', [{ type: 'body', parameters: [{ type: 'text', text: '4711' }] }]),
 * });
 * ```
 */
export function template(name: string, language: string, components?: readonly TemplateComponent[]): TemplateMessage {
  return { type: 'template', template: { name, language: { code: language }, ...(components && { components }) } };
}
