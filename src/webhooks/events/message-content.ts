import type { OpenEnum, WebhookError } from './base.js';

/** A file that a message carries. Its id can be downloaded for 7 days. */
export interface MediaObject {
  readonly id?: string;
  readonly mime_type?: string;
  /** Base64 in webhooks (hex in `GET /{media-id}`). */
  readonly sha256?: string;
  /** Valid for minutes; only from a delivery whose signature was checked. */
  readonly url?: string;
  readonly caption?: string;
}

export interface TextContent {
  readonly type: 'text';
  readonly text: { readonly body: string };
}
export interface ImageContent {
  readonly type: 'image';
  readonly image: MediaObject;
}
export interface VideoContent {
  readonly type: 'video';
  readonly video: MediaObject;
}
export interface AudioContent {
  readonly type: 'audio';
  /** `voice`: recorded in the chat. */
  readonly audio: MediaObject & { readonly voice?: boolean };
}
export interface DocumentContent {
  readonly type: 'document';
  /** `filename` is the sender's text: never use it as a path. */
  readonly document: MediaObject & { readonly filename?: string };
}
export interface StickerContent {
  readonly type: 'sticker';
  readonly sticker: MediaObject & { readonly animated?: boolean };
}
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
export interface ContactsContent {
  readonly type: 'contacts';
  readonly contacts: readonly ContactCard[];
}
/** A contact card that somebody shared. */
export interface ContactCard {
  readonly name?: { readonly formatted_name?: string; readonly first_name?: string; readonly last_name?: string };
  readonly phones?: readonly { readonly phone?: string; readonly wa_id?: string; readonly type?: string }[];
  readonly origin?: OpenEnum<'contact_request' | 'other'>;
  readonly vcard?: string;
}
export interface ReactionContent {
  readonly type: 'reaction';
  /** No emoji: the reaction was taken back. */
  readonly reaction: { readonly message_id: string; readonly emoji?: string };
}
/** A tap on a template's quick reply. */
export interface ButtonContent {
  readonly type: 'button';
  readonly button: { readonly payload?: string; readonly text?: string };
}
/** An answer to an interactive message. */
export interface InteractiveContent {
  readonly type: 'interactive';
  readonly interactive: {
    readonly type: OpenEnum<'button_reply' | 'list_reply' | 'nfm_reply' | 'call_permission_reply'>;
    readonly button_reply?: { readonly id: string; readonly title?: string };
    readonly list_reply?: { readonly id: string; readonly title?: string; readonly description?: string };
    /** `response_json` is JSON in a string, made by the customer's device: parse it guarded. */
    readonly nfm_reply?: { readonly name?: string; readonly body?: string; readonly response_json?: string };
    readonly call_permission_reply?: {
      readonly response?: OpenEnum<'accept' | 'reject'>;
      readonly is_permanent?: boolean;
      readonly expiration_timestamp?: number | string;
      readonly response_source?: string;
    };
  };
}
export interface OrderContent {
  readonly type: 'order';
  readonly order: {
    readonly catalog_id?: string;
    readonly text?: string;
    readonly product_items?: readonly {
      readonly product_retailer_id?: string;
      readonly quantity?: number | string;
      readonly item_price?: number | string;
      readonly currency?: string;
    }[];
  };
}
/** WhatsApp tells of a change: a new number, a new user id. */
export interface SystemContent {
  readonly type: 'system';
  readonly system: {
    readonly type?: OpenEnum<'user_changed_number' | 'user_changed_user_id'>;
    readonly body?: string;
    readonly wa_id?: string;
    readonly user_id?: string;
    readonly parent_user_id?: string;
  };
}
/** The customer opened the chat for the first time. */
export interface RequestWelcomeContent {
  readonly type: 'request_welcome';
}
/**
 * A message that WhatsApp does not hand over. With error 131060 it is only unavailable for the moment: the real message may follow
 * under the same id. Source: Meta, unsupported messages (4 Nov 2025).
 */
export interface UnsupportedContent {
  readonly type: 'unsupported';
  readonly unsupported?: { readonly type?: string };
}
/** A history message whose media comes in a later delivery, if it is at most 14 days old. */
export interface MediaPlaceholderContent {
  readonly type: 'media_placeholder';
}
/** A message whose type, or whose shape, this version of the library does not know. Nothing is lost: it is all in `raw`. */
export interface UnknownContent {
  readonly type: 'unknown';
  /** What Meta called it, if it said. */
  readonly originalType: string | undefined;
  readonly raw: unknown;
}

/** What a message says, discriminated by `type`; Meta's own shape. */
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

/** What a message has beside its content. */
export interface MessageHead {
  /** The wamid. */
  readonly id: string;
  /** Unix seconds, as a string. */
  readonly timestamp?: string;
  /** Who sent it: absent for people who hide their number. */
  readonly from?: string;
  readonly from_user_id?: string;
  readonly from_parent_user_id?: string;
  readonly group_id?: string;
  /** What it answers or forwards. */
  readonly context?: {
    readonly id?: string;
    readonly from?: string;
    readonly forwarded?: boolean;
    readonly frequently_forwarded?: boolean;
    readonly referred_product?: { readonly catalog_id?: string; readonly product_retailer_id?: string };
  };
  /** The ad or post that led here. */
  readonly referral?: {
    readonly source_url?: string;
    readonly source_id?: string;
    readonly source_type?: OpenEnum<'ad' | 'post'>;
    readonly headline?: string;
    readonly body?: string;
    readonly ctwa_clid?: string;
  };
  readonly errors?: readonly WebhookError[];
}

/** A message of a customer. */
export type IncomingMessage = MessageHead & MessageContent;

/** A message that somebody wrote in the Business app. */
export type EchoMessage = MessageHead & {
  readonly to?: string;
  readonly to_user_id?: string;
  readonly to_parent_user_id?: string;
} & MessageContent;
