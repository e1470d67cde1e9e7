import type { OpenEnum } from '../../runtime/open-enum.js';

/** A way to pay an order, in Meta's shape. `type` names the member with its details. */
export interface OrderPayment {
  readonly type: string;
  readonly [details: string]: unknown;
}

/** Parameters of {@link pixPayment}. */
export interface PixParameters {
  /** The dynamic Pix code of your bank. */
  readonly code: string;
  /** Name of the account holder. */
  readonly merchantName: string;
  readonly key: string;
  readonly keyType: OpenEnum<'CPF' | 'CNPJ' | 'EMAIL' | 'PHONE' | 'EVP'>;
}

/**
 * Builds a payment with a dynamic Pix code (Brazil), for {@link orderDetails}. Your bank confirms the payment. Source:
 * Meta, Offsite Pix payments (6 Apr 2026).
 *
 * @param parameters - The code and the account. See {@link PixParameters}.
 *
 * @example
 * ```ts
 * import { pixPayment } from 'wa-coexist/messages';
 *
 * pixPayment({ code: '000201…', merchantName: 'Padaria Porto', key: '39580525000189', keyType: 'CNPJ' });
 * ```
 */
export function pixPayment({ code, merchantName, key, keyType }: PixParameters): OrderPayment {
  return { type: 'pix_dynamic_code', pix_dynamic_code: { code, merchant_name: merchantName, key, key_type: keyType } };
}

/**
 * Builds a payment with a boleto (Brazil), for {@link orderDetails}. Source: Meta, Boleto (30 Jun 2026).
 *
 * @param digitableLine - The digits that the customer enters in the bank's app.
 *
 * @example
 * ```ts
 * import { boletoPayment } from 'wa-coexist/messages';
 *
 * boletoPayment('03399026944140000002628346101018898510000008848');
 * ```
 */
export function boletoPayment(digitableLine: string): OrderPayment {
  return { type: 'boleto', boleto: { digitable_line: digitableLine } };
}

/**
 * Builds a payment with an UPI app (India), for {@link orderDetails}. Source: Meta, Receive UPI payments through
 * WhatsApp (21 May 2026).
 *
 * @param link - The UPI intent link of your payment gateway, for example `upi://pay?pa=…`. Its `tr` is the reference ID
 * of the order.
 *
 * @example
 * ```ts
 * import { upiPayment } from 'wa-coexist/messages';
 *
 * upiPayment('upi://pay?pa=shop@bank&tr=order-4711&am=25.00&cu=INR');
 * ```
 */
export function upiPayment(link: string): OrderPayment {
  return { type: 'upi_intent_link', upi_intent_link: { link } };
}

/**
 * Builds a payment on a page of your payment provider (India, Brazil), for {@link orderDetails}. Source: Meta, Payment
 * links (2026).
 *
 * @param uri - The https link.
 *
 * @example
 * ```ts
 * import { linkPayment } from 'wa-coexist/messages';
 *
 * linkPayment('https://pay.example/order-4711');
 * ```
 */
export function linkPayment(uri: string): OrderPayment {
  return { type: 'payment_link', payment_link: { uri } };
}

/**
 * Builds a payment with a gateway that is connected in WhatsApp Manager (India), for {@link orderDetails}. Source: Meta,
 * Receive payments via payment gateways (21 May 2026).
 *
 * @param gateway - The gateway, for example `razorpay`, `payu`, `billdesk` or `zaakpay`.
 * @param configurationName - Name of the configuration in WhatsApp Manager.
 *
 * @example
 * ```ts
 * import { gatewayPayment } from 'wa-coexist/messages';
 *
 * gatewayPayment('razorpay', 'shop-payments');
 * ```
 */
export function gatewayPayment(gateway: string, configurationName: string): OrderPayment {
  return { type: 'payment_gateway', payment_gateway: { type: gateway, configuration_name: configurationName } };
}
