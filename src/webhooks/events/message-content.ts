import type { OpenEnum, WebhookError } from './base.js';

/** A file in a message. You can download it by its ID for 7 days. */
export interface MediaObject {
  readonly id?: string;
  readonly mime_type?: string;
  /** Base64 in webhooks (hex in `GET /{media-id}`). */
  readonly sha256?: string;
  /** Expires after minutes. Trust it only if the signature was verified. */
  readonly url?: string;
  /** The text below the file. */
  readonly caption?: string;
}

/** A text. */
export interface TextContent {
  readonly type: 'text';
  readonly text: { readonly body: string };
}
/** A picture. */
export interface ImageContent {
  readonly type: 'image';
  readonly image: MediaObject;
}
/** A video. */
export interface VideoContent {
  readonly type: 'video';
  readonly video: MediaObject;
}
/** A voice message or an audio file. */
export interface AudioContent {
  readonly type: 'audio';
  /** Whether it was recorded in the chat. */
  readonly audio: MediaObject & { readonly voice?: boolean };
}
/** A file of any other kind. */
export interface DocumentContent {
  readonly type: 'document';
  /** The sender chooses `filename`. Never use it as a path. */
  readonly document: MediaObject & { readonly filename?: string };
}
/** A sticker. */
export interface StickerContent {
  readonly type: 'sticker';
  readonly sticker: MediaObject & { readonly animated?: boolean };
}
/** A place. */
export interface LocationContent {
  readonly type: 'location';
  readonly location: {
    readonly latitude: number;
    readonly longitude: number;
    readonly name?: string;
    readonly address?: string;
    readonly url?: string;
  };
}
/** One or more contact cards. */
export interface ContactsContent {
  readonly type: 'contacts';
  readonly contacts: readonly ContactCard[];
}
/** A contact card that the sender shared. */
export interface ContactCard {
  readonly name?: {
    readonly formatted_name?: string;
    readonly first_name?: string;
    readonly middle_name?: string;
    readonly last_name?: string;
    readonly prefix?: string;
    readonly suffix?: string;
  };
  /** Has `wa_id` if the number is on WhatsApp. */
  readonly phones?: readonly { readonly phone?: string; readonly wa_id?: string; readonly type?: string }[];
  readonly emails?: readonly { readonly email?: string; readonly type?: string }[];
  readonly addresses?: readonly {
    readonly street?: string;
    readonly city?: string;
    readonly state?: string;
    readonly zip?: string;
    readonly country?: string;
    readonly country_code?: string;
    readonly type?: string;
  }[];
  readonly urls?: readonly { readonly url?: string; readonly type?: string }[];
  readonly org?: { readonly company?: string; readonly department?: string; readonly title?: string };
  /** `YYYY-MM-DD`. */
  readonly birthday?: string;
  /** Whether the customer shared the card in response to a contact request (2026). */
  readonly origin?: OpenEnum<'contact_request' | 'other'>;
  readonly vcard?: string;
}
/** An emoji reaction to an earlier message. */
export interface ReactionContent {
  readonly type: 'reaction';
  /** Without an emoji, the reaction was removed. */
  readonly reaction: { readonly message_id: string; readonly emoji?: string };
}
/** A tap on a quick reply of a template. */
export interface ButtonContent {
  readonly type: 'button';
  readonly button: { readonly payload?: string; readonly text?: string };
}
/** A reply to an interactive message. */
export interface InteractiveContent {
  readonly type: 'interactive';
  readonly interactive: InteractiveAnswer;
}
/** The choice or the form data. `type` names the member that is present. */
export interface InteractiveAnswer {
  readonly type: OpenEnum<'button_reply' | 'list_reply' | 'nfm_reply' | 'call_permission_reply' | 'payment_method' | 'product'>;
  /** A tap on one of up to three buttons. `id` is the one that you sent. */
  readonly button_reply?: { readonly id: string; readonly title?: string };
  /** A choice from a list. `id` is the one that you sent. */
  readonly list_reply?: { readonly id: string; readonly title?: string; readonly description?: string };
  /**
   * The response of a Flow or an address form (`name`). The customer's device creates the JSON in `response_json`, so
   * handle parse errors.
   */
  readonly nfm_reply?: {
    readonly name?: OpenEnum<'flow' | 'address_message'>;
    readonly body?: string;
    readonly response_json?: string;
  };
  /** Whether the customer may be called. */
  readonly call_permission_reply?: {
    readonly response?: OpenEnum<'accept' | 'reject'>;
    readonly is_permanent?: boolean;
    /** End of the permission in Unix seconds. */
    readonly expiration_timestamp?: number | string;
    readonly response_source?: OpenEnum<'user_action' | 'automatic'>;
  };
  /**
   * The product that the customer sent. Meta doesn't document its members. Source: Meta, Interactive messages webhook
   * (3 Aug 2026).
   */
  readonly product?: unknown;
  /** How the customer chose to pay (Brazil). */
  readonly payment_method?: {
    readonly payment_method?: string;
    readonly payment_timestamp?: number | string;
    readonly reference_id?: string;
    readonly last_four_digits?: string;
    readonly credential_id?: string;
  };
}
/** An order from a catalog. */
export interface OrderContent {
  readonly type: 'order';
  readonly order: {
    readonly catalog_id?: string;
    /** The customer's text. */
    readonly text?: string;
    /** Quantities and prices can be numbers or strings. */
    readonly product_items?: readonly {
      readonly product_retailer_id?: string;
      readonly quantity?: number | string;
      readonly item_price?: number | string;
      readonly currency?: string;
    }[];
  };
}
/**
 * A change of the customer's number or user ID. It usually arrives without `from` and `contacts`, so the event's
 * `customer` is read from this object. Source: Meta, changelog (11 Aug 2026).
 */
