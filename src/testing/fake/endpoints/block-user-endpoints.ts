import { refuse, refusePart, webhookError } from '../refusal.js';
import { digitsOf } from '../digits.js';
import type { Answer, Person } from '../entities.js';
import { personOf, personWithUserId } from '../people.js';
import { findNumber } from '../world.js';
import { listOf, recordsOf, requireProduct, type NumberCall, type Routes } from './call.js';
import { pageOf } from './listing.js';

const edge = 'block_users';
/** Only who wrote within the last day can be blocked, and so many in all. Source: Meta, Block users (27 Oct 2025). */
const recentMs = 24 * 60 * 60 * 1_000;
const mostBlocked = 64_000;
const userIdForm = /^[A-Z]{2}\./;

/** `/{phone-number-id}/block_users`. */
export const blockUserRoutes: Routes<NumberCall> = {
  [`GET ${edge}`](call) {
    const { world } = call.state;
    const items = [...call.number.blocked].map((waId) => {
      const { hidesNumber, userId } = personOf(world, waId);
      return { messaging_product: 'whatsapp', ...(hidesNumber ? { user_id: userId } : { wa_id: waId }) };
    });
    return pageOf(call, items);
  },
  [`POST ${edge}`](call) {
    const { number, state } = call;
    return change(call, 'added_users', ({ waId }) => {
      const wroteAtMs = number.lastInboundAtMs.get(waId);
      if (findNumber(state.world, waId)) return 'Businesses cannot be blocked.';
      if (wroteAtMs === undefined || state.world.now() - wroteAtMs >= recentMs) return 'The user has not written within the last 24 hours.';
      if (number.blocked.size >= mostBlocked) return 'The block list is full.';
      number.blocked.add(waId);
      return undefined;
    });
  },
  [`DELETE ${edge}`]: (call) =>
    change(call, 'removed_users', ({ waId }) => (call.number.blocked.delete(waId) ? undefined : 'The user is not blocked.')),
};

/** Does it for each and says for whom it went well. @throws `Refusal` 139100 with both lists, if not for all. */
function change(call: NumberCall, done: 'added_users' | 'removed_users', act: (person: Person) => string | undefined): Answer {
  requireProduct(call);
  const users = recordsOf(listOf(call, 'block_users')).map(
    ({ user, user_id: userId }) => [user, userId].find((id): id is string => typeof id === 'string') ?? '',
  );
  if (users.length === 0) throw refuse(131008, 'The parameter block_users is required.');
  const changed: Answer[] = [];
  const failed: Answer[] = [];
  for (const input of users) {
    const person = personOfInput(call, input);
    const problem = person ? act(person) : 'The user does not exist.';
    const item = {
      input,
      ...(person && namesOf(person, input)),
    };
    if (problem === undefined) changed.push(item);
    else failed.push({ ...item, errors: [webhookError(139100, problem)] });
  }
  const answer = { messaging_product: 'whatsapp', block_users: { [done]: changed, ...(failed.length > 0 && { failed_users: failed }) } };
  if (failed.length > 0) throw refusePart(139100, 'Failed to block or unblock some users.', answer);
  return answer;
}

/** A person who is named by user ID stays without a number. Source: Meta, Business-scoped user IDs (29 Jun 2026). */
function namesOf({ waId, userId }: Person, input: string): Answer {
  return userIdForm.test(input) ? { wa_id: '', user_id: userId } : { wa_id: waId };
}

function personOfInput({ state: { world } }: NumberCall, input: string): Person | undefined {
  if (userIdForm.test(input)) return personWithUserId(world, input);
  const waId = digitsOf(input);
  return waId === '' ? undefined : personOf(world, waId);
}
