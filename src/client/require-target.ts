import { MissingTargetError } from '../errors/usage-errors.js';
import type { Client } from './client.js';

/**
 * Returns the phone number ID of an action: its own parameter, otherwise the client's target.
 *
 * @throws `MissingTargetError`
 */
export function phoneNumberIdOf(client: Client, action: string, own?: string): string {
  const id = own ?? client.target.phoneNumberId;
  if (id === undefined || id === '') throw new MissingTargetError(action, 'phoneNumberId');
  return id;
}

/**
 * Returns the WABA ID of an action: its own parameter, otherwise the client's target.
 *
 * @throws `MissingTargetError`
 */
export function wabaIdOf(client: Client, action: string, own?: string): string {
  const id = own ?? client.target.wabaId;
  if (id === undefined || id === '') throw new MissingTargetError(action, 'wabaId');
  return id;
}
