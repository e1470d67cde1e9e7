import type { AccountUpdate, DisconnectionReason } from '../../webhooks/fields/account-update.js';
import type { FieldEvent, OpenEnum, WebhookError } from '../../webhooks/events/base.js';
import type { CallDetails, CallStatus } from '../../webhooks/fields/calls.js';
import type { AppContact } from '../../webhooks/fields/contacts.js';
import type { WebhookEvent, WebhookEventOf } from '../../webhooks/fields/registry.js';
import type { MessageDirection, HistoryMessage } from '../../webhooks/fields/history.js';
import type {
  EditContent,
  EchoMessage,
  MessageContent,
  MessageHead,
  RevokeContent,
  UnknownContent,
} from '../../webhooks/events/message-content.js';
import type { MessageStatus } from '../../webhooks/fields/messages.js';
import type { FieldExamples } from '../../webhooks/fields/registry.js';
import type { SentValue } from '../../webhooks/parsing/field-example.js';
import type { CustomerPayloadPlace, NumberPayloadPlace, PayloadPlace } from './place.js';

/** What a message of a payload says, in Meta's shape. Ids, types and checksums of files are made up where they are missing. */
export type PayloadContent = Exclude<MessageContent, UnknownContent>;
/** A text, or members of a message in Meta's shape; the others are made up. */
export type PayloadMembers<Head, Content> = string | (Partial<Head> & (Content | { readonly type?: never }));
/** A message of a customer. */
export type PayloadMessage = PayloadMembers<MessageHead, PayloadContent>;
/** A message that was written in the app. */
export type PayloadEcho = PayloadMembers<MessageHead & Pick<EchoMessage, 'to' | 'to_user_id' | 'to_parent_user_id'>, PayloadContent>;
/** A message that is only mentioned. */
export type PayloadPastMessage = PayloadMembers<
  MessageHead & Pick<EchoMessage, 'to' | 'to_user_id' | 'to_parent_user_id'>,
  PayloadContent | EditContent | RevokeContent
>;

/** A message of the past, as `HistoryMessage` has it. */
export interface PayloadHistoryMessage {
  /** @defaultValue `'inbound'` */
  readonly direction?: MessageDirection;
  /** @defaultValue that of the payload */
  readonly occurredAt?: Date;
  /** @defaultValue `'READ'` */
  readonly status?: NonNullable<HistoryMessage['status']>;
  /** @defaultValue `'Hello'` */
  readonly message?: PayloadPastMessage;
}

/** Messages with one person, as `HistoryThread` has them. */
export interface PayloadHistoryThread {
  /** @defaultValue Mara, 15550100987 */
  readonly customer?: CustomerPayloadPlace['customer'];
  readonly messages: readonly PayloadHistoryMessage[];
}

/** What replaces a part of an edit. */
export interface PayloadEdit extends CustomerPayloadPlace {
  /** The edit's own wamid. */
  readonly messageId?: string;
  /** The wamid of the message that was edited. */
  readonly originalMessageId?: string;
  /** What it says now. @defaultValue `'Hello again'` */
  readonly message?: string | PayloadContent;
}
/** What replaces a part of a deletion. */
export interface PayloadRevoke extends CustomerPayloadPlace {
  /** The deletion's own wamid. */
  readonly messageId?: string;
  /** The wamid of the message that was deleted. */
  readonly originalMessageId?: string;
}

/** Replacements for members of Meta's object, and its number and time. */
export type PayloadValue<Type extends WebhookEvent['type'], Place extends PayloadPlace> =
  WebhookEventOf<Type> extends FieldEvent<string, infer Value, string> ? Place & { readonly value?: Partial<SentValue<Value>> } : never;

/** The place of an example of a field. */
interface Places {
  readonly account: PayloadPlace;
  readonly portfolio: Omit<PayloadPlace, 'wabaId'>;
  readonly number: NumberPayloadPlace;
  readonly customer: CustomerPayloadPlace;
}

/** What can be said of the examples in the registry of fields. */
export type PayloadValues = {
  readonly [Type in keyof FieldExamples]: PayloadValue<Type, Places[FieldExamples[Type]['place']]>;
};

/** What can be said of a payload, by the type of its event: members have the names that they have in the event. */
export interface WebhookPayloadOverrides extends PayloadValues {
  readonly message: CustomerPayloadPlace & { readonly message?: PayloadMessage };
  readonly 'message.edit': PayloadEdit;
  readonly 'message.revoke': PayloadRevoke;
  readonly status: CustomerPayloadPlace & { readonly status?: Partial<MessageStatus> };
  readonly user_actions: PayloadValue<'user_actions', CustomerPayloadPlace>;
  readonly conversation_context: PayloadValue<'conversation_context', Omit<CustomerPayloadPlace, 'occurredAt'>>;
  readonly echo: CustomerPayloadPlace & { readonly message?: PayloadEcho };
  readonly 'echo.edit': PayloadEdit;
  readonly 'echo.revoke': PayloadRevoke;
  readonly 'history.chunk': NumberPayloadPlace & {
    /** @defaultValue 0 */
    readonly phase?: number;
    /** @defaultValue 1 */
    readonly chunkOrder?: number;
    /** @defaultValue 100 */
    readonly progress?: number;
    /** @defaultValue one, with a message each way */
    readonly threads?: readonly PayloadHistoryThread[];
  };
  readonly 'history.media': CustomerPayloadPlace & {
    /** @defaultValue `'inbound'` */
    readonly direction?: MessageDirection;
    /** @defaultValue an image */
    readonly message?: PayloadPastMessage;
  };
  readonly 'history.declined': NumberPayloadPlace & { readonly error?: Partial<WebhookError> };
  readonly contact: CustomerPayloadPlace & {
    /** @defaultValue `'add'` */
    readonly action?: OpenEnum<'add' | 'remove'>;
    /** @defaultValue the names and ids of `customer`; for `'remove'` only the IDs */
    readonly contact?: AppContact;
  };
  readonly 'account.offboarded': PayloadPlace;
  readonly 'account.reconnected': PayloadPlace;
  readonly 'account.disconnected': PayloadPlace & {
    /** @defaultValue none, as for a plain Disconnect in the app */
    readonly reason?: DisconnectionReason;
    /** @defaultValue `'USER'` where there is a reason */
    readonly initiatedBy?: OpenEnum<'USER' | 'SYSTEM'>;
    /** @defaultValue `'15550100123'` */
    readonly phoneNumber?: string;
  };
  readonly 'account.update': PayloadPlace & { readonly value?: Partial<AccountUpdate> };
  readonly 'account.error': Omit<NumberPayloadPlace, 'occurredAt'> & { readonly error?: Partial<WebhookError> };
  readonly call: CustomerPayloadPlace & { readonly call?: Partial<CallDetails> };
  readonly 'call.status': CustomerPayloadPlace & { readonly status?: Partial<CallStatus> };
  readonly 'standby.message': CustomerPayloadPlace & { readonly message?: PayloadPastMessage };
  readonly 'standby.echo': CustomerPayloadPlace & { readonly message?: PayloadPastMessage };
  readonly 'standby.status': CustomerPayloadPlace & { readonly status?: Partial<MessageStatus> };
  readonly unknown: PayloadPlace & {
    /** @defaultValue a field that no version of the library knows */
    readonly field?: string;
    /** The whole value. */
    readonly raw?: Readonly<Record<string, unknown>>;
  };
}
