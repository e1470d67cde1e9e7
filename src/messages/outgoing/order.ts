import type { InteractiveBody, InteractiveFooter, MediaHeader } from './interactive-parts.js';

/** An amount: `value` divided by `offset` (100 for most currencies). */
export interface OrderAmount {
  readonly value: number;
  readonly offset: number;
  readonly description?: string;
  readonly discount_program_name?: string;
}

/** Payment details of an order. They differ by market (India, Brazil), so other members are allowed. */
export interface OrderParameters {
  /** Unique ID of the order, at most 35 characters in India and 60 in Brazil. */
  readonly reference_id: string;
  readonly type?: string | undefined;
  readonly currency: string;
  readonly total_amount: OrderAmount;
  /** The items. Optional in Brazil since 2026. */
  readonly order?:
    | {
        readonly status: string;
        readonly items: readonly {
          readonly retailer_id?: string | undefined;
          readonly name: string;
          readonly amount: OrderAmount;
          readonly sale_amount?: OrderAmount | undefined;
          readonly quantity: number;
          readonly [more: string]: unknown;
        }[];
        readonly subtotal?: OrderAmount | undefined;
        readonly tax?: OrderAmount | undefined;
        readonly shipping?: OrderAmount | undefined;
        readonly discount?: OrderAmount | undefined;
        readonly catalog_id?: string | undefined;
        readonly expiration?: { readonly timestamp: string; readonly description?: string | undefined } | undefined;
        readonly [more: string]: unknown;
      }
    | undefined;
  readonly payment_settings?: readonly { readonly type: string; readonly [more: string]: unknown }[] | undefined;
  readonly [more: string]: unknown;
}

/** A bill that customers can pay in the chat. The form with `order_details` is Meta's older one. */
export type OrderDetails =
  | {
      readonly type: 'order_details';
      readonly header?: MediaHeader;
      readonly body: InteractiveBody;
      readonly footer?: InteractiveFooter;
      readonly action: { readonly name: 'review_and_pay'; readonly parameters: OrderParameters };
    }
  | { readonly type: 'order_details'; readonly order_details: Readonly<Record<string, unknown>> };

/** Status update of an order. */
export interface OrderStatus {
  readonly type: 'order_status';
  readonly body: InteractiveBody;
  readonly footer?: InteractiveFooter;
  readonly action: {
    readonly name: 'review_order';
    readonly parameters: {
      readonly reference_id: string;
      readonly order?: { readonly status: string; readonly description?: string };
      readonly [more: string]: unknown;
    };
  };
}
