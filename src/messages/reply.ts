import { ApiPromise } from '../client/api-promise.js';
import type { Client, RequestOptions } from '../client/client.js';
import { parameterError } from '../client/parameters.js';
import { checkObject } from '../errors/check-options.js';
import { InvalidArgumentError } from '../errors/invalid-argument-error.js';
import { recipientOf, type MessageRecipient } from '../identity/recipient.js';
import { isRecord } from '../runtime/json.js';
import type { CallEvent, CallStatusEvent } from '../webhooks/fields/calls.js';
import type { EchoEditEvent, EchoEvent, EchoRevokeEvent } from '../webhooks/fields/echoes.js';
import type { MessageEditEvent, MessageEvent, MessageRevokeEvent, StatusEvent, UserActionEvent } from '../webhooks/fields/messages.js';
import type { UserPreferenceEvent } from '../webhooks/fields/users.js';
import type { MessageEnvelope } from './outgoing/envelope.js';
import type { ContentFor } from './outgoing/coexistence-message.js';
import { sendMessage, type SendMessageParameters, type SentMessage } from './send-message.js';

/** Events of one conversation, which give a reply its recipient. The compiler rejects other events. */
export type ReplyableEvent =
  | MessageEvent
  | MessageEditEvent
  | MessageRevokeEvent
  | StatusEvent
  | EchoEvent
  | EchoEditEvent
  | EchoRevokeEvent
  | UserActionEvent
  | UserPreferenceEvent
  | CallEvent
  | CallStatusEvent;

const recipientFields: ReadonlySet<string> = new Set(['to', 'recipient', 'recipient_type']);

type WithoutRecipient<Message> = Message extends MessageEnvelope ? Omit<Message, 'to' | 'recipient' | 'recipient_type'> : never;

/** Content of a reply, for example the result of `text('…')`. */
export type ReplyContent<Coexistence extends boolean = boolean> = WithoutRecipient<ContentFor<Coexistence>>;

/** Options of {@link replyTo}. */
export interface ReplyOptions {
  /**
   * Quotes the message of the event above the reply. Events without a message, such as calls, can't be quoted.
   * @defaultValue `false`
   */
  readonly quote?: boolean | undefined;
}

/** A reply with its recipient, ready to send. */
export type ReplyMessage<Content> = Omit<Content, 'to' | 'recipient' | 'recipient_type'> & MessageRecipient;

/**
 * Builds a reply to the conversation of a webhook event, for `sender.send`, `sender.enqueue` or {@link sendMessage}.
 * Use {@link reply} to send it immediately.
 *
 * The recipient is the customer's phone number. For people who hide their number, it is their user ID, in the field
 * `recipient`. A reply to a group message is sent to the group.
 *
 * Source: Meta, Business-scoped user IDs (29 Jun 2026).
 *
 * @param event - An event of a conversation, for example `message`. Events without a recipient don't compile.
 * @param content - The content, for example `text('Hello')`. A recipient in it is ignored.
 * @param options - Whether to quote. See {@link ReplyOptions}.
 * @throws {@link InvalidArgumentError} if the event has neither a phone number nor a user ID. Meta doesn't deliver to
 * usernames.
 *
 * @example
 * ```ts
 * import { createClient, createSender, replyTo } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * const sender = createSender({
 *   client: createClient({ accessToken: 'token', phoneNumberId: '106540352242922' }),
 *   webhooks,
 * });
 * webhooks.on('message', async (event) => {
 *   await sender.send(replyTo(event, text('We open at nine.')), { key: event.key });
 * });
 * ```
 */
export function replyTo<const Content extends ReplyContent>(
  event: ReplyableEvent,
  content: Content,
  options: ReplyOptions = {},
): ReplyMessage<Content> {
  try {
    return buildReply('replyTo', event, content, options);
  } catch (error) {
    throw parameterError('replyTo', error);
  }
}

