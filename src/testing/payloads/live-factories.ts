import type { WebhookError } from '../../webhooks/events/base.js';
import type { CallDetails, CallStatus } from '../../webhooks/fields/calls.js';
import { contactEntry, type Change, type PersonFacts, type WebhookValue } from '../fake/webhook-values.js';
import type { Factories } from './factories.js';
import { echoItem, editMembers, incomingItem, membersOf, revokeMembers, statusItem } from './message-items.js';
import { customerChange, numberChange, sceneOf, wamid, type Scene } from './scene.js';

/** Payloads of what happens between a business and its customers. */
export const liveFactories: Factories<
  | 'message'
  | 'message.edit'
  | 'message.revoke'
  | 'status'
  | 'user_actions'
  | 'conversation_context'
  | 'account.error'
  | 'echo'
  | 'echo.edit'
  | 'echo.revoke'
  | 'call'
  | 'call.status'
  | 'standby.message'
  | 'standby.echo'
  | 'standby.status'
> = {
  message: ({ message, ...place }) => messageChange(sceneOf(place), membersOf(message)),
  'message.edit'(overrides) {
    const scene = sceneOf(overrides);
    return messageChange(
      scene,
      editMembers(overrides, () => wamid(scene.person, 'customer')),
    );
  },
  'message.revoke'(overrides) {
    const scene = sceneOf(overrides);
    return messageChange(
      scene,
      revokeMembers(overrides, () => wamid(scene.person, 'customer')),
    );
  },
  status({ status, ...place }) {
    const scene = sceneOf(place);
    return customerChange(scene, 'messages', { statuses: [statusItem(scene, status)] });
  },
  user_actions({ value, ...place }) {
    const scene = sceneOf(place);
    const action = {
      action_type: 'marketing_messages_link_click',
      timestamp: scene.timestamp,
      marketing_messages_link_click_data: { click_component: 'cta', click_id: 'EXAMPLECLICK' },
      ...value,
    };
    return customerChange(scene, 'messages', { user_actions: [action] });
  },
  conversation_context: ({ value, ...place }) =>
    customerChange(sceneOf(place), 'messages', {
      conversation_context: { type: 'summary', summary: { text: 'Asks when the order is ready.' }, ...value },
    }),
  'account.error': ({ error, ...place }) => numberChange(sceneOf(place), 'messages', { errors: [{ ...somethingWentWrong, ...error }] }),
  echo: ({ message, ...place }) => echoChange(sceneOf(place), membersOf(message)),
  'echo.edit'(overrides) {
    const scene = sceneOf(overrides);
    return echoChange(
      scene,
      editMembers(overrides, () => wamid(scene.person, 'app')),
    );
  },
  'echo.revoke'(overrides) {
    const scene = sceneOf(overrides);
    return echoChange(
      scene,
      revokeMembers(overrides, () => wamid(scene.person, 'app')),
    );
  },
  call({ call, ...place }) {
    const scene = sceneOf(place);
    return customerChange(scene, 'calls', { calls: [callItem(scene, call)] });
  },
  'call.status'({ status, ...place }) {
    const scene = sceneOf(place);
    const item: CallStatus = { ...statusItem(scene), id: wacid(scene.person, 'api'), type: 'call', status: 'RINGING', ...status };
    return customerChange(scene, 'calls', { statuses: [item] });
  },
  'standby.message'({ message, ...place }) {
    const scene = sceneOf(place);
    return standbyChange(scene, { messages: [incomingItem(scene, membersOf(message))] });
  },
  'standby.echo'({ message, ...place }) {
    const scene = sceneOf(place);
    return standbyChange(scene, { message_echoes: [echoItem(scene, membersOf(message))] });
  },
  'standby.status'({ status, ...place }) {
    const scene = sceneOf(place);
    return standbyChange(scene, { statuses: [statusItem(scene, status)] });
  },
};

const somethingWentWrong: WebhookError = {
  code: 131000,
  title: 'Something went wrong',
  message: 'Something went wrong',
  error_data: { details: 'The message could not be sent for an unknown reason.' },
};

function messageChange(scene: Scene, members: WebhookValue): Change {
  return customerChange(scene, 'messages', { messages: [incomingItem(scene, members)] });
}

function echoChange(scene: Scene, members: WebhookValue): Change {
  return customerChange(scene, 'smb_message_echoes', { message_echoes: [echoItem(scene, members)] });
}

function standbyChange(scene: Scene, items: WebhookValue): Change {
  return numberChange(scene, 'standby', { standby: { contacts: [contactEntry(scene.person)], ...items } });
}

/** An item of `calls`: a customer rings, unless the business does. */
function callItem({ number, person, timestamp }: Scene, call: Partial<CallDetails> = {}): CallDetails {
  const { event = 'connect', direction = 'USER_INITIATED' } = call;
  const isOutgoing = direction === 'BUSINESS_INITIATED';
  return {
    id: wacid(person, isOutgoing ? 'api' : 'customer'),
    event,
    direction,
    timestamp,
    ...(isOutgoing
      ? { from: number.waId, ...(!person.hidesNumber && { to: person.waId }), to_user_id: person.userId }
      : { ...(!person.hidesNumber && { from: person.waId }), from_user_id: person.userId, to: number.waId }),
    ...(event === 'connect' && { session: { sdp_type: isOutgoing ? 'answer' : 'offer', sdp: 'v=0\r\n' } }),
    ...call,
  };
}

function wacid(person: PersonFacts, sender: 'customer' | 'api'): string {
  return wamid(person, sender).replace('wamid', 'wacid');
}
