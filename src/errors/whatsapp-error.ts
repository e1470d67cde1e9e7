/**
 * Identifies an error in a `switch`. The kinds of {@link GraphErrorKind} are errors that Meta returned. `network`,
 * `timeout`, `aborted` and `invalid-response` are connection errors. The library throws the other kinds itself, usually
 * before it sends a request.
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
  | 'tenant-lookup'
  | 'store';

/** The kinds of {@link GraphApiError}, derived from Meta's error code. */
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
 * Base class of every error that the library throws. Its message and properties never contain a token, a secret, a PIN
 * or the text of a message. {@link isWhatsAppError} narrows a caught value to {@link AnyWhatsAppError}.
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
  /** Identifies the error in a `switch`. */
  abstract readonly kind: WhatsAppErrorKind;
  abstract override readonly name: string;
}