/** Builds a reply. `action` is the name of the function in errors. */
function buildReply<const Content extends ReplyContent>(
  action: 'reply' | 'replyTo',
  event: ReplyableEvent,
  content: Content,
  options: ReplyOptions,
): ReplyMessage<Content> {
  checkObject(action, 'options', options);
  if (!isRecord(event)) throw new InvalidArgumentError(action, 'event', 'must be an event of your webhooks');
  if (!isRecord(content))
    throw new InvalidArgumentError(action, 'content', "must be a message without a recipient, for example text('Hello')");
  const groupId = readGroupId(event);
  const target = groupId === undefined ? recipientOf(event.customer) : { to: groupId, recipient_type: 'group' };
  if (!target) {
    const rule = `of type "${event.type}" has no phone number or user ID of a customer to reply to`;
    throw new InvalidArgumentError(action, 'event', rule);
  }
  const messageId = options.quote === true ? readMessageId(event) : undefined;
  const message = {
    ...Object.fromEntries(Object.entries(content).filter(([name]) => !recipientFields.has(name))),
    ...target,
    ...(messageId !== undefined && { context: { message_id: messageId } }),
  };
  // The type excludes groups, because coexistence numbers have none, and their clients wouldn't accept a message to a
  // group.
  return message as ReplyMessage<Content>;
}

/**
 * Replies to the conversation of a webhook event, from the number that received it. See {@link replyTo} for the
 * recipient.
 *
 * You can send free-form messages within 24 hours of the customer's last message. Outside this window, send a template.
 *
 * Permission: `whatsapp_business_messaging`. `POST /{phone-number-id}/messages`. Source: Meta, Send messages (4 Nov
 * 2025), and Business-scoped user IDs (29 Jun 2026).
 *
 * @param client - A client for any number of the account. The reply is sent from the number in the event.
 * @param event - An event of a conversation, for example `message`. Events without a recipient don't compile.
 * @param content - The content, for example `text('Hello')`.
 * @param options - Whether to quote, and options of the request. See {@link ReplyOptions} and {@link RequestOptions}.
 * @returns Meta's response. The promise rejects with the errors of {@link sendMessage}.
 * @throws {@link InvalidArgumentError} if the event has neither a phone number nor a user ID.
 *
 * @example
 * ```ts
 * import { createClient, reply } from 'wa-coexist';
 * import { text } from 'wa-coexist/messages';
 * import { createWebhooks } from 'wa-coexist/webhooks';
 *
 * const client = createClient({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const webhooks = createWebhooks({ appSecret: 'app-secret', verifyToken: 'verify-token' });
 * webhooks.on('message', async (event) => {
 *   await reply(client, event, text('We open at nine.'), { quote: true });
 * });
 * ```
 */
export function reply<Coexistence extends boolean>(
  client: Client<Coexistence>,
  event: ReplyableEvent,
  content: ReplyContent<Coexistence>,
  options: ReplyOptions & RequestOptions = {},
): ApiPromise<SentMessage> {
  try {
    const { quote, ...request } = options;
    const { phoneNumberId } = event;
    const anyContent: ReplyContent = content;
    const message = buildReply('reply', event, anyContent, { quote });
    // `content` fits this client, and the recipient doesn't change that.
    const parameters = { ...message, ...(phoneNumberId !== undefined && { phoneNumberId }) } as SendMessageParameters<Coexistence>;
    return sendMessage(client, parameters, request);
  } catch (error) {
    return new ApiPromise(Promise.reject(parameterError('reply', error)));
  }
}

function readGroupId(event: ReplyableEvent): string | undefined {
  if (event.type === 'message') return event.message.group_id;
  if (event.type === 'status' && event.status.recipient_type === 'group') return event.status.recipient_id;
  return undefined;
}

function readMessageId(event: ReplyableEvent): string | undefined {
  switch (event.type) {
    case 'message':
    case 'echo':
      return event.message.id;
    case 'message.edit':
    case 'echo.edit':
      return event.originalMessageId;
    case 'status':
      return event.status.id;
    default:
      // A deleted message can't be quoted.
      return undefined;
  }
}
