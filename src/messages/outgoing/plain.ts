import type { MessageEnvelope } from './envelope.js';
import type { OpenEnum } from '../../runtime/open-enum.js';

/** A text message of 1 to 4,096 characters. If `type` is missing, Meta assumes `text`. */
export interface TextMessage extends MessageEnvelope {
  readonly type?: 'text';
  readonly text: {
    readonly body: string;
    /**
     * Shows a preview of the first link.
     * @defaultValue `false`
     */
    readonly preview_url?: boolean;
  };
}

/** A location message. */
export interface LocationMessage extends MessageEnvelope {
  readonly type: 'location';
  /** Coordinates in decimal degrees, as numbers or strings. */
  readonly location: {
    readonly latitude: number | string;
    readonly longitude: number | string;
    readonly name?: string;
    readonly address?: string;
  };
}

/** A contact card. */
export interface ContactCardToSend {
  readonly name: {
    readonly formatted_name: string;
    readonly first_name?: string;
    readonly last_name?: string;
    readonly middle_name?: string;
    readonly suffix?: string;
    readonly prefix?: string;
  };
  /** Phone numbers. Without `wa_id`, the card shows an invitation to WhatsApp instead of a chat button. */
  readonly phones?: readonly { readonly phone?: string; readonly type?: string; readonly wa_id?: string }[];
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
  readonly org?: { readonly company?: string; readonly department?: string; readonly title?: string };
  readonly urls?: readonly { readonly url?: string; readonly type?: string }[];
  /** Birthday as `YYYY-MM-DD`. */
  readonly birthday?: string;
}

/** A message with at most 257 contact cards. */
export interface ContactsMessage extends MessageEnvelope {
  readonly type: 'contacts';
  readonly contacts: readonly ContactCardToSend[];
}

/** A reaction to a message that is at most 30 days old. An empty emoji removes it. */
export interface ReactionMessage extends MessageEnvelope {
  readonly type: 'reaction';
  readonly reaction: { readonly message_id: string; readonly emoji: string };
}

/** Pins a message in a group for 1 to 30 days, or unpins it. */
export interface PinMessage extends MessageEnvelope {
  readonly type: 'pin';
  readonly pin: { readonly type: OpenEnum<'pin' | 'unpin'>; readonly message_id: string; readonly expiration_days?: number };
}
