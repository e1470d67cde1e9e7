import { MissingTargetError } from '../errors/usage-errors.js';
import type { Client } from './client.js';

/** The number an action is for: its own parameter, else the client's target. @throws `MissingTargetError` */
export function phoneNumberIdOf(client: Client, action: string, own?: string): string {
  const id = own ?? client.target.phoneNumberId;
  if (id === undefined || id === '') throw new MissingTargetError(action, 'phoneNumberId');
  return id;
}

/** The WABA an action is for: its own parameter, else the client's target. @throws `MissingTargetError` */
export function wabaIdOf(client: Client, action: string, own?: string): string {
  const id = own ?? client.target.wabaId;
  if (id === undefined || id === '') throw new MissingTargetError(action, 'wabaId');
  return id;
}
