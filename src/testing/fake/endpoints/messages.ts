import { isRecord } from '../../../runtime/json.js';
import type { FakeTypedContent } from '../fake-content.js';
import { isMedia } from '../content.js';
import { countAgainstLimits, isWindowOpen } from '../limits.js';
import { accept, type AcceptedMessage } from '../outbound.js';
import { pricingOf } from '../pricing.js';
import { invalidParameter, refuse } from '../refusal.js';
import { digitsOf, personOf, type Person, type World } from '../world.js';
import { optionalText, requiredText, type NumberCall } from './call.js';
import { templateOf } from './template-message.js';

type Answer = Readonly<Record<string, unknown>>;

/** The keys under which messages hold their content. */
const types = [
  'audio',
  'contacts',
  'document',
  'image',
  'interactive',
  'location',
  'pin',
  'reaction',
  'sticker',
  'template',
  'text',
  'video',
] as const;

const mostCallbackData = 512;
const mostText = 4_096;

/** `POST /{phone-number-id}/messages`: a message, or the word that one was read. */
export function postMessage(call: NumberCall): Answer {
  const { number } = call;
  if (number.api === 'suspended') throw refuse(133010, 'The account is not registered: it is being moved to another device.');
  if (requiredText(call, 'messaging_product') !== 'whatsapp') throw invalidParameter('Param messaging_product must be one of {WHATSAPP}.');
  return call.fields.status === undefined ? sendMessage(call) : markAsRead(call);
}

function sendMessage(call: NumberCall): Answer {
  const { state, number, fields } = call;
  const { world } = state;
  const person = recipientOf(call);
  const content = contentOf(call);
  const template = content.type === 'template' ? templateOf(call, content) : undefined;
  if ((optionalText(call, 'biz_opaque_callback_data')?.length ?? 0) > mostCallbackData) {
    throw invalidParameter(`Param biz_opaque_callback_data must be at most ${String(mostCallbackData)} characters long.`);
  }
  if (person.waId === number.waId) throw refuse(131021, 'Recipient phone number cannot be the same as sender phone number.');
  if (!template && !isWindowOpen(world, number, person.waId)) {
    throw refuse(131047, 'Message failed to send because more than 24 hours have passed since the customer last replied to this number.');
  }
  countAgainstLimits(world, number, person.waId);
  const failure = failureOf(world, content);
  const accepted: AcceptedMessage = {
    number,
    person,
    content,
    body: bodyOf(fields),
    pricing: pricingOf(world, number, person.waId, template),
    ...(failure && { failure }),
  };
  const id = accept(state, accepted);
  const to = optionalText(call, 'to');
  return {
    messaging_product: 'whatsapp',
    contacts: [to === undefined ? { input: fields.recipient, user_id: person.userId } : { input: to, wa_id: person.waId }],
    messages: [{ id, ...(template && { message_status: 'accepted' }) }],
  };
}

/** The recipient: `to` wins over `recipient`. */
function recipientOf(call: NumberCall): Person {
  const { world } = call.state;
  const to = optionalText(call, 'to');
  if (call.fields.recipient_type === 'group') throw refuse(131009, 'Groups are not available for this phone number.');
  if (to !== undefined) {
    const waId = digitsOf(to);
    if (waId === '') throw refuse(131009, 'The recipient is not a phone number.');
    return personOf(world, waId);
  }
  const userId = optionalText(call, 'recipient');
  if (userId === undefined) throw invalidParameter('The parameter to is required.');
  const person = [...world.people.values()].find((known) => known.userId === userId);
  if (!person) throw refuse(131026, 'Message was unable to be delivered: no such business-scoped user ID.');
  return person;
}

/** The content in Meta's shape. Without `type` it is a text. */
function contentOf(call: NumberCall): FakeTypedContent {
  const { fields } = call;
  const type = fields.type ?? 'text';
  if (typeof type !== 'string' || !types.some((known) => known === type)) {
    throw invalidParameter(`Param type must be one of {${types.join(', ').toUpperCase()}} - got ${JSON.stringify(type)}.`);
  }
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
    if (content.body.length > mostText) throw invalidParameter(`Param text['body'] must be at most ${String(mostText)} characters long.`);
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

/** What is accepted at first and fails afterwards: a reaction to a message that is not there (131009). */
function failureOf(world: World, content: FakeTypedContent): Answer | undefined {
  const { reaction } = content;
  if (content.type !== 'reaction' || !isRecord(reaction)) return undefined;
  const target = typeof reaction.message_id === 'string' ? world.messages.get(reaction.message_id) : undefined;
  if (target && !target.deleted && target.content.type !== 'reaction') return undefined;
  const title = 'Parameter value is not valid';
  return {
    code: 131009,
    title,
    message: title,
    error_data: { details: 'The message to react to does not exist, was deleted, or is a reaction itself.' },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  };
}

/** The fields without a token that came as a parameter. */
function bodyOf(fields: Answer): Answer {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== 'access_token'));
}

function markAsRead(call: NumberCall): Answer {
  const { fields, number, state } = call;
  if (fields.status !== 'read') throw invalidParameter(`Param status must be one of {READ} - got "${String(fields.status)}".`);
  const messageId = optionalText(call, 'message_id');
  if (messageId === undefined) throw refuse(131008, 'The parameter message_id is required.');
  const message = state.world.messages.get(messageId);
  if (message?.phoneNumberId !== number.id || message.sender !== 'customer') throw refuse(131009, 'No such message was received.');
  if (fields.typing_indicator !== undefined && !(isRecord(fields.typing_indicator) && fields.typing_indicator.type === 'text')) {
    throw refuse(131009, 'typing_indicator.type must be text.');
  }
  for (const earlier of number.chats.get(message.customerWaId) ?? []) {
    if (earlier.sender === 'customer' && earlier.atMs <= message.atMs) earlier.status = 'READ';
  }
  return { success: true };
}
