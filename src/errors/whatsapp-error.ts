/**
 * What went wrong, in one word a caller can `switch` on.
 *
 * The first group comes from Meta's answers, the second from the way to Meta, the third from the library before any byte left.
 */
export type WhatsAppErrorKind =
  | GraphErrorKind
  | 'network'
  | 'timeout'
  | 'aborted'
  | 'invalid-response'
  | 'missing-target'
  | 'missing-credentials'
  | 'invalid-message'
  | 'invalid-argument'
  | 'file-transfer'
  | 'flow-request'
  | 'restricted-feature'
  | 'subscription-missing'
  | 'onboarding'
  | 'signup-state'
  | 'sync-window'
  | 'number-disconnected'
  | 'handoff'
  | 'guard'
  | 'webhook'
  | 'store';

/** The kinds of {@link GraphApiError}: what Meta's error code means for the caller. */
export type GraphErrorKind =
  | 'authentication'
  | 'permission'
  | 'throttling'
  | 'pair-rate'
  | 'window-closed'
  | 'undeliverable'
  | 'template'
  | 'media'
  | 'coexistence-sync'
  | 'account-restricted'
  | 'invalid-parameter'
  | 'server'
  | 'unknown-code';

/**
 * The base of every error that the library throws. Neither its message nor anything it carries holds a token, a secret, a PIN
 * or the text of a message.
 *
 * @example
 * ```ts
 * import { createClient, sendMessage, WhatsAppError } from 'wa-coexist';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * try {
 *   await sendMessage(client, { to: '15550100987', type: 'text', text: { body: 'Hello' } });
 * } catch (error) {
 *   if (!(error instanceof WhatsAppError)) throw error;
 *   if (error.kind === 'window-closed') console.log('send a template instead');
 * }
 * ```
 */
export abstract class WhatsAppError extends Error {
  /** What went wrong, for a `switch`. */
  abstract readonly kind: WhatsAppErrorKind;
  abstract override readonly name: string;
}
