import { webhookError } from '../schemas/message.js';
import type { Scope } from './scope.js';

/** Reads `errors[]` of a value: failures that belong to no item. */
export function readErrors(
  scope: Scope,
  type: 'account.error' | 'history.declined',
  errors: readonly unknown[] = scope.take('errors'),
): void {
  for (const raw of errors) {
    const error = scope.fit(webhookError, raw);
    if (error) scope.emit(type, raw, { error });
  }
}
