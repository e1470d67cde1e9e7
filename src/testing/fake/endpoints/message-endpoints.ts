import { isRecord } from '../../../runtime/json.js';
import { refusalOfContent } from '../check-message-content.js';
import { isMedia, textOf } from '../content.js';
import type { FakeTypedContent } from '../fake-content.js';
import { soonMs } from '../fake-state.js';
import { countAgainstLimits, isWindowOpen } from '../send-limits.js';
import { failureOfFile } from '../check-file.js';
import { accept, type AcceptedMessage } from '../outbound.js';
import { findMessage, writeMessageId } from '../message-ids.js';
import { pricingOf } from '../pricing.js';
import { invalidDetails, invalidParameter, refuse, webhookError } from '../refusal.js';
import { isOwnedByOther, setThreadOwner } from '../threads.js';
import { head } from '../webhook-values.js';
import { chatOf, timestamp } from '../chats.js';
import type { Answer, ChatMessage, Person, StoredFile, Template } from '../entities.js';
import { personOf } from '../people.js';
import type { World } from '../world.js';
import { optionalText, requireProduct, requiredText, success, type NumberCall, type Routes } from './call.js';
import { refuseFeatureOnApp } from './app-restrictions.js';
import { recipientOf } from './read-recipient.js';
import { templateOf } from './template-message.js';

const mostCallbackData = 512;
/** In code points: Meta doesn't document how it counts, and this count accepts most. Source: Meta, Text messages (4 Nov 2025). */
const mostText = 4_096;

/** `POST /{phone-number-id}/messages` and `/marketing_messages`. */
export const messageRoutes: Routes<NumberCall> = {
  'POST messages'(call) {
    requireSending(call);
    return call.fields.status === undefined ? sendMessage(call, 'cloud-api') : markAsRead(call);
  },
  'POST marketing_messages'(call) {
    requireSending(call);
    refuseFeatureOnApp(call, 'marketing-messages-api');
    if (call.fields.type !== 'template') throw refuse(134100, 'Only template messages can be sent.');
    return sendMessage(call, 'marketing-messages-api');
  },
};

function requireSending(call: NumberCall): void {
  const { number } = call;
  if (number.api === 'suspended') throw refuse(133010, 'The account is not registered: it is being moved to another device.');
  if (!number.registered) throw refuse(133010, 'The account is not registered.');
  requireProduct(call);
}

