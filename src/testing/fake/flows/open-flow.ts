import { InvalidArgumentError } from '../../../errors/invalid-argument-error.js';
import { isRecord } from '../../../runtime/json.js';
import type { FakeState } from '../fake-state.js';
import { findMessage } from '../message-ids.js';
import type { Flow, Person } from '../entities.js';
import { findNumber } from '../world.js';
import { FlowSession } from './flow-session.js';
import type { FakeFlow, FakeFlowOptions } from './fake-flow.js';

/** Sends the reply of a Flow. Returns its wamid. */
export type SendReply = (phoneNumberId: string, values: Readonly<Record<string, unknown>>, replyTo: string) => string;

/**
 * Opens the Flow of a message that a customer received.
 *
 * @throws `InvalidArgumentError` if the message contains no Flow, or the Flow has no JSON
 */
export async function openFlow(
  state: FakeState,
  person: Person,
  messageId: string,
  options: FakeFlowOptions,
  send: SendReply,
): Promise<FakeFlow> {
  const { world } = state;
  const message = findMessage(world, messageId);
  const isReceived = message !== undefined && person.inbox.some(({ id }) => id === message.id);
  const number = message && findNumber(world, message.phoneNumberId);
  const interactive = isReceived && isRecord(message.content.interactive) ? message.content.interactive : {};
  const action = isRecord(interactive.action) ? interactive.action : {};
  const parameters = interactive.type === 'flow' && isRecord(action.parameters) ? action.parameters : undefined;
  if (!message || !number || !parameters) throw problem('messageId', `belongs to no message with a Flow that ${person.waId} received`);
  const flow = [...world.flows.values()].find(
    ({ id, name, wabaId }) => wabaId === number.wabaId && (id === parameters.flow_id || name === parameters.flow_name),
  );
  if (!flow) throw problem('messageId', 'names a Flow that does not exist. Create it with createFlow');
  const json = readJson(flow);
  if (!json) throw problem('messageId', `names the Flow ${flow.id}, which has no JSON with screens. Upload one with uploadFlowJson`);
  const session = new FlowSession({
    ...{ world, number, flow, json, endpoint: options.endpoint ?? flow.endpointUri },
    token: typeof parameters.flow_token === 'string' ? parameters.flow_token : 'unused',
    complete: (values) => send(number.id, values, message.id),
  });
  const payload = isRecord(parameters.flow_action_payload) ? parameters.flow_action_payload : {};
  if (parameters.flow_action === 'data_exchange') await session.requestStart();
  else session.showStart(payload.screen, payload.data);
  return session;
}

function readJson({ json }: Flow): Readonly<Record<string, unknown>> | undefined {
  try {
    const content: unknown = JSON.parse(json ?? '');
    return isRecord(content) && Array.isArray(content.screens) && content.screens.length > 0 ? content : undefined;
  } catch {
    return undefined;
  }
}

function problem(option: string, rule: string): InvalidArgumentError {
  return new InvalidArgumentError('customer.openFlow', option, rule);
}
