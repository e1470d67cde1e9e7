import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/**
 * Rejects an impossible PIN before the request. Meta limits requests with a PIN to ten in 72 hours, and limits wrong
 * PINs.
 *
 * @throws `InvalidArgumentError` if the PIN is not six digits.
 */
export function checkPin(action: string, pin: string): void {
  if (!/^\d{6}$/.test(pin)) throw new InvalidArgumentError(action, 'pin', 'is not six digits');
}
