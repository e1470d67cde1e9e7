import type { MessageEnvelope } from './envelope.js';
import type { OpenEnum } from '../../runtime/open-enum.js';

/** A text of 1 to 4,096 characters. Meta's examples leave `type` out, which means text. */
export interface TextMessage extends MessageEnvelope {
  readonly type?: 'text';
  readonly text: {
    readonly body: string;
    /** Shows a preview of the first link. @defaultValue `false` */
    readonly preview_url?: boolean;
  };
}

/** A place. */
export interface LocationMessage extends MessageEnvelope {
  readonly type: 'location';
  /** Degrees, as numbers or strings. */
  readonly location: {
    readonly latitude: number | string;
    readonly longitude: number | string;
    readonly name?: string;
    readonly address?: string;
  };
}

/** A card of an address book. */
export interface ContactCardToSend {
  readonly name: {
    readonly formatted_name: string;
    readonly first_name?: string;
    readonly last_name?: string;
    readonly middle_name?: string;
    readonly suffix?: string;
    readonly prefix?: string;
  };
  /** Without `wa_id` the card offers an invitation in the place of a chat. */
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
  /** `YYYY-MM-DD`. */
  readonly birthday?: string;
}

/** At most 257 contact cards. */
export interface ContactsMessage extends MessageEnvelope {
  readonly type: 'contacts';
  readonly contacts: readonly ContactCardToSend[];
}

/** An emoji on an earlier message of at most 30 days; an empty one takes it back. */
export interface ReactionMessage extends MessageEnvelope {
  readonly type: 'reaction';
  readonly reaction: { readonly message_id: string; readonly emoji: string };
}

/** Pins a message in a group, for 1 to 30 days, or unpins it. */
export interface PinMessage extends MessageEnvelope {
  readonly type: 'pin';
  readonly pin: { readonly type: OpenEnum<'pin' | 'unpin'>; readonly message_id: string; readonly expiration_days?: number };
}
