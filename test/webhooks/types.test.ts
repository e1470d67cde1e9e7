import { expectTypeOf, test } from 'vitest';
import type {
  AccountAlert,
  AccountReviewUpdate,
  AccountSettingsUpdate,
  AccountUpdate,
  AppContact,
  AutomaticEvent,
  BusinessCapabilityUpdate,
  BusinessUsernameUpdate,
  CallDetails,
  CallStatus,
  ContactCard,
  ConversationContext,
  Customer,
  MessageDirection,
  DisconnectionReason,
  EchoMessage,
  EventBase,
  FlowUpdate,
  GroupLifecycleUpdate,
  GroupParticipantsUpdate,
  GroupSettingsUpdate,
  GroupStatusUpdate,
  HistoryThread,
  IncomingMessage,
  InteractiveAnswer,
  MediaObject,
  MessageContent,
  MessageStatus,
  MessageTemplateComponentsUpdate,
  MessageTemplateQualityUpdate,
  MessageTemplateStatusUpdate,
  MessagingHandover,
  OpenEnum,
  OrderContent,
  PartnerSolution,
  PastMessage,
  PaymentConfigurationUpdate,
  PhoneNumberNameUpdate,
  PhoneNumberQualityUpdate,
  PhoneNumberUsernameUpdate,
  ReceivedDelivery,
  SecurityUpdate,
  SystemContent,
  TemplateCategoryUpdate,
  TemplateCorrectCategoryDetection,
  UnknownContent,
  UnsupportedContent,
  UserAction,
  UserIdUpdate,
  UserPreference,
  WebhookError,
  WebhookEvent,
  WebhookEventOf,
  Webhooks,
} from 'wa-coexist/webhooks';

type Source = { on(name: '*', handler: (event: WebhookEvent) => void | Promise<void>): void };

test('a receiver is a source of events', () => {
  expectTypeOf<Webhooks>().toExtend<Source>();
  expectTypeOf<Webhooks>().toExtend<{ readonly fetch: (request: Request) => Promise<Response> }>();
});

test('handlers receive the event of their name, with its delivery', () => {
  const check = (webhooks: Webhooks): void => {
    webhooks.on('message', (event) => {
      expectTypeOf(event.type).toEqualTypeOf<'message'>();
      expectTypeOf(event.message).toEqualTypeOf<IncomingMessage>();
      expectTypeOf(event.delivery).toEqualTypeOf<ReceivedDelivery>();
      expectTypeOf(event.customer).toEqualTypeOf<Customer | undefined>();
      if (event.message.type === 'text') expectTypeOf(event.message.text.body).toEqualTypeOf<string>();
      if (event.message.type === 'unknown') expectTypeOf(event.message.originalType).toEqualTypeOf<string | undefined>();
    });
    webhooks.on('message_template_status_update', ({ value }) => {
      expectTypeOf(value.message_template_id).toEqualTypeOf<string>();
    });
    webhooks.on('*', (event) => {
      if (event.type === 'account.update') expectTypeOf(event.event).toEqualTypeOf<AccountUpdate['event']>();
      if (event.type === 'call.status') expectTypeOf(event.status.id).toEqualTypeOf<string>();
    });
    // @ts-expect-error -- no event has this name.
    webhooks.on('mesage', () => undefined);
  };
  expectTypeOf(check).toBeFunction();
});

/** A type without the members that its whole union shares. */
type Own<Whole, Shared extends PropertyKey> = { readonly [Name in keyof Whole as Exclude<Name, Shared>]: Whole[Name] };

interface Value<Content> {
  readonly value: Content;
}
interface Edit {
  readonly messageId: string;
  readonly originalMessageId: string;
  readonly message: MessageContent;
}
interface Revoke {
  readonly messageId: string;
  readonly originalMessageId: string;
}
type Undocumented = Value<Readonly<Record<string, unknown>>>;
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- such an event says nothing more.
type Nothing = {};

