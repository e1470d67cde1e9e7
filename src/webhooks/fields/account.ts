import { defined } from '../../runtime/json.js';
import { accountUpdate } from '../schemas/account.js';
import { digitsOf } from './loose.js';
import type { Scope } from './scope.js';

/** Reads the field `account_update`: the events of coexistence by their own names, every other as `account.update`. */
export function readAccountUpdate(scope: Scope): void {
  const raw = scope.value;
  const value = scope.fit(accountUpdate, raw);
  if (!value) return;
  // Meta's changelog wrote some of them in lower case.
  const event = value.event.toUpperCase();
  if (event === 'ACCOUNT_OFFBOARDED') {
    scope.emit('account.offboarded', raw, {});
  } else if (event === 'ACCOUNT_RECONNECTED') {
    scope.emit('account.reconnected', raw, {});
  } else if (event === 'PARTNER_REMOVED') {
    const { reason, initiated_by: initiatedBy } = value.disconnection_info ?? {};
    const phoneNumber = digitsOf(value.phone_number);
    scope.emit('account.disconnected', raw, defined({ reason, initiatedBy, phoneNumber }));
  } else {
    scope.emit('account.update', raw, { event: value.event, value: { ...value } });
  }
}
