import type { AccountErrorEvent } from '../events/base.js';
import { webhookError } from './message-schema.js';
import type { Scope } from './scope.js';

/** Reads `errors[]` of a value: errors that concern no item. */
export function readErrors(scope: Scope<AccountErrorEvent, 'errors'>): void {
  for (const raw of scope.take('errors')) {
    const error = scope.fit(webhookError, raw);
    if (error) scope.emit('account.error', raw, { error });
  }
}
