import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { isRecord } from '../../runtime/json.js';
import { joinGroup } from './endpoints/group-endpoints.js';
import type { FakeState } from './fake-state.js';
import type { BusinessNumber, Group, Person } from './entities.js';
import { customerOf, shownIds } from './people.js';

/** A customer rings a business, which may call back from then on. Gives the id of the call. */
export function ringBusiness({ world, webhooks }: FakeState, number: BusinessNumber, person: Person): string {
  const calling = number.stored.get('settings')?.calling;
  const isOpen = isRecord(calling) && calling.status === 'ENABLED';
  if (!isOpen)
    throw new InvalidArgumentError('fake.customer', 'phoneNumberId', `${number.displayPhoneNumber} takes no calls: calling is not enabled`);
  const id = world.ids.wacid();
  world.calls.set(id, {
    id,
    phoneNumberId: number.id,
    customerWaId: person.waId,
    direction: 'USER_INITIATED',
    acceptedAtMs: undefined,
  });
  number.stored.set('call_permissions', { ...number.stored.get('call_permissions'), [person.waId]: true });
  // A call opens the service window as a message does.
  number.lastInboundAtMs.set(person.waId, world.now());
  webhooks.emitEvent(number, 'call', { customer: customerOf(person), call: { id, event: 'connect', direction: 'USER_INITIATED' } });
  return id;
}

/** A person joins a group, or requests to join if the business approves members. */
export function askToJoin(state: FakeState, number: BusinessNumber, group: Group, person: Person): void {
  if (group.joinApprovalMode !== 'approval_required') {
    joinGroup(state, number, group, person.waId);
    return;
  }
  const requestId = state.world.ids.requestId();
  group.joinRequests.set(requestId, person.waId);
  state.webhooks.emitEvent(number, 'group_participants_update', {
    value: { type: 'group_join_request_created', group_id: group.id, join_request_id: requestId, ...shownIds(person) },
  });
}
