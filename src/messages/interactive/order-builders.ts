import { InvalidArgumentError } from '../../errors/invalid-argument-error.js';
import { valueOn } from '../../policy/message-rules.js';
import { orderExpirationRows, orderOffsetRows } from '../../policy/order-limits.js';
import { isoDay } from '../../runtime/calendar.js';
import { isRecord } from '../../runtime/json.js';
import type { OpenEnum } from '../../runtime/open-enum.js';
import type { FooterOption, InteractiveContent } from './message-frame.js';
import type { MediaHeader } from '../outgoing/interactive-parts.js';
import type { OrderAmount, OrderDetails, OrderParameters, OrderStatus } from '../outgoing/order.js';
import type { OrderPayment } from './order-payments.js';

/** An item of an {@link OrderInvoice}. Prices are whole numbers of hundredths, for example 1234 for 12.34 BRL. */
export interface OrderItem {
  /** Name that the customer sees, at most 60 characters. */
  readonly name: string;
  /** Price of one item, in hundredths of the currency. */
  readonly price: number;
  /** Reduced price of one item, in hundredths of the currency. */
  readonly salePrice?: number | undefined;
  /** @defaultValue `1` */
  readonly quantity?: number | undefined;
  /** ID of the product in your catalog. */
  readonly retailerId?: string | undefined;
  /** Other members in Meta's shape, for example `country_of_origin` and `importer_name` in India. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** An amount of an order: hundredths of the currency, or the same with a description of at most 60 characters. */
export type OrderFee = number | { readonly amount: number; readonly description?: string | undefined };

/** A discount of an order. */
export type OrderDiscount =
  number | { readonly amount: number; readonly description?: string | undefined; readonly programName?: string | undefined };

/** Parameters of {@link orderDetails}. All amounts are whole numbers of hundredths of the currency. */
export interface OrderInvoice {
  /**
   * Your unique ID of this message: English letters, digits, `_`, `-` and `.`. At most 60 characters for BRL and 35 for
   * INR.
   */
  readonly referenceId: string;
  readonly type: OpenEnum<'digital-goods' | 'physical-goods'>;
  /** `BRL` in Brazil, `INR` in India. */
  readonly currency: string;
  /** How the customer can pay, for example {@link pixPayment} or {@link upiPayment}. */
  readonly payments: readonly OrderPayment[];
  /** The items. In Brazil, you can omit them and set only `total`. */
  readonly items?: readonly OrderItem[] | undefined;
  /** @defaultValue `0` */
  readonly tax?: OrderFee | undefined;
  readonly shipping?: OrderFee | undefined;
  readonly discount?: OrderDiscount | undefined;
  /** The total. If there are items, the builder computes it, and rejects a different one. */
  readonly total?: number | undefined;
  /** Time limit for the payment, at least 5 minutes from now. The description has at most 120 characters. */
  readonly expiration?: { readonly at: Date; readonly description?: string | undefined } | undefined;
  readonly catalogId?: string | undefined;
  /** Other parameters in Meta's shape, for example `shipping_info`. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** Options of {@link orderDetails}. */
export interface OrderDetailsOptions extends FooterOption {
  /** Image of the message. @defaultValue the image of the first product of the catalog */
  readonly header?: Extract<MediaHeader, { readonly type: 'image' }> | undefined;
}

const action = 'orderDetails';

/**
 * Builds the content of a bill that the customer can pay in the chat, in Meta's shape. It computes the subtotal and the
 * total. Available for businesses in India and Brazil. Then update the order with {@link orderStatus}.
 *
 * Source: Meta, Payments API (India, 21 May 2026), and Orders (Brazil, 21 May 2026).
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param invoice - The order. See {@link OrderInvoice}.
 * @param options - Image and footer.
 * @throws `InvalidArgumentError` if an amount isn't a whole number, if the total differs from the sum, or if the order
 * expires within 5 minutes.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { orderDetails, pixPayment } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const bill = orderDetails('Your order', {
 *   referenceId: 'order-4711',
 *   type: 'physical-goods',
 *   currency: 'BRL',
 *   items: [{ retailerId: 'bread', name: 'Rye bread', price: 1_250, quantity: 2 }],
 *   shipping: { amount: 500, description: 'Courier' },
 *   payments: [pixPayment({ code: '000201…', merchantName: 'Padaria Porto', key: '39580525000189', keyType: 'CNPJ' })],
 * });
 * await wa.messages.send({ to: '5511987654321', ...bill });
 * ```
 */
export function orderDetails(
  body: string,
  invoice: OrderInvoice,
  options: OrderDetailsOptions = {},
): InteractiveContent<Extract<OrderDetails, { readonly action: unknown }>> {
  const { referenceId, type, currency, payments, items, total, more } = invoice;
  if (!isRecord(invoice) || !Array.isArray(payments)) throw new InvalidArgumentError(action, 'payments', 'must be a list');
  if (items === undefined && total === undefined) throw new InvalidArgumentError(action, 'items', 'is missing. Without items, set total');
  const order = items && orderOf(items, invoice);
  const sum = order ? sumOf(order) : (total ?? 0);
  if (total !== undefined && total !== sum) {
    throw new InvalidArgumentError(action, 'total', `is ${String(total)}, but items + tax + shipping - discount is ${String(sum)}`);
  }
  const parameters: OrderParameters = {
    ...more,
    reference_id: referenceId,
    type,
    ...(currency === 'BRL' && { payment_type: 'br' }),
    payment_settings: payments,
    currency,
    total_amount: amountOf('total', sum),
    ...(order && { order }),
  };
  return {
    type: 'interactive',
    interactive: {
      type: 'order_details',
      ...(options.header && { header: options.header }),
      body: { text: body },
      ...footerOf(options),
      action: { name: 'review_and_pay', parameters },
    },
  };
}

function orderOf(items: readonly OrderItem[], invoice: OrderInvoice): NonNullable<OrderParameters['order']> {
  const { tax = 0, shipping, discount, expiration, catalogId } = invoice;
  if (items.length === 0) throw new InvalidArgumentError(action, 'items', 'must have at least one item');
  const lines = items.map(({ name, price, salePrice, quantity = 1, retailerId, more }, index) => {
    const path = `items[${String(index)}]`;
    if (!Number.isSafeInteger(quantity) || quantity < 1)
      throw new InvalidArgumentError(action, `${path}.quantity`, 'must be a whole number from 1');
    return {
      ...more,
      ...(retailerId !== undefined && { retailer_id: retailerId }),
      name,
      amount: amountOf(`${path}.price`, price),
      ...(salePrice !== undefined && { sale_amount: amountOf(`${path}.salePrice`, salePrice) }),
      quantity,
    };
  });
  const subtotal = lines.reduce((sum, { amount, sale_amount, quantity }) => sum + (sale_amount ?? amount).value * quantity, 0);
  return {
    status: 'pending',
    ...(catalogId !== undefined && { catalog_id: catalogId }),
    ...(expiration && { expiration: expirationOf(expiration) }),
    items: lines,
    subtotal: amountOf('items', subtotal),
    tax: feeOf('tax', tax),
    ...(shipping !== undefined && { shipping: feeOf('shipping', shipping) }),
    ...(discount !== undefined && { discount: discountOf(discount) }),
  };
}

function sumOf({ subtotal, tax, shipping, discount }: NonNullable<OrderParameters['order']>): number {
  return (subtotal?.value ?? 0) + (tax?.value ?? 0) + (shipping?.value ?? 0) - (discount?.value ?? 0);
}

function amountOf(path: string, value: number): OrderAmount {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError(action, path, 'must be a whole number of hundredths, for example 1234 for 12.34');
  }
  return { value, offset: valueOn(orderOffsetRows, isoDay(Date.now())) };
}

function feeOf(path: string, fee: OrderFee): OrderAmount {
  const { amount, description } = typeof fee === 'number' ? { amount: fee } : fee;
  return { ...amountOf(path, amount), ...(description !== undefined && { description }) };
}

function discountOf(discount: OrderDiscount): OrderAmount {
  const programName = typeof discount === 'number' ? undefined : discount.programName;
  return { ...feeOf('discount', discount), ...(programName !== undefined && { discount_program_name: programName }) };
}

function expirationOf({ at, description }: NonNullable<OrderInvoice['expiration']>): { timestamp: string; description?: string } {
  const nowMs = Date.now();
  const least = valueOn(orderExpirationRows, isoDay(nowMs));
  if (!(at instanceof Date) || !(at.getTime() - nowMs >= least)) {
    throw new InvalidArgumentError(action, 'expiration.at', `must be a Date at least ${String(least / 60_000)} minutes from now`);
  }
  return { timestamp: String(Math.floor(at.getTime() / 1000)), ...(description !== undefined && { description }) };
}

const footerOf = ({ footer }: FooterOption): { readonly footer?: { readonly text: string } } =>
  footer === undefined ? {} : { footer: { text: footer } };

/** Parameters of {@link orderStatus}. */
export interface OrderUpdate {
  /** The ID of the order details message. */
  readonly referenceId: string;
  /** `canceled` fails if the customer has paid. Omit it in Brazil to update only the payment. */
  readonly status?: OrderStatusName | undefined;
  /** Text for the customer, at most 120 characters. Needs a status. */
  readonly description?: string | undefined;
  /** Result of the payment (Brazil). */
  readonly payment?: { readonly status: OpenEnum<'pending' | 'captured' | 'failed'>; readonly at?: Date | undefined } | undefined;
}

/** Status of an order. Meta's pages also write `partially-shipped` (Brazil). */
export type OrderStatusName = OpenEnum<
  'pending' | 'processing' | 'partially_shipped' | 'partially-shipped' | 'shipped' | 'completed' | 'canceled'
>;

/**
 * Builds the content of a message with the new status of an order, in Meta's shape. Mark an order as `completed` when
 * the customer should expect no further updates. See {@link orderDetails}.
 *
 * Source: Meta, Payments API (India, 21 May 2026), and Orders (Brazil, 21 May 2026).
 *
 * @param body - Text of the message, at most 1,024 characters.
 * @param update - The order and its status. See {@link OrderUpdate}.
 * @param options - Footer.
 * @throws `InvalidArgumentError` if there is neither a status nor a payment, or a description without a status.
 *
 * @example
 * ```ts
 * import { createWhatsApp } from 'wa-coexist';
 * import { orderStatus } from 'wa-coexist/messages';
 *
 * const wa = createWhatsApp({ accessToken: 'token', phoneNumberId: '106540352242922' });
 * const paid = orderStatus('We received your payment.', {
 *   referenceId: 'order-4711',
 *   status: 'processing',
 *   payment: { status: 'captured', at: new Date() },
 * });
 * await wa.messages.send({ to: '5511987654321', ...paid });
 * ```
 */
export function orderStatus(body: string, update: OrderUpdate, options: FooterOption = {}): InteractiveContent<OrderStatus> {
  const { referenceId, status, description, payment } = update;
  if (status === undefined && !payment)
    throw new InvalidArgumentError('orderStatus', 'status', 'is missing. Without a payment, set status');
  if (status === undefined && description !== undefined)
    throw new InvalidArgumentError('orderStatus', 'description', 'needs a status, because it is a part of the order');
  if (payment?.at !== undefined && !(payment.at instanceof Date && Number.isFinite(payment.at.getTime())))
    throw new InvalidArgumentError('orderStatus', 'payment.at', 'must be a valid Date');
  return {
    type: 'interactive',
    interactive: {
      type: 'order_status',
      body: { text: body },
      ...footerOf(options),
      action: {
        name: 'review_order',
        parameters: {
          reference_id: referenceId,
          ...(status !== undefined && { order: { status, ...(description !== undefined && { description }) } }),
          ...(payment && {
            payment: { status: payment.status, ...(payment.at && { timestamp: Math.floor(payment.at.getTime() / 1000) }) },
          }),
        },
      },
    },
  };
}
