import type { MessageEnvelope } from './envelope.js';
import type { InteractiveBody, InteractiveFooter, MediaHeader, TextHeader } from './interactive-parts.js';
import type { OrderDetails, OrderStatus } from './order.js';
import type { OpenEnum } from '../../runtime/open-enum.js';

/** One to three reply buttons. IDs (at most 256 characters) and titles (at most 20) are unique. */
export interface ButtonInteractive {
  readonly type: 'button';
  readonly header?: TextHeader | MediaHeader;
  readonly body: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: {
    readonly buttons: readonly { readonly type: 'reply'; readonly reply: { readonly id: string; readonly title: string } }[];
  };
}

/** One row of a list. The ID has at most 200 characters, the title 24, the description 72. */
export interface ListRow {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

/** A button that opens a list of at most ten rows in at most ten sections. */
export interface ListInteractive {
  readonly type: 'list';
  readonly header?: TextHeader;
  readonly body: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: {
    /** Text of the button, at most 20 characters. */
    readonly button: string;
    /** Sections of the list. With more than one section, each needs a title (at most 24 characters). */
    readonly sections: readonly { readonly title?: string; readonly rows: readonly ListRow[] }[];
  };
}

/** A button that opens a page. */
export interface CtaUrlInteractive {
  readonly type: 'cta_url';
  readonly header?: TextHeader | MediaHeader;
  readonly body: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: CtaUrlAction;
}

/** Text (at most 20 characters) and URL of a button that opens a page. */
export interface CtaUrlAction {
  readonly name: 'cta_url';
  readonly parameters: { readonly display_text: string; readonly url: string };
}

/** A button that opens a flow. */
export interface FlowInteractive {
  readonly type: 'flow';
  readonly header?: TextHeader | MediaHeader;
  readonly body: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: {
    readonly name: 'flow';
    readonly parameters: {
      readonly flow_message_version: string;
      /** ID of the flow. Set either this or `flow_name`. */
      readonly flow_id?: string;
      readonly flow_name?: string;
      /** Text of the button, at most 30 characters, without emoji. */
      readonly flow_cta: string;
      readonly flow_token?: string;
      readonly mode?: OpenEnum<'draft' | 'published'>;
      readonly flow_action?: OpenEnum<'navigate' | 'data_exchange'>;
      readonly flow_action_payload?: { readonly screen?: string; readonly data?: Readonly<Record<string, unknown>> };
    };
  };
}

/** A button that opens the whole catalog. */
export interface CatalogInteractive {
  readonly type: 'catalog_message';
  readonly body: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: { readonly name: 'catalog_message'; readonly parameters?: { readonly thumbnail_product_retailer_id?: string } };
}

/** One product of the catalog. */
export interface ProductInteractive {
  readonly type: 'product';
  readonly body?: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: { readonly catalog_id: string; readonly product_retailer_id: string };
}

/** At most 30 products in at most ten sections. */
export interface ProductListInteractive {
  readonly type: 'product_list';
  /** A text header. It is required. */
  readonly header: { readonly type: string; readonly text: string };
  readonly body: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: {
    readonly catalog_id: string;
    readonly sections: readonly { readonly title?: string; readonly product_items: readonly { readonly product_retailer_id: string }[] }[];
  };
}

/** A carousel card with an image or a video. All cards of a message have the same kinds of buttons. */
export interface MediaCard {
  /** Position of the card, from 0. */
  readonly card_index: number;
  readonly type?: string;
  readonly header: MediaHeader;
  /** Text of the card, at most 160 characters and two line breaks. */
  readonly body?: InteractiveBody;
  readonly action:
    | CtaUrlAction
    | {
        readonly buttons: readonly {
          readonly type: 'quick_reply';
          readonly quick_reply: { readonly id: string; readonly title: string };
        }[];
      };
}

/** A carousel card with a product. */
export interface ProductCard {
  /** Position of the card, from 0. */
  readonly card_index: number;
  readonly type: 'product';
  readonly action: { readonly product_retailer_id: string; readonly catalog_id: string };
}

/** A carousel of two to ten cards. */
export interface CarouselInteractive {
  readonly type: 'carousel';
  readonly body: InteractiveBody;
  readonly action: { readonly cards: readonly MediaCard[] | readonly ProductCard[] };
}

/** Asks for the customer's location. */
export interface LocationRequestInteractive {
  readonly type: 'location_request_message';
  readonly body: InteractiveBody;
  readonly action: { readonly name: 'send_location' };
}

/** Asks for an address. Available in India, and in other countries by program. */
export interface AddressInteractive {
  readonly type: 'address_message';
  readonly header?: TextHeader | MediaHeader;
  readonly body: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: {
    readonly name: 'address_message';
    readonly parameters: {
      readonly country: string;
      readonly values?: Readonly<Record<string, string>>;
      readonly saved_addresses?: readonly { readonly id: string; readonly value: Readonly<Record<string, string>> }[];
      readonly validation_errors?: Readonly<Record<string, string>>;
    };
  };
}

/** A button that calls the business. Coexistence numbers can't send it. */
export interface VoiceCallInteractive {
  readonly type: 'voice_call';
  readonly body: InteractiveBody;
  readonly action: {
    readonly name: 'voice_call';
    /** `display_text` has at most 20 characters, `ttl_minutes` is 1 to 43,200, `payload` has at most 512 characters. */
    readonly parameters?: { readonly display_text?: string; readonly ttl_minutes?: number; readonly payload?: string };
  };
}

/** Asks the customer to permit calls. Coexistence numbers can't send it. */
export interface CallPermissionInteractive {
  readonly type: 'call_permission_request';
  readonly body?: InteractiveBody;
  readonly action: { readonly name: 'call_permission_request' };
}

/** Asks a customer with a hidden phone number to share it. */
export interface ContactInfoInteractive {
  readonly type: 'request_contact_info';
  readonly body: InteractiveBody;
  readonly action: { readonly name: 'request_contact_info' };
}

/** An interactive message, discriminated by `interactive.type`. */
export interface InteractiveMessage extends MessageEnvelope {
  readonly type: 'interactive';
  readonly interactive:
    | ButtonInteractive
    | ListInteractive
    | CtaUrlInteractive
    | FlowInteractive
    | CatalogInteractive
    | ProductInteractive
    | ProductListInteractive
    | CarouselInteractive
    | LocationRequestInteractive
    | AddressInteractive
    | VoiceCallInteractive
    | CallPermissionInteractive
    | ContactInfoInteractive
    | OrderDetails
    | OrderStatus;
}
