import { valueOn } from '../../policy/message-rules.js';
import { orderOffsetRows, orderReferenceRows } from '../../policy/order-limits.js';
import type { Part } from './part.js';

/**
 * Checks the reference ID and the sums of an order. Source: Meta, Orders (India, Nov 2025; Brazil, 21 May 2026).
 *
 * @param parameters - The parameters of the action of `order_details` or `order_status`.
 * @param day - The day of the rules, as an ISO date.
 * @throws `InvalidMessageError`
 */
export function checkOrder(parameters: Part, day: string): void {
  const currency = parameters.at('currency').value;
  const reference = parameters.at('reference_id');
  if (currency === 'INR') reference.atMost(valueOn(orderReferenceRows.INR, day));
  if (!/^[\w.-]+$/.test(String(reference.value))) reference.reject('may contain only English letters, digits, and _ - .');
  const total = parameters.at('total_amount');
  const order = parameters.at('order');
  if (!total.isThere || !order.isThere) return;
  const offset = currency === 'INR' || currency === 'BRL' ? valueOn(orderOffsetRows, day) : wholeOf(total, 'offset');
  const amountOf = (part: Part): number => {
    // Sums are comparable only if all amounts have the same divisor.
    if (part.at('offset').isThere) checkSum(part.at('offset'), offset, 'the divisor of all amounts');
    return wholeOf(part, 'value');
  };
  amountOf(total);
  const prices = order
    .at('items')
    .list()
    .map((item) => {
      const full = amountOf(item.at('amount'));
      return (item.at('sale_amount').isThere ? amountOf(item.at('sale_amount')) : full) * wholeOf(item, 'quantity');
    });
  const subtotal = prices.reduce((sum, price) => sum + price, 0);
  const optional = (name: string): number => (order.at(name).isThere ? amountOf(order.at(name)) : 0);
  checkSum(order.at('subtotal').at('value'), subtotal, 'the sum of (sale_amount or amount) * quantity');
  checkSum(
    total.at('value'),
    amountOf(order.at('subtotal')) + optional('tax') + optional('shipping') - optional('discount'),
    'subtotal + tax + shipping - discount',
  );
}

function wholeOf(part: Part, member: string): number {
  const { value } = part.at(member).needed().whole(0, Number.MAX_SAFE_INTEGER);
  return Number(value);
}

function checkSum(part: Part, sum: number, rule: string): void {
  if (Number(part.value) !== sum) part.reject(`is ${String(Number(part.value))}, but must be ${String(sum)}: ${rule}`, sum);
}
