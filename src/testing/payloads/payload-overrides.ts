import type { AccountUpdate, DisconnectionReason } from '../../webhooks/events/account.js';
import type { FieldEvent, OpenEnum, WebhookError } from '../../webhooks/events/base.js';
import type { CallDetails, CallStatus } from '../../webhooks/events/calls.js';
import type { AppContact } from '../../webhooks/events/contacts.js';
import type { WebhookEvent, WebhookEventOf } from '../../webhooks/events/event.js';
import type { MessageDirection, HistoryMessage } from '../../webhooks/events/history.js';
import type {
  EditContent,
  EchoMessage,
  MessageContent,
  MessageHead,
  RevokeContent,
  UnknownContent,
} from '../../webhooks/events/message-content.js';
import type { MessageStatus } from '../../webhooks/events/messages.js';
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

/** A value as Meta sends it: the IDs of templates are integers there. */
export type SentValue<Value> = {
  readonly [Name in keyof Value]: Name extends 'message_template_id' ? number | string : Value[Name];
};

/** Replacements for members of Meta's object, and its number and time. */
export type PayloadValue<Type extends WebhookEvent['type'], Place extends PayloadPlace> =
  WebhookEventOf<Type> extends FieldEvent<string, infer Value, string> ? Place & { readonly value?: Partial<SentValue<Value>> } : never;

/** What can be said of a payload, by the type of its event: members have the names that they have in the event. */
export interface WebhookPayloadOverrides {
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
    /** @defaultValue the names and ids of `customer`; for `'remove'` the ids alone */
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
  readonly account_alerts: PayloadValue<'account_alerts', PayloadPlace>;
  readonly account_review_update: PayloadValue<'account_review_update', PayloadPlace>;
  readonly account_settings_update: PayloadValue<'account_settings_update', PayloadPlace>;
  readonly business_capability_update: PayloadValue<'business_capability_update', PayloadPlace>;
  readonly partner_solutions: PayloadValue<'partner_solutions', Omit<PayloadPlace, 'wabaId'>>;
  readonly payment_configuration_update: PayloadValue<'payment_configuration_update', PayloadPlace>;
  readonly automatic_events: PayloadValue<'automatic_events', NumberPayloadPlace>;
  readonly phone_number_quality_update: PayloadValue<'phone_number_quality_update', PayloadPlace>;
  readonly phone_number_name_update: PayloadValue<'phone_number_name_update', PayloadPlace>;
  readonly phone_number_username_update: PayloadValue<'phone_number_username_update', PayloadPlace>;
  readonly business_username_update: PayloadValue<'business_username_update', PayloadPlace>;
  readonly security: PayloadValue<'security', PayloadPlace>;
  readonly message_template_status_update: PayloadValue<'message_template_status_update', PayloadPlace>;
  readonly message_template_quality_update: PayloadValue<'message_template_quality_update', PayloadPlace>;
  readonly message_template_components_update: PayloadValue<'message_template_components_update', PayloadPlace>;
  readonly template_category_update: PayloadValue<'template_category_update', PayloadPlace>;
  readonly template_correct_category_detection: PayloadValue<'template_correct_category_detection', PayloadPlace>;
  readonly user_preferences: PayloadValue<'user_preferences', CustomerPayloadPlace>;
  readonly user_id_update: PayloadValue<'user_id_update', CustomerPayloadPlace>;
  readonly flows: PayloadValue<'flows', PayloadPlace>;
  readonly call: CustomerPayloadPlace & { readonly call?: Partial<CallDetails> };
  readonly 'call.status': CustomerPayloadPlace & { readonly status?: Partial<CallStatus> };
  readonly group_lifecycle_update: PayloadValue<'group_lifecycle_update', NumberPayloadPlace>;
  readonly group_participants_update: PayloadValue<'group_participants_update', NumberPayloadPlace>;
  readonly group_settings_update: PayloadValue<'group_settings_update', NumberPayloadPlace>;
  readonly group_status_update: PayloadValue<'group_status_update', NumberPayloadPlace>;
  readonly messaging_handovers: PayloadValue<'messaging_handovers', CustomerPayloadPlace>;
  readonly 'standby.message': CustomerPayloadPlace & { readonly message?: PayloadPastMessage };
  readonly 'standby.echo': CustomerPayloadPlace & { readonly message?: PayloadPastMessage };
  readonly 'standby.status': CustomerPayloadPlace & { readonly status?: Partial<MessageStatus> };
  readonly business_status_update: PayloadValue<'business_status_update', PayloadPlace>;
  readonly consumer_profile: PayloadValue<'consumer_profile', PayloadPlace>;
  readonly message_echoes: PayloadValue<'message_echoes', PayloadPlace>;
  readonly tracking_events: PayloadValue<'tracking_events', PayloadPlace>;
  readonly unknown: PayloadPlace & {
    /** @defaultValue a field that no version of the library knows */
    readonly field?: string;
    /** The whole value. */
    readonly raw?: Readonly<Record<string, unknown>>;
  };
}