function sendMessage(call: NumberCall, product: 'cloud-api' | 'marketing-messages-api'): Answer {
  const { state, number, fields } = call;
  const { world } = state;
  if (fields.recipient_type === 'group') return sendToGroup(call, contentOf(call));
  const person = recipientOf(call);
  const content = contentOf(call);
  const template = content.type === 'template' ? templateOf(call, content) : undefined;
  if ((optionalText(call, 'biz_opaque_callback_data')?.length ?? 0) > mostCallbackData) {
    throw invalidParameter(`Param biz_opaque_callback_data must be at most ${String(mostCallbackData)} characters long.`);
  }
  if (person.waId === number.waId) throw refuse(131021, 'Recipient phone number cannot be the same as sender phone number.');
  if (template) checkTemplateFor(call, template, person, product);
  else if (!isWindowOpen(world, number, person.waId)) {
    throw refuse(131047, 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.');
  }
  if (!template) requireThread(call, person);
  const file = requiredFile(call, content);
  requireFlow(call, fields);
  const refusal = template ? undefined : refusalOfContent(content.type, fields);
  if (refusal) throw refusal;
  countAgainstLimits(world, number, person.waId);
  const failure = failureOf(world, person, content) ?? (file && failureOfFile(content.type, file));
  const quoted = quotedBy(world, fields);
  const accepted: AcceptedMessage = {
    number,
    person,
    content,
    body: bodyOf(fields),
    pricing: pricingOf(world, number, person.waId, template, product),
    ...(failure && { failure }),
    ...(template && { templateId: template.id }),
    ...(quoted && { quotes: quoted.id }),
    addressedBy: optionalText(call, 'to') === undefined ? 'userId' : 'number',
  };
  const id = accept(state, accepted);
  const to = optionalText(call, 'to');
  return {
    messaging_product: 'whatsapp',
    contacts: [to === undefined ? { input: fields.recipient, user_id: person.userId } : { input: to, wa_id: person.waId }],
    messages: [{ id, ...(template && { message_status: 'accepted' }) }],
  };
}

function checkTemplateFor(call: NumberCall, template: Template, person: Person, product: 'cloud-api' | 'marketing-messages-api'): void {
  const { number, state } = call;
  const waba = state.world.wabas.get(number.wabaId);
  if (template.category === 'AUTHENTICATION' && optionalText(call, 'to') === undefined) {
    throw refuse(131062, 'Authentication templates need a phone number.');
  }
  if (product === 'marketing-messages-api' && template.category !== 'MARKETING')
    throw refuse(134100, 'Only marketing templates can be sent.');
  if (template.category !== 'MARKETING') return;
  if (product === 'cloud-api' && String(waba?.settings.disable_marketing_messages_on_cloud_api) === 'true') {
    throw refuse(131063, 'Marketing templates have to be sent by the Marketing Messages API.');
  }
  if (person.stopped.has(number.waId)) throw refuse(131050, 'The user has stopped marketing messages from this business.');
}

/**
 * A service message needs the thread: the escalation partner takes it by sending, any other responder is rejected. Sources: Meta,
 * messaging_handovers webhook reference (22 Sep 2026), and Conversation Routing (12 Oct 2026).
 */
function requireThread({ number, state }: NumberCall, person: Person): void {
  if (!isOwnedByOther(number, person.waId)) return;
  if (number.routing?.role !== 'escalation') throw refuse(131070, 'Another responder owns the thread with this user.');
  setThreadOwner(state, number, person, { type: 'control_taken', owner: 'escalation' });
}

/** A file that is sent by id has to be there. */
function requiredFile({ state: { world }, number }: NumberCall, content: FakeTypedContent): StoredFile | undefined {
  const own = content[content.type];
  if (!isMedia(content.type) || !isRecord(own) || own.id === undefined) return undefined;
  const id = typeof own.id === 'string' ? own.id : '';
  const file = world.files.get(id);
  if (!file || file.expiresAtMs <= world.now() || file.phoneNumberId !== number.id) {
    throw refuse(131009, `The media id ${id} does not exist, or has expired.`);
  }
  return file;
}

/** A flow that is sent by ID has to be a flow of the account. Drafts can be sent in the mode `draft`. */
function requireFlow({ state: { world }, number }: NumberCall, { interactive }: Answer): void {
  const action = isRecord(interactive) && interactive.type === 'flow' ? interactive.action : undefined;
  const { flow_id: id, mode } = isRecord(action) && isRecord(action.parameters) ? action.parameters : {};
  if (typeof id !== 'string' || id === '') return;
  const flow = world.flows.get(id);
  if (flow?.wabaId !== number.wabaId) throw refuse(131009, `The flow ${id} does not exist in this WhatsApp Business account.`);
  if (flow.status === 'DRAFT' && mode !== 'draft') throw refuse(131009, `The flow ${id} is a draft, which needs the mode draft.`);
}

/** A message to a group reaches its participants. The only status is `sent`. */
function sendToGroup(call: NumberCall, content: FakeTypedContent): Answer {
  const { number, state } = call;
  const { world, webhooks } = state;
  refuseFeatureOnApp(call, 'groups-api');
  const group = world.groups.get(requiredText(call, 'to'));
  if (group?.phoneNumberId !== number.id) throw refuse(131041, 'There is no such group.');
  countAgainstLimits(world, number, group.id);
  const id = writeMessageId('number', group.id, 'api', world.ids.messageToken('api'));
  const receivedAt = new Date(world.now());
  const text = textOf(content);
  for (const waId of group.participants) {
    const item = {
      id,
      phoneNumberId: number.id,
      via: 'api',
      receivedAt,
      type: content.type,
      content,
      edited: false,
      deleted: false,
    } as const;
    personOf(world, waId).inbox.push({ ...item, ...(text !== undefined && { text }) });
  }
  const status = { id, status: 'sent', timestamp: timestamp(world.now()), recipient_id: group.id, recipient_type: 'group' };
  const change = webhooks.changeOf(number, 'messages', { ...head(number), statuses: [status] });
  state.agenda.plan({ kind: 'emit', id, change }, soonMs);
  return { messaging_product: 'whatsapp', contacts: [{ input: group.id, wa_id: group.id }], messages: [{ id, group_id: group.id }] };
}

/** The content in Meta's shape. Without `type` it is a text. */
function contentOf(call: NumberCall): FakeTypedContent {
  const { fields } = call;
  const type = fields.type ?? 'text';
  if (typeof type !== 'string') throw invalidParameter('The parameter type is required.');
  const content = fields[type];
  if (content === undefined || content === null) throw refuse(131008, `The parameter ${type} is required for messages of type ${type}.`);
  if (!isRecord(content) && !Array.isArray(content)) throw invalidParameter(`Param ${type} must be an object.`);
  if (isRecord(content)) checkContent(type, content, fields);
  return { type, [type]: content };
}

function checkContent(type: string, content: Answer, fields: Answer): void {
  const missing = (name: string): Error => refuse(131008, `The parameter ${type}['${name}'] is required.`);
  if (type === 'text') {
    if (typeof content.body !== 'string' || content.body === '') throw missing('body');
    if (Array.from(content.body).length > mostText)
      throw invalidParameter(`Param text['body'] must be at most ${String(mostText)} characters long.`);
  }
  if (type === 'reaction') {
    if (typeof content.message_id !== 'string' || content.message_id === '') throw missing('message_id');
    if (typeof content.emoji !== 'string') throw missing('emoji');
    if (fields.context !== undefined) throw invalidParameter('Param context is not supported for messages of type reaction.');
  }
  if (isMedia(type) && (content.id === undefined) === (content.link === undefined)) {
    throw refuse(131009, `Exactly one of ${type}['id'] and ${type}['link'] is needed.`);
  }
  if (type === 'location' && (content.latitude === undefined || content.longitude === undefined)) throw missing('latitude, longitude');
  if (type === 'interactive' && (typeof content.type !== 'string' || !isRecord(content.action))) throw missing('type, action');
}

/** What is accepted at first and fails afterwards: a recipient without WhatsApp, a reaction to a message that is not there. */
function failureOf(world: World, person: Person, content: FakeTypedContent): Answer | undefined {
  if (!person.reachable) return webhookError(131026, 'Message Undeliverable.');
  const { reaction } = content;
  if (content.type !== 'reaction' || !isRecord(reaction)) return undefined;
  const target = typeof reaction.message_id === 'string' ? findMessage(world, reaction.message_id) : undefined;
  if (target && !target.deleted && target.content.type !== 'reaction') return undefined;
  return webhookError(131009, 'The message to react to does not exist, was deleted, or is a reaction itself.');
}

/** The message that a request quotes, by either of its wamids. */
function quotedBy(world: World, { context }: Answer): ChatMessage | undefined {
  return isRecord(context) && typeof context.message_id === 'string' ? findMessage(world, context.message_id) : undefined;
}

/** The fields without a token that came as a parameter. */
function bodyOf(fields: Answer): Answer {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'access_token'));
}

function markAsRead(call: NumberCall): Answer {
  const { fields, number, state } = call;
  const messageId = optionalText(call, 'message_id');
  if (messageId === undefined) throw refuse(131008, 'The parameter message_id is required.');
  const message = findMessage(state.world, messageId);
  if (message?.phoneNumberId !== number.id) throw invalidDetails('Please check the message ID you have provided.');
  if (message.sender !== 'customer') {
    const words = `Message supplied to mark message as read API with message ID: ${messageId} is outgoing.`;
    throw invalidDetails(`${words} Please use an incoming message ID.`);
  }
  if (fields.typing_indicator !== undefined && !(isRecord(fields.typing_indicator) && fields.typing_indicator.type === 'text')) {
    throw refuse(131009, 'typing_indicator.type must be text.');
  }
  for (const earlier of chatOf(state.world, number, message.customerWaId)) {
    if (earlier.sender === 'customer' && earlier.atMs <= message.atMs) earlier.status = 'READ';
  }
  return success;
}
