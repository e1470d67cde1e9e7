import type { AccountUpdate, DisconnectionReason } from '../../webhooks/events/account.js';
import type { FieldEvent, OpenEnum, WebhookError } from '../../webhooks/events/base.js';
import type { Call, CallStatus } from '../../webhooks/events/calls.js';
import type { AppContact } from '../../webhooks/events/contacts.js';
import type { WebhookEvent, WebhookEventOf } from '../../webhooks/events/event.js';
import type { Direction, HistoryMessage } from '../../webhooks/events/history.js';
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

/** Members of a message beside its content. */
type EchoHead = MessageHead & Pick<EchoMessage, 'to' | 'to_user_id' | 'to_parent_user_id'>;
type PastContent = PayloadContent | EditContent | RevokeContent;
/** A text, or what replaces members of the message; content without a `type` stays as it was. */
type Given<Head, Content> = string | (Partial<Head> & (Content | { readonly type?: never }));

/** What a message of a payload says, in Meta's shape. Ids, types and checksums of files are made up where they are missing. */
export type PayloadContent = Exclude<MessageContent, UnknownContent>;
/** A message of a customer: a text, or members in Meta's shape; the others are made up. */
export type PayloadMessage = Given<MessageHead, PayloadContent>;
/** A message that was written in the app: a text, or members in Meta's shape; the others are made up. */
export type PayloadEcho = Given<EchoHead, PayloadContent>;
/** A message that is only told of: a text, or members in Meta's shape; the others are made up. */
export type PayloadPastMessage = Given<EchoHead, PastContent>;

/** A message of the past, as `HistoryMessage` has it. */
export interface PayloadHistoryMessage {
  /** @defaultValue `'inbound'` */
  readonly direction?: Direction;
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
interface EditOverrides extends CustomerPayloadPlace {
  /** The edit's own wamid. */
  readonly messageId?: string;
  /** The wamid of the message that was edited. */
  readonly originalMessageId?: string;
  /** What it says now. @defaultValue `'Hello again'` */
  readonly message?: string | PayloadContent;
}
/** What replaces a part of a deletion. */
interface RevokeOverrides extends CustomerPayloadPlace {
  /** The deletion's own wamid. */
  readonly messageId?: string;
  /** The wamid of the message that was deleted. */
  readonly originalMessageId?: string;
}

/** What replaces members of Meta's object, and where it comes from. */
type ValueOverrides<Type extends WebhookEvent['type'], Place> =
  WebhookEventOf<Type> extends FieldEvent<string, infer Value, string> ? Place & { readonly value?: Partial<Value> } : never;
type OfAccount<Type extends WebhookEvent['type']> = ValueOverrides<Type, PayloadPlace>;
type OfNumber<Type extends WebhookEvent['type']> = ValueOverrides<Type, NumberPayloadPlace>;
type OfCustomer<Type extends WebhookEvent['type']> = ValueOverrides<Type, CustomerPayloadPlace>;

/** What can be said of a payload, by the type of its event: members have the names that they have in the event. */
export interface WebhookPayloadOverrides {
  readonly message: CustomerPayloadPlace & { readonly message?: PayloadMessage };
  readonly 'message.edit': EditOverrides;
  readonly 'message.revoke': RevokeOverrides;
  readonly status: CustomerPayloadPlace & { readonly status?: Partial<MessageStatus> };
  readonly user_actions: OfCustomer<'user_actions'>;
  readonly conversation_context: Omit<OfCustomer<'conversation_context'>, 'occurredAt'>;
  readonly echo: CustomerPayloadPlace & { readonly message?: PayloadEcho };
  readonly 'echo.edit': EditOverrides;
  readonly 'echo.revoke': RevokeOverrides;
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
    readonly direction?: Direction;
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
  readonly account_alerts: OfAccount<'account_alerts'>;
  readonly account_review_update: OfAccount<'account_review_update'>;
  readonly account_settings_update: OfAccount<'account_settings_update'>;
  readonly business_capability_update: OfAccount<'business_capability_update'>;
  readonly partner_solutions: Omit<OfAccount<'partner_solutions'>, 'wabaId'>;
  readonly payment_configuration_update: OfAccount<'payment_configuration_update'>;
  readonly automatic_events: OfNumber<'automatic_events'>;
  readonly phone_number_quality_update: OfAccount<'phone_number_quality_update'>;
  readonly phone_number_name_update: OfAccount<'phone_number_name_update'>;
  readonly phone_number_username_update: OfAccount<'phone_number_username_update'>;
  readonly business_username_update: OfAccount<'business_username_update'>;
  readonly security: OfAccount<'security'>;
  readonly message_template_status_update: OfAccount<'message_template_status_update'>;
  readonly message_template_quality_update: OfAccount<'message_template_quality_update'>;
  readonly message_template_components_update: OfAccount<'message_template_components_update'>;
  readonly template_category_update: OfAccount<'template_category_update'>;
  readonly template_correct_category_detection: OfAccount<'template_correct_category_detection'>;
  readonly user_preferences: OfCustomer<'user_preferences'>;
  readonly user_id_update: OfCustomer<'user_id_update'>;
  readonly flows: OfAccount<'flows'>;
  readonly call: CustomerPayloadPlace & { readonly call?: Partial<Call> };
  readonly 'call.status': CustomerPayloadPlace & { readonly status?: Partial<CallStatus> };
  readonly group_lifecycle_update: OfNumber<'group_lifecycle_update'>;
  readonly group_participants_update: OfNumber<'group_participants_update'>;
  readonly group_settings_update: OfNumber<'group_settings_update'>;
  readonly group_status_update: OfNumber<'group_status_update'>;
  readonly messaging_handovers: OfCustomer<'messaging_handovers'>;
  readonly 'standby.message': CustomerPayloadPlace & { readonly message?: PayloadPastMessage };
  readonly 'standby.echo': CustomerPayloadPlace & { readonly message?: PayloadPastMessage };
  readonly 'standby.status': CustomerPayloadPlace & { readonly status?: Partial<MessageStatus> };
  readonly business_status_update: OfAccount<'business_status_update'>;
  readonly consumer_profile: OfAccount<'consumer_profile'>;
  readonly message_echoes: OfAccount<'message_echoes'>;
  readonly tracking_events: OfAccount<'tracking_events'>;
  readonly unknown: PayloadPlace & {
    /** @defaultValue a field that no version of the library knows */
    readonly field?: string;
    /** The whole value. */
    readonly raw?: Readonly<Record<string, unknown>>;
  };
}
