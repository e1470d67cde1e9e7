import { isMetaOrigin } from './meta-origin.js';
import { parseSessionEvent, type SessionEvent } from './session-event.js';

/** Options of {@link onSessionEvent}. */
export interface SessionEventOptions {
  /**
   * Additional trusted origins, for example `http://127.0.0.1:4004` for an emulator.
   * @defaultValue no additional origins
   */
  readonly extraOrigins?: readonly string[] | undefined;
  /**
   * Target that receives the messages.
   * @defaultValue the page's window
   */
  readonly window?: Pick<EventTarget, 'addEventListener' | 'removeEventListener'> | undefined;
}

/**
 * Calls `handler` with the events that Embedded Signup posts to the page. It ignores messages from other origins and
 * other messages of Meta.
 *
 * Use it if you call `FB.login` yourself. {@link launchSignup} handles both.
 *
 * @param handler - Receives each {@link SessionEvent}.
 * @param options - Trusted origins and the event target. See {@link SessionEventOptions}.
 * @returns a function that stops listening.
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

/** Reads an event from a message of Meta. It never throws, because other code may post any value to the page. */
function readSessionEvent(message: Event, extraOrigins: readonly string[] | undefined): SessionEvent | undefined {
  try {
    if (!('origin' in message) || typeof message.origin !== 'string' || !isMetaOrigin(message.origin, extraOrigins)) return undefined;
    return parseSessionEvent('data' in message ? message.data : undefined);
  } catch {
    return undefined;
  }
}
