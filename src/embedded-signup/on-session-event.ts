import { isMetaOrigin } from './meta-origin.js';
import { parseSessionEvent, type SessionEvent } from './session-event.js';

/** Where the popup's messages arrive, and whom to believe. */
export interface SessionEventOptions {
  /** Origins that are believed beside Meta's, as `http://127.0.0.1:4004` for an emulator. @defaultValue none */
  readonly extraOrigins?: readonly string[] | undefined;
  /** Whose messages to hear. @defaultValue the page's window */
  readonly window?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | undefined;
}

/**
 * Calls `handler` with what Embedded Signup tells the page, and only that: messages from other origins than Meta's, and messages of Meta's
 * about other things, are passed over. Gives a function that ends it.
 *
 * For those who call `FB.login` themselves; {@link launchSignup} does both.
 *
 * @example
 * ```ts
 * import { onSessionEvent } from 'wa-coexist/embedded-signup';
 *
 * const stop = onSessionEvent((event) => {
 *   if (event.outcome === 'cancelled') console.log(`left at ${event.currentStep ?? 'an unknown step'}`);
 * });
 * stop();
 * ```
 */
export function onSessionEvent(handler: (event: SessionEvent) => void, options: SessionEventOptions = {}): () => void {
  const { extraOrigins, window: target = globalThis } = options;
  const hear = (message: Event): void => {
    const event = readSessionEvent(message, extraOrigins);
    if (event) handler(event);
  };
  target.addEventListener('message', hear);
  return () => {
    target.removeEventListener('message', hear);
  };
}

/** Reads an event from a message of Meta's. Whatever other code posts to the page, it doesn't throw. */
function readSessionEvent(message: Event, extraOrigins: readonly string[] | undefined): SessionEvent | undefined {
  try {
    if (!('origin' in message) || typeof message.origin !== 'string' || !isMetaOrigin(message.origin, extraOrigins)) return undefined;
    return parseSessionEvent('data' in message ? message.data : undefined);
  } catch {
    return undefined;
  }
}
