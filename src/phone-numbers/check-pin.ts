import { InvalidArgumentError } from '../errors/invalid-argument-error.js';

/** Calls with a PIN are limited (ten in 72 hours, guesses besides), so that an impossible one is not spent. @throws `InvalidArgumentError` */
export function checkPin(action: string, pin: string): void {
  if (!/^\d{6}$/.test(pin)) throw new InvalidArgumentError(action, 'pin', 'is not six digits');
}
