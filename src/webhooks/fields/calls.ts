import { samePhoneNumber } from '../../identity/phone-number.js';
import type { CallDetails } from '../events/calls.js';
import { call, callStatus } from '../schemas/calls.js';
import { readErrors } from './errors.js';
import { textOf, timeOf } from './loose.js';
import { personOf } from './messages.js';
import type { Scope } from './scope.js';

/** Reads the field `calls`. */
export function readCalls(scope: Scope): void {
  for (const raw of scope.take('calls')) {
    const item = scope.fit(call, raw);
    if (!item) continue;
    const customer = personOf(scope, raw, isOutgoing(scope, item) ? 'to' : 'from');
    scope.emit('call', raw, { call: item }, { customer, occurredAt: timeOf(item.timestamp), ids: [item.id, item.event] });
  }
  for (const raw of scope.take('statuses')) {
    const status = scope.fit(callStatus, raw);
    if (!status) continue;
    const { id, status: state, timestamp, recipient_id: recipient, recipient_user_id: userId } = status;
    const customer = personOf(scope, raw, 'recipient');
    const ids = [id, state, textOf(timestamp), recipient ?? userId];
    scope.emit('call.status', raw, { status }, { customer, occurredAt: timeOf(timestamp), ids });
  }
  readErrors(scope, 'account.error');
}

function isOutgoing(scope: Scope, { direction, from }: CallDetails): boolean {
  if (direction !== undefined) return direction === 'BUSINESS_INITIATED';
  return samePhoneNumber(from, scope.displayPhoneNumber);
}
