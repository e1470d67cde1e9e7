import { WhatsAppError } from './whatsapp-error.js';

/**
 * A request to a flow's endpoint could not be decrypted. There is one such error for a wrong key, a tampered text and a malformed body,
 * so that it tells a forger nothing.
 */
export class FlowRequestError extends WhatsAppError {
  override readonly name = 'FlowRequestError';
  override readonly kind = 'flow-request';
  /** What to answer: WhatsApp then fetches the public key anew and tries once more. */
  readonly httpStatus = 421;

  constructor() {
    super(
      'The request to the flow endpoint could not be decrypted: answer with status 421. If it happens to every request, upload the public key that belongs to the private one.',
    );
  }
}
