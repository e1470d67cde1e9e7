import { readErrors } from './errors.js';
import { personOf, readLive } from './messages.js';
import type { Scope } from './scope.js';

/**
 * Reads the field `smb_message_echoes`: what somebody did in the Business app. Every item in it is an echo, under any name of
 * the list, and never a message of a customer.
 */
export function readEchoes(scope: Scope): void {
  for (const name of ['message_echoes', 'smb_message_echoes', 'messages'] as const) {
    for (const raw of scope.take(name)) readLive(scope, raw, 'echo', personOf(scope, raw, 'to'));
  }
  readErrors(scope, 'account.error');
}