export interface SystemContent {
  readonly type: 'system';
  readonly system: {
    readonly type?: OpenEnum<
      'user_changed_number' | 'user_changed_user_id' | 'user_identity_changed' | 'customer_changed_number' | 'customer_identity_changed'
    >;
    /** Human-readable text. */
    readonly body?: string;
    /** The current number. */
    readonly wa_id?: string;
    /** The current number, in payloads before Graph API v12.0. */
    readonly new_wa_id?: string;
    /** The current business-scoped user ID. */
    readonly user_id?: string;
    /** The previous user ID. */
    readonly previous_user_id?: string;
    readonly parent_user_id?: string;
    readonly previous_parent_user_id?: string;
    /** The previous number, in older payloads. */
    readonly customer?: string;
    /** A hash of the customer's identity, if identity checks are on. */
    readonly identity?: string;
  };
}
/** The customer opened the chat for the first time. Meta removed this message on 27 March 2026, so it occurs in older payloads only. */
export interface RequestWelcomeContent {
  readonly type: 'request_welcome';
}
/**
 * A message that the API doesn't support. With error 131060, it is only temporarily unavailable, and the real message
 * may follow with the same ID. Source: Meta, unsupported messages (4 Nov 2025).
 */
export interface UnsupportedContent {
  readonly type: 'unsupported';
  /** The type of the message, if Meta sends it. */
  readonly unsupported?: {
    readonly type?: OpenEnum<'edit' | 'poll' | 'poll_update' | 'button' | 'gif' | 'group_invite' | 'pin' | 'unknown'>;
  };
}
/** A past message whose file arrives in a separate delivery, if it is at most 14 days old. */
export interface MediaPlaceholderContent {
  readonly type: 'media_placeholder';
}
/** A message whose type or structure this version doesn't know. `raw` contains all of it. */
export interface UnknownContent {
  readonly type: 'unknown';
  /** Meta's name of the type, if there is one. */
  readonly originalType: string | undefined;
  readonly raw: unknown;
}

/** The content of a message in Meta's own format, discriminated by `type`. */
export type MessageContent =
  | TextContent
  | ImageContent
  | VideoContent
  | AudioContent
  | DocumentContent
  | StickerContent
  | LocationContent
  | ContactsContent
  | ReactionContent
  | ButtonContent
  | InteractiveContent
  | OrderContent
  | SystemContent
  | RequestWelcomeContent
  | UnsupportedContent
  | MediaPlaceholderContent
  | UnknownContent;

/** The message that a message quotes, or information about a forwarded message. Forwarded messages have no ID. */
export interface MessageContext {
  /** The wamid of the quoted message. For a call permission, the ID of a call. */
  readonly id?: string;
  /** The sender of that message. */
  readonly from?: string;
  readonly from_user_id?: string;
  /** Forwarded at most five times. */
  readonly forwarded?: boolean;
  /** Forwarded more than five times. */
  readonly frequently_forwarded?: boolean;
  /** The product that the customer asks about. */
  readonly referred_product?: { readonly catalog_id?: string; readonly product_retailer_id?: string };
}

/** The ad or post from which the customer came. */
export interface MessageReferral {
  readonly source_url?: string;
  readonly source_id?: string;
  readonly source_type?: OpenEnum<'ad' | 'post'>;
  readonly headline?: string;
  readonly body?: string;
  readonly media_type?: OpenEnum<'image' | 'video'>;
  readonly image_url?: string;
  readonly video_url?: string;
  readonly thumbnail_url?: string;
  /** Click ID. Missing for ads in WhatsApp Status. */
  readonly ctwa_clid?: string;
  readonly ref?: string;
  /** The greeting that the ad showed. */
  readonly welcome_message?: { readonly text?: string };
}

/** Properties of a message in addition to its content. */
export interface MessageHead {
  /** The wamid. Empty if Meta sends none. */
  readonly id: string;
  /** Unix seconds, as a string. */
  readonly timestamp?: string;
  /** The sender. Absent for people who hide their number. */
  readonly from?: string;
  readonly from_user_id?: string;
  readonly from_parent_user_id?: string;
  /** The group of the message (Groups API). */
  readonly group_id?: string;
  /** The quoted message, or information about a forwarded message. */
  readonly context?: MessageContext;
  /** The ad or post that led to the message. */
  readonly referral?: MessageReferral;
  /** With `unsupported`, the reason why the content is missing. */
  readonly errors?: readonly WebhookError[];
}

/** A message of a customer. */
export type IncomingMessage = MessageHead & MessageContent;

/** An edit in the history or in standby. Live edits are separate events (`message.edit`, `echo.edit`). */
export interface EditContent {
  readonly type: 'edit';
  readonly edit: {
    /** The wamid of the edited message. */
    readonly original_message_id: string;
    /** The new content in Meta's format, not validated. */
    readonly message?: unknown;
  };
}

/** A deletion in the history or in standby. Live deletions are separate events (`message.revoke`, `echo.revoke`). */
export interface RevokeContent {
  readonly type: 'revoke';
  readonly revoke: {
    /** The wamid of the deleted message. */
    readonly original_message_id: string;
  };
}

/** A message that your team wrote in the Business app. */
export type EchoMessage = MessageHead & {
  readonly to?: string;
  readonly to_user_id?: string;
  readonly to_parent_user_id?: string;
} & MessageContent;

/** A message that isn't live: one of the history, or of a conversation that another app controls. */
export type PastMessage = IncomingMessage | EchoMessage | (MessageHead & (EditContent | RevokeContent));
