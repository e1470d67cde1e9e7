import type { MessageStatus } from './fields/messages.js';

/** How far a status is; a status of Meta's that is not known is never further than one that is. */
const ranks: readonly string[] = ['sent', 'delivered', 'read', 'played'];

/**
 * Of two statuses of one message, the one that stands: statuses only move forward, in any order of arrival. `failed` is
 * final. Pure, and the same for every order of arrival. Source: Meta, status messages webhook (20 Nov 2025): order is not guaranteed.
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
 * Of two events about one account, the later one by Meta's clock; of two of the same moment, always the same one. An
 * `account.reconnected` may arrive before its `account.offboarded`. Source: Meta, Reconnect offboarded coexistence clients (21 May 2026).
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
