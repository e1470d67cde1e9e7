import type { MessageEnvelope } from './envelope.js';
import type { MediaReference } from './media.js';
import type { OpenEnum } from '../../runtime/open-enum.js';

/** A value in a header or a body, with `parameter_name` for templates with named parameters. */
export type TemplateValue = { readonly parameter_name?: string } & (
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'currency';
      readonly currency: { readonly fallback_value: string; readonly code: string; readonly amount_1000: number };
    }
  | { readonly type: 'date_time'; readonly date_time: { readonly fallback_value: string; readonly [part: string]: unknown } }
  | { readonly type: 'group_id'; readonly group_id: string }
);

/** A file, location or product in a header. */
export type TemplateHeaderContent =
  | { readonly type: 'image'; readonly image: MediaReference }
  | { readonly type: 'video'; readonly video: MediaReference }
  | { readonly type: 'gif'; readonly gif: MediaReference }
  | { readonly type: 'document'; readonly document: MediaReference & { readonly filename?: string } }
  | {
      readonly type: 'location';
      readonly location: {
        readonly latitude: number | string;
        readonly longitude: number | string;
        readonly name?: string;
        readonly address?: string;
      };
    }
  | { readonly type: 'product'; readonly product: { readonly product_retailer_id: string; readonly catalog_id: string } };

/** Header of a template message. Meta ignores case in component types. */
export interface TemplateHeader {
  readonly type: 'header' | 'HEADER';
  readonly parameters: readonly (TemplateValue | TemplateHeaderContent)[];
}

/**
 * Body of a template message. Values must not contain line breaks, tabs or more than four spaces in a row (132007,
 * 132018).
 */
export interface TemplateBody {
  readonly type: 'body' | 'BODY';
  readonly parameters: readonly TemplateValue[];
}

/** Value of a template button, discriminated by `type`. */
export type TemplateButtonParameter =
  | { readonly type: 'payload'; readonly payload: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'coupon_code'; readonly coupon_code: string }
  | { readonly type: 'ttl_minutes'; readonly ttl_minutes: number }
  | {
      readonly type: 'action';
      readonly action: {
        readonly flow_token?: string;
        readonly flow_action_data?: Readonly<Record<string, unknown>>;
        readonly thumbnail_product_retailer_id?: string;
        readonly sections?: readonly {
          readonly title?: string;
          readonly product_items: readonly { readonly product_retailer_id: string }[];
        }[];
        readonly order_details?: Readonly<Record<string, unknown>>;
        readonly order_status?: Readonly<Record<string, unknown>>;
      };
    };

/**
 * A template button with a value: a reply, a URL, a one-time code, a coupon, a flow, a catalog, products, a call or an
 * order.
 */
export interface TemplateButton {
  readonly type: 'button' | 'BUTTON';
  /**
   * `quick_reply`, `url` (also for one-time codes), `copy_code`, `flow`, `catalog`, `mpm`, `voice_call`,
   * `order_details`, …. Meta ignores case.
   */
  readonly sub_type: string;
  /** Position among the buttons, from 0. */
  readonly index?: number | string;
  readonly parameters?: readonly TemplateButtonParameter[];
}

/** Expiration of a limited-time offer, in milliseconds since the epoch. */
export interface TemplateLimitedTimeOffer {
  readonly type: 'limited_time_offer' | 'LIMITED_TIME_OFFER';
  readonly parameters: readonly {
    readonly type: 'limited_time_offer';
    readonly limited_time_offer: { readonly expiration_time_ms: number };
  }[];
}

/** Two to ten carousel cards. Number and shape match the template. */
export interface TemplateCarousel {
  readonly type: 'carousel' | 'CAROUSEL';
  readonly cards: readonly {
    readonly card_index: number;
    readonly components: readonly (TemplateHeader | TemplateBody | TemplateButton)[];
  }[];
}

/** Page that opens when a customer taps the message. */
export interface TemplateTapTarget {
  readonly type: 'tap_target_configuration';
  readonly parameters: readonly {
    readonly type: 'tap_target_configuration';
    readonly tap_target_configuration: readonly { readonly url: string; readonly title: string }[];
  }[];
}

/** A component of a template message that contains values. */
export type TemplateComponent =
  TemplateHeader | TemplateBody | TemplateButton | TemplateLimitedTimeOffer | TemplateCarousel | TemplateTapTarget;

/**
 * A message with a template that Meta approved. Only templates can start a conversation or be sent outside the service
 * window.
 */
export interface TemplateMessage extends MessageEnvelope {
  readonly type: 'template';
  readonly template: {
    readonly name: string;
    readonly language: { readonly code: string; readonly policy?: OpenEnum<'deterministic'> };
    readonly components?: readonly TemplateComponent[];
  };
}
