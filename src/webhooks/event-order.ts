import type { MessageStatus } from './fields/messages.js';

/** The known statuses in order. An unknown status never replaces a known one. */
const ranks: readonly string[] = ['sent', 'delivered', 'read', 'played'];

/**
 * Returns the later of two statuses of one message. Statuses only advance, and `failed` is final. The result doesn't
 * depend on the order of arrival, which Meta doesn't guarantee. For account events, see {@link laterEvent}.
 *
 * Source: Meta, status messages webhook (20 Nov 2025).
 *
 * @param known - The status that you stored, or `undefined` for a new message.
 * @param next - The status that arrived.
 * @returns the status to store.
 *
 * @example
 * ```ts
 * import { furtherStatus } from 'wa-coexist/webhooks';
 *
 * furtherStatus('read', 'delivered'); // 'read'
 * furtherStatus(undefined, 'sent'); // 'sent'
 * ```
 */
export function furtherStatus(known: MessageStatus['status'] | undefined, next: MessageStatus['status']): MessageStatus['status'] {
  if (known === undefined) return next;
  const [left, right] = [rankOf(known), rankOf(next)];
  if (left !== right) return left > right ? known : next;
  return known >= next ? known : next;
}

function rankOf(status: string): number {
  return status === 'failed' ? ranks.length : ranks.indexOf(status);
}

/**
 * Returns the later of two events about one account by Meta's timestamps. For equal timestamps, it always returns the
 * same one. An `account.reconnected` can arrive before its `account.offboarded`. For statuses, see {@link furtherStatus}.
 *
 * Source: Meta, Reconnect offboarded coexistence clients (21 May 2026).
 *
 * @param known - The event that you stored, or `undefined`.
 * @param next - The event that arrived.
 * @returns the event to store.
 *
 * @example
 * ```ts
 * import { laterEvent, type WebhookEvent } from 'wa-coexist/webhooks';
 *
 * let last: WebhookEvent | undefined;
 * function onAccount(event: WebhookEvent): void {
 *   last = laterEvent(last, event);
 * }
 * ```
 */
export function laterEvent<Event extends { readonly occurredAt?: Date; readonly key: string }>(
  known: Event | undefined,
  next: Event,
): Event {
  if (known === undefined) return next;
  const [left, right] = [known.occurredAt?.getTime() ?? 0, next.occurredAt?.getTime() ?? 0];
  if (left !== right) return left > right ? known : next;
  return known.key >= next.key ? known : next;
}