/** The members of each type of event besides those that every event has: one row per type. */
interface Contents {
  readonly message: { readonly message: IncomingMessage };
  readonly 'message.edit': Edit;
  readonly 'message.revoke': Revoke;
  readonly status: { readonly status: MessageStatus };
  readonly user_actions: Value<UserAction>;
  readonly conversation_context: Value<ConversationContext>;
  readonly echo: { readonly message: EchoMessage };
  readonly 'echo.edit': Edit;
  readonly 'echo.revoke': Revoke;
  readonly 'history.chunk': {
    readonly phase?: number;
    readonly chunkOrder?: number;
    readonly progress?: number;
    readonly threads: readonly HistoryThread[];
  };
  readonly 'history.media': { readonly direction: MessageDirection; readonly message: PastMessage };
  readonly 'history.declined': { readonly error: WebhookError };
  readonly contact: { readonly action: OpenEnum<'add' | 'remove'>; readonly contact: AppContact };
  readonly 'account.offboarded': Nothing;
  readonly 'account.reconnected': Nothing;
  readonly 'account.disconnected': {
    readonly reason?: DisconnectionReason;
    readonly initiatedBy?: OpenEnum<'USER' | 'SYSTEM'>;
    readonly phoneNumber?: string;
  };
  readonly 'account.update': {
    readonly event: AccountUpdate['event'];
    readonly value: AccountUpdate & Readonly<Record<string, unknown>>;
  };
  readonly 'account.error': { readonly error: WebhookError };
  readonly account_alerts: Value<AccountAlert>;
  readonly account_review_update: Value<AccountReviewUpdate>;
  readonly account_settings_update: Value<AccountSettingsUpdate>;
  readonly business_capability_update: Value<BusinessCapabilityUpdate>;
  readonly partner_solutions: Value<PartnerSolution>;
  readonly payment_configuration_update: Value<PaymentConfigurationUpdate>;
  readonly automatic_events: Value<AutomaticEvent>;
  readonly phone_number_quality_update: Value<PhoneNumberQualityUpdate>;
  readonly phone_number_name_update: Value<PhoneNumberNameUpdate>;
  readonly phone_number_username_update: Value<PhoneNumberUsernameUpdate>;
  readonly business_username_update: Value<BusinessUsernameUpdate>;
  readonly security: Value<SecurityUpdate>;
  readonly message_template_status_update: Value<MessageTemplateStatusUpdate>;
  readonly message_template_quality_update: Value<MessageTemplateQualityUpdate>;
  readonly message_template_components_update: Value<MessageTemplateComponentsUpdate>;
  readonly template_category_update: Value<TemplateCategoryUpdate>;
  readonly template_correct_category_detection: Value<TemplateCorrectCategoryDetection>;
  readonly user_preferences: Value<UserPreference>;
  readonly user_id_update: Value<UserIdUpdate>;
  readonly flows: Value<FlowUpdate>;
  readonly call: { readonly call: CallDetails };
  readonly 'call.status': { readonly status: CallStatus };
  readonly group_lifecycle_update: Value<GroupLifecycleUpdate>;
  readonly group_participants_update: Value<GroupParticipantsUpdate>;
  readonly group_settings_update: Value<GroupSettingsUpdate>;
  readonly group_status_update: Value<GroupStatusUpdate>;
  readonly messaging_handovers: Value<MessagingHandover>;
  readonly 'standby.message': { readonly message: PastMessage };
  readonly 'standby.echo': { readonly message: PastMessage };
  readonly 'standby.status': { readonly status: MessageStatus };
  readonly business_status_update: Undocumented;
  readonly consumer_profile: Undocumented;
  readonly message_echoes: Undocumented;
  readonly tracking_events: Undocumented;
  readonly unknown: Nothing;
}

