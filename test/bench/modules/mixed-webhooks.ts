import { webhookPayload } from 'wa-coexist/testing';
import { deliveryOf, type Delivery } from '../harness/deliveries.ts';

const numbers = 50;
const customers = 19_997;
const startMs = Date.UTC(2026, 10, 1);

/** Creates the webhook with a given index: messages, statuses, echoes and contacts of 50 numbers and about 20,000 customers. */
export function mixedWebhook(index: number): Delivery {
  // Primes distribute the kinds of events of a customer evenly.
  const person = (index * 7_919) % customers;
  const waId = String(15_550_200_000 + person);
  const scope = {
    wabaId: String(102_290_129_340_000 + (person % numbers)),
    phoneNumberId: String(106_540_352_240_000 + (person % numbers)),
    customer: { waId, name: 'Mara' },
    occurredAt: new Date(startMs + index * 100),
  };
  const turn = index % 20;
  if (turn < 6) return deliveryOf(webhookPayload('message', { ...scope, message: `Can I pick up order ${String(index)} at five?` }));
  if (turn < 15) {
    const status = ['sent', 'delivered', 'read'][turn % 3] ?? 'sent';
    return deliveryOf(
      webhookPayload('status', { ...scope, status: { status, pricing: { billable: true, pricing_model: 'PMP', category: 'utility' } } }),
    );
  }
  if (turn < 19) return deliveryOf(webhookPayload('echo', { ...scope, message: 'Yes, see you then.' }));
  return deliveryOf(webhookPayload('contact', scope));
}
