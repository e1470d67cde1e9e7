import type { FakeState } from '../fake-state.js';
import { invalidParameter, refuse } from '../refusal.js';
import type { BusinessNumber } from '../entities.js';
import { personWithUserId } from '../people.js';
import { requireProduct, requiredText, success, type NumberCall, type Routes } from './call.js';

/** Letters, digits, full stops and underscores. Source: Meta, Usernames (10 Mar 2026). */
const form = /^(?=.*[A-Za-z])(?!\.|www)(?!.*\.\.)[A-Za-z0-9._]{3,35}(?<!\.)$/;

/**
 * Changes the username of a business and reports it. A deleted username is not named. Source: Meta, Business-scoped user IDs, `context` since
 * 15 Sep 2026.
 */
export function setUsername(
  { world, webhooks }: FakeState,
  number: BusinessNumber,
  username: string | undefined,
  context?: 'revoked',
): void {
  number.username = username === undefined ? undefined : { username, status: 'approved' };
  const value = {
    display_phone_number: number.waId,
    ...(username !== undefined && { username }),
    status: username === undefined ? 'deleted' : 'approved',
    ...(context && { context }),
  };
  webhooks.emit(number, 'business_username_updates', value, { time: Math.floor(world.now() / 1_000) });
}

/** `/{phone-number-id}/username` and what goes with it. */
export const usernameRoutes: Routes<NumberCall> = {
  'GET username': ({ number }) => number.username ?? { username: '' },
  'POST username'(call) {
    const { number, state } = call;
    const { world } = state;
    const username = requiredText(call, 'username');
    if (!form.test(username)) throw invalidParameter('Param username has to have 3 to 35 letters, digits, full stops or underscores.');
    const owner = [...world.numbers.values()].find((other) => other.id !== number.id && other.username?.username === username);
    if (owner) {
      const isOurs = world.wabas.get(owner.wabaId)?.businessId === world.wabas.get(number.wabaId)?.businessId;
      if (!isOurs) throw refuse(147001, 'The username is taken.');
      if (call.fields.transfer_action !== 'force_transfer') throw refuse(147005, 'The username is in use on another of your numbers.');
      owner.username = undefined;
    }
    setUsername(state, number, username);
    return { status: 'approved' };
  },
  'DELETE username'({ number, state }) {
    if (!number.username) throw invalidParameter('The phone number has no username.');
    setUsername(state, number, undefined);
    return success;
  },
  'GET username_suggestions'({ number }) {
    const name = number.verifiedName
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '.')
      .replace(/^\.+|\.+$/g, '');
    return { data: [{ username_suggestions: [name, `${name}.shop`, `${name}_${number.waId.slice(-4)}`] }] };
  },
  'DELETE contact_book'(call) {
    requireProduct(call);
    const person = personWithUserId(call.state.world, requiredText(call, 'bsuid'));
    return { success: true, deleted: person !== undefined };
  },
};
