import { WhatsAppError } from '../errors/whatsapp-error.js';

/** Listeners of a coexistence event did not finish within `listenerTimeoutMs`. The event is emitted again. */
export class ListenerTimeoutError extends WhatsAppError {
  override readonly name = 'ListenerTimeoutError';
  override readonly kind = 'webhook';

  constructor(listeners: string, timeoutMs: number) {
    super(
      `${listeners} did not finish within ${String(timeoutMs)} ms. The event is emitted again. Raise listenerTimeoutMs if they need more time.`,
    );
  }
}