/** The members of each type of message. */
interface MessageBodies {
  readonly text: { readonly text: { readonly body: string } };
  readonly image: { readonly image: MediaObject };
  readonly video: { readonly video: MediaObject };
  readonly audio: { readonly audio: MediaObject & { readonly voice?: boolean } };
  readonly document: { readonly document: MediaObject & { readonly filename?: string } };
  readonly sticker: { readonly sticker: MediaObject & { readonly animated?: boolean } };
  readonly location: {
    readonly location: {
      readonly latitude: number;
      readonly longitude: number;
      readonly name?: string;
      readonly address?: string;
      readonly url?: string;
    };
  };
  readonly contacts: { readonly contacts: readonly ContactCard[] };
  readonly reaction: { readonly reaction: { readonly message_id: string; readonly emoji?: string } };
  readonly button: { readonly button: { readonly payload?: string; readonly text?: string } };
  readonly interactive: { readonly interactive: InteractiveAnswer };
  readonly order: { readonly order: OrderContent['order'] };
  readonly system: { readonly system: SystemContent['system'] };
  readonly request_welcome: Nothing;
  readonly unsupported: { readonly unsupported?: NonNullable<UnsupportedContent['unsupported']> };
  readonly media_placeholder: Nothing;
  readonly unknown: { readonly originalType: string | undefined; readonly raw: unknown };
}

test('each type of event narrows to its content', () => {
  expectTypeOf<{
    readonly [Type in WebhookEvent['type']]: Own<WebhookEventOf<Type>, keyof EventBase<string, string>>;
  }>().toEqualTypeOf<Contents>();
  const check = (event: WebhookEvent): void => {
    if (event.type === 'account.disconnected') expectTypeOf(event.reason).toEqualTypeOf<DisconnectionReason | undefined>();
    if (event.type === 'history.chunk')
      expectTypeOf(event.threads[0]?.messages[0]?.direction).toEqualTypeOf<MessageDirection | undefined>();
    if (event.type === 'echo') expectTypeOf(event.message).toEqualTypeOf<EchoMessage>();
    // @ts-expect-error -- an event of the past has no live message.
    if (event.type === 'history.chunk') expectTypeOf(event.message);
  };
  expectTypeOf(check).toBeFunction();
});

test('each type of message narrows to its content, and an unknown one to what Meta sent', () => {
  expectTypeOf<{
    readonly [Type in MessageContent['type']]: Own<Extract<MessageContent, { readonly type: Type }>, 'type'>;
  }>().toEqualTypeOf<MessageBodies>();
  const say = (message: IncomingMessage): unknown => {
    switch (message.type) {
      case 'text':
        return message.text.body;
      case 'image':
        return message.image.id;
      case 'video':
        return message.video.id;
      case 'audio':
        return message.audio.voice;
      case 'document':
        return message.document.filename;
      case 'sticker':
        return message.sticker.animated;
      case 'location':
        return message.location.latitude;
      case 'contacts':
        return message.contacts[0]?.name?.formatted_name;
      case 'reaction':
        return message.reaction.emoji;
      case 'button':
        return message.button.payload;
      case 'interactive':
        return message.interactive.button_reply?.id ?? message.interactive.nfm_reply?.response_json;
      case 'order':
        return message.order.product_items?.length;
      case 'system':
        return message.system.wa_id;
      case 'request_welcome':
      case 'media_placeholder':
        return message.id;
      case 'unsupported':
        return message.errors?.[0]?.code;
      case 'unknown':
        expectTypeOf(message).toExtend<UnknownContent>();
        return [message.originalType, message.raw];
      default:
        expectTypeOf(message).toBeNever();
        return undefined;
    }
  };
  expectTypeOf(say).toBeFunction();
});

test('statuses have names, and others are possible', () => {
  expectTypeOf<'sent' | 'delivered' | 'read' | 'played' | 'failed'>().toExtend<MessageStatus['status']>();
  expectTypeOf<string>().toExtend<MessageStatus['status']>();
  const check = ({ status, errors, pricing }: MessageStatus): void => {
    if (status === 'failed') expectTypeOf(errors?.[0]?.code).toEqualTypeOf<number | undefined>();
    expectTypeOf(pricing?.billable).toEqualTypeOf<boolean | undefined>();
  };
  expectTypeOf(check).toBeFunction();
});
