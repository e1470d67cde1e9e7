import type { WebhookEvent } from '../../webhooks/events/event.js';

/** What Meta says about the price of a message: never computed here. */
export type CostPricing = {
  /** `marketing`, `utility`, `authentication`, `service`, … */
  readonly category?: string;
  /**
   * `regular` is billed. `free_customer_service` and `free_group_customer_service` are free, since 1 October 2026 as part of the free tier of
   * the number. `free_entry_point` is free. Meta may add others.
   */
  readonly type?: string;
  /** `paid_exempt`: the account is exempt from the charge. */
  readonly subtype?: string;
  readonly model?: string;
  /** Meta is going to remove it: go by `type`. */
  readonly billable?: boolean;
};

/**
 * One outgoing message and who carried it: the Business app, free of charge, or the API, at Meta's price. JSON; write it by `messageId` and
 * join it with what is there by {@link mergeCostEntries}.
 */
export type CostEntry = {
  /** The wamid. */
  readonly messageId: string;
  readonly carriedBy: 'app' | 'api';
  /** When it was first heard of, by Meta's time: milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly phoneNumberId?: string;
  readonly wabaId?: string;
  /** The customer's number, where it is known: digits. Tells the country. */
  readonly waId?: string;
  /** The customer's business-scoped user id, where it is known. It begins with the country. */
  readonly userId?: string;
  /** Whose message it was, where the receiver's `route` says so with a string. */
  readonly tenant?: string;
  /** When it was delivered, or else read, by Meta's time. The month of the free tier depends on it. */
  readonly deliveredAtMs?: number;
  /** The furthest that a message of the API got. */
  readonly status?: string;
  /** Absent for messages of the app, and until Meta has told it. */
  readonly pricing?: CostPricing;
  /** The status that the price came with. */
  readonly pricedBy?: string;
};

/** How far a message of the API has got, in the order in which it gets there. One that was sent may still fail. */
const order: readonly string[] = ['sent', 'failed', 'delivered', 'read', 'played'];

/**
 * The core of the costs: what an event says about one outgoing message, or `undefined` if it says nothing. Echoes are messages of the app,
 * which are free; statuses are messages of the API. History is neither: it was paid, or not, before onboarding.
 *
 * Source: Meta, Pricing (11 and 30 Sep 2026) and status messages (14 Sep 2026).
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
  // A payment has statuses of its own, with the wamid of the message that asked for it.
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
 * Joins what is known of a message with what came, in any order and however often. A message with a status was carried by the API, even
 * if an echo of it came, too; the price that came with the furthest status stands. The first spelling of the wamid stays.
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

/** How much an entry says: an echo least, then the statuses in their order. */
function place({ carriedBy, status }: CostEntry): number {
  return carriedBy === 'app' ? -2 : status === undefined ? -1 : order.indexOf(status);
}

/** Among entries that say as much the same one always wins. */
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
