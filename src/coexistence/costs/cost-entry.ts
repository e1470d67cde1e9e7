import type { WebhookEvent } from '../../webhooks/fields/registry.js';

/** Meta's price information for a message. The library never computes it. */
export type CostPricing = {
  /** For example `marketing`, `utility`, `authentication` or `service`. */
  readonly category?: string;
  /**
   * `regular` is billed. `free_customer_service` and `free_group_customer_service` are free. Since 1 October 2026, they
   * count against the free tier of the number. `free_entry_point` is free. Meta may add types.
   */
  readonly type?: string;
  /** `paid_exempt`: the account is exempt from the charge. */
  readonly subtype?: string;
  readonly model?: string;
  /** Meta plans to remove this field. Use `type`. */
  readonly billable?: boolean;
};

/**
 * One outgoing message and its carrier: the Business app (free) or the API (at Meta's price). The entry is JSON. Upsert
 * it by `messageId` and merge it with the stored entry by {@link mergeCostEntries}.
 */
export type CostEntry = {
  /** The wamid. */
  readonly messageId: string;
  readonly carriedBy: 'app' | 'api';
  /** Meta's time of the first event about the message, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly phoneNumberId?: string;
  readonly wabaId?: string;
  /** The customer's number, if known. Digits only. It determines the country. */
  readonly waId?: string;
  /** The customer's business-scoped user ID, if known. It begins with the country. */
  readonly userId?: string;
  /** The tenant, if the receiver's `route` returns a string. */
  readonly tenant?: string;
  /** Meta's time of delivery, or of reading. The month of the free tier depends on it. */
  readonly deliveredAtMs?: number;
  /** The furthest status of an API message. */
  readonly status?: string;
  /** Absent for app messages, and for API messages until Meta reports a price. */
  readonly pricing?: CostPricing;
  /** The status that contained the price. */
  readonly pricedBy?: string;
};

/** The order of the statuses of an API message. A sent message may still fail. */
const order: readonly string[] = ['sent', 'failed', 'delivered', 'read', 'played'];

/**
 * Reads an outgoing message from an event. An echo is an app message, which is free. A status is an API message.
 * Messages of the history aren't counted because they were sent before the onboarding. This function is pure.
 *
 * Source: Meta, Pricing (11 and 30 Sep 2026) and status messages (14 Sep 2026).
 *
 * @param event - A webhook event, optionally with the tenant of the receiver.
 * @returns the entry to merge by {@link mergeCostEntries}, or `undefined` for other events
 *
 * @example
 * ```ts
 * import { costEntry, mergeCostEntries, type CostEntry } from 'wa-coexist/coexistence';
 * import { parseWebhook } from 'wa-coexist/webhooks';
 *
 * const entries = new Map<string, CostEntry>();
 * for (const event of parseWebhook({ entry: [] })) {
 *   const entry = costEntry(event);
 *   if (entry) entries.set(entry.messageId, mergeCostEntries(entries.get(entry.messageId), entry));
 * }
 * ```
 */
export function costEntry(event: WebhookEvent & { readonly tenant?: unknown }): CostEntry | undefined {
  const { phoneNumberId, wabaId, customer, occurredAt, tenant } = event;
  const facts = {
    atMs: occurredAt?.getTime() ?? 0,
    ...(phoneNumberId !== undefined && { phoneNumberId }),
    ...(wabaId !== undefined && { wabaId }),
    ...(customer?.waId !== undefined && { waId: customer.waId }),
    ...(customer?.userId !== undefined && { userId: customer.userId }),
    ...(typeof tenant === 'string' && { tenant }),
  };
  if (event.type === 'echo') return { messageId: event.message.id, carriedBy: 'app', ...facts };
  // A payment has its own statuses, with the wamid of the message that requested the payment.
  if (event.type !== 'status' || event.status.type === 'payment') return undefined;
  const { id, status, pricing } = event.status;
  return {
    messageId: id,
    carriedBy: 'api',
    ...facts,
    status,
    ...(facts.atMs > 0 && order.indexOf(status) >= order.indexOf('delivered') && { deliveredAtMs: facts.atMs }),
    ...(pricing && {
      pricing: {
        ...(pricing.category !== undefined && { category: pricing.category }),
        ...(pricing.type !== undefined && { type: pricing.type }),
        ...(pricing.subtype !== undefined && { subtype: pricing.subtype }),
        ...(pricing.pricing_model !== undefined && { model: pricing.pricing_model }),
        ...(pricing.billable !== undefined && { billable: pricing.billable }),
      },
      pricedBy: status,
    }),
  };
}

/**
 * Merges two entries of one message, in any order and repeatedly. A message with a status was carried by the API, even
 * if an echo of it arrived. The price of the furthest status wins. The first spelling of the wamid is kept. This
 * function is pure.
 *
 * @param known - The stored entry, if there is one.
 * @param came - The new entry from {@link costEntry}.
 *
 * @example
 * ```ts
 * import { mergeCostEntries, type CostEntry } from 'wa-coexist/coexistence';
 *
 * const sent: CostEntry = { messageId: 'wamid.1', carriedBy: 'api', atMs: 1_000, status: 'sent' };
 * const read: CostEntry = { ...sent, atMs: 2_000, status: 'read' };
 * mergeCostEntries(read, sent).status; // 'read'
 * ```
 */
export function mergeCostEntries(known: CostEntry | undefined, came: CostEntry): CostEntry {
  if (!known) return came;
  const [less, more] = compare(known, came) <= 0 ? [known, came] : [came, known];
  const times = [known.atMs, came.atMs].filter((atMs) => atMs > 0);
  const priced = furthestPriced(known, came);
  const deliveries = [known.deliveredAtMs, came.deliveredAtMs].filter((atMs) => atMs !== undefined);
  return {
    ...less,
    ...more,
    messageId: known.messageId,
    atMs: times.length > 0 ? Math.min(...times) : 0,
    ...(deliveries.length > 0 && { deliveredAtMs: Math.min(...deliveries) }),
    ...priced,
  };
}

function compare(left: CostEntry, right: CostEntry): number {
  return place(left) - place(right) || text(idsOf(left), idsOf(right));
}

/** Ranks an entry by its information: an echo first, then the statuses in their order. */
function place({ carriedBy, status }: CostEntry): number {
  return carriedBy === 'app' ? -2 : status === undefined ? -1 : order.indexOf(status);
}

/** Decides between entries with the same rank, so that the order of arrival doesn't matter. */
function idsOf({ phoneNumberId = '', wabaId = '', waId = '', userId = '', tenant = '', status = '' }: CostEntry): string {
  return JSON.stringify([phoneNumberId, wabaId, waId, userId, tenant, status]);
}

function furthestPriced(left: CostEntry, right: CostEntry): Pick<CostEntry, 'pricing' | 'pricedBy'> {
  const [winner] = [left, right]
    .filter(({ pricing }) => pricing !== undefined)
    .sort(
      (one, other) =>
        order.indexOf(other.pricedBy ?? '') - order.indexOf(one.pricedBy ?? '') ||
        text(JSON.stringify(other.pricing), JSON.stringify(one.pricing)),
    );
  if (!winner?.pricing) return {};
  return { pricing: winner.pricing, ...(winner.pricedBy !== undefined && { pricedBy: winner.pricedBy }) };
}

function text(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
