import { WhatsAppError } from './whatsapp-error.js';

/**
 * Thrown if a request to a flow endpoint can't be decrypted. A wrong key, modified data and a malformed body cause the
 * same error, so that it doesn't help an attacker.
 */
export class FlowRequestError extends WhatsAppError {
  override readonly name = 'FlowRequestError';
  override readonly kind = 'flow-request';
  /** HTTP status to respond with. WhatsApp then downloads the public key again and retries once. */
  readonly httpStatus = 421;

  constructor() {
    super(
      'The request to the flow endpoint could not be decrypted. Respond with status 421. If this happens for every request, upload the public key of your private key with setEncryptionKey.',
    );
  }
}
