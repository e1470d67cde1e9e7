import { isRecord } from '../../../runtime/json.js';
import { invalidParameter, refuse } from '../refusal.js';
import { digitsOf } from '../digits.js';
import { timestamp } from '../chats.js';
import type { Answer, Person, PhoneCall } from '../entities.js';
import { customerOf, personOf, personWithUserId } from '../people.js';
import { optionalText, requireProduct, requiredText, type NumberCall, type Routes } from './call.js';
import { refuseFeatureOnApp } from './app-restrictions.js';

/** `/{phone-number-id}/calls` and `/call_permissions`: not for numbers on the Business app. */
export const callRoutes: Routes<NumberCall> = {
  'POST calls'(call) {
    const { number, state } = call;
    refuseFeatureOnApp(call, 'calling-api');
    requireProduct(call);
    const calling = number.stored.get('settings')?.calling;
    if (!isRecord(calling) || calling.status !== 'ENABLED') throw refuse(138000, 'Calling is not enabled for this phone number.');
    const action = requiredText(call, 'action');
    if (action === 'connect') return connect(call);
    const ongoing = state.world.calls.get(requiredText(call, 'call_id'));
    if (ongoing?.phoneNumberId !== number.id) throw invalidParameter('There is no such call.');
    switch (action) {
      case 'pre_accept':
      case 'accept':
        requireSession(call, 'answer');
        if (action === 'accept') ongoing.acceptedAtMs = state.world.now();
        break;
      case 'reject':
      case 'terminate':
        endCall(call, ongoing, action === 'reject' ? 'FAILED' : 'COMPLETED');
        break;
      default:
        throw invalidParameter('Param action must be one of {CONNECT, PRE_ACCEPT, ACCEPT, REJECT, TERMINATE}.');
    }
    return { messaging_product: 'whatsapp', success: true };
  },
  'GET call_permissions'(call) {
    refuseFeatureOnApp(call, 'calling-api');
    const person = calledPerson(call, 'user_wa_id');
    const isAllowed = mayCall(call, person);
    return {
      messaging_product: 'whatsapp',
      permission: { status: isAllowed ? 'permanent' : 'no_permission' },
      actions: [
        {
          action_name: 'send_call_permission_request',
          can_perform_action: !isAllowed,
          limits: [
            { time_period: 'PT24H', max_allowed: 1, current_usage: 0 },
            { time_period: 'P7D', max_allowed: 2, current_usage: 0 },
          ],
        },
        { action_name: 'start_call', can_perform_action: isAllowed, limits: [{ time_period: 'PT24H', max_allowed: 10, current_usage: 0 }] },
      ],
    };
  },
};

function connect(call: NumberCall): Answer {
  const { number, state } = call;
  const person = calledPerson(call, 'to');
  requireSession(call, 'offer');
  if (!mayCall(call, person)) throw refuse(138006, 'The user has not permitted calls from this phone number.');
  const made: PhoneCall = {
    id: state.world.ids.wacid(),
    phoneNumberId: number.id,
    customerWaId: person.waId,
    direction: 'BUSINESS_INITIATED',
    acceptedAtMs: undefined,
  };
  state.world.calls.set(made.id, made);
  const status = { id: made.id, status: 'RINGING' };
  state.webhooks.emitEvent(number, 'call.status', { customer: customerOf(person), status });
  return { messaging_product: 'whatsapp', calls: [{ id: made.id }] };
}

function endCall({ number, state }: NumberCall, { id, customerWaId, direction, acceptedAtMs }: PhoneCall, status: string): void {
  const { world, webhooks } = state;
  world.calls.delete(id);
  const person = personOf(world, customerWaId);
  const endedAtMs = world.now();
  const spoken =
    acceptedAtMs === undefined
      ? {}
      : {
          start_time: timestamp(acceptedAtMs),
          end_time: timestamp(endedAtMs),
          duration: Math.round((endedAtMs - acceptedAtMs) / 1_000),
        };
  webhooks.emitEvent(number, 'call', {
    customer: customerOf(person),
    call: { id, event: 'terminate', direction, timestamp: timestamp(endedAtMs), status, ...spoken },
  });
}

function calledPerson(call: NumberCall, field: 'to' | 'user_wa_id'): Person {
  const { world } = call.state;
  const waId = digitsOf(optionalText(call, field) ?? '');
  if (waId !== '') return personOf(world, waId);
  const person = personWithUserId(world, requiredText(call, 'recipient'));
  if (!person) throw refuse(131026, 'There is no such business-scoped user ID.');
  return person;
}

/** A person who has called permits calls back; others must be asked for permission first. */
function mayCall({ number }: NumberCall, { waId }: Person): boolean {
  return number.stored.get('call_permissions')?.[waId] === true;
}

function requireSession({ fields }: NumberCall, sdpType: 'offer' | 'answer'): void {
  const { session } = fields;
  if (!isRecord(session) || session.sdp_type !== sdpType || typeof session.sdp !== 'string') {
    throw refuse(131008, `The parameter session with an sdp of the type ${sdpType} is required.`);
  }
}
