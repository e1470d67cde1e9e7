import type { WebhookEvent } from '../../webhooks/events/event.js';

/** What is kept of one customer's window: JSON. */
export type ServiceWindowState = {
  /** When the customer last wrote, live. */
  readonly lastInboundAtMs?: number;
  /** The end of the free entry point, as Meta's statuses tell it. */
  readonly freeUntilMs?: number;
};

/** What an event says about a window. */
export type ServiceWindowEvent =
  { readonly type: 'customer-wrote'; readonly atMs: number } | { readonly type: 'free-entry-point'; readonly untilMs: number };

/** The rules of a window. */
export interface ServiceWindowRules {
  /** Hours that a customer's message keeps it open. */
  readonly serviceWindowHours: number;
  /**
   * From when on every live message of the number is known: its onboarding, or the first event that was seen. Messages from before open
   * nothing, and before a whole window has passed since then, silence proves nothing. Absent: nothing is known.
   */
  readonly watchedFromMs?: number;
  /** Whether the number was onboarded at that moment, so that no window from before can still be open. @defaultValue `false` */
  readonly sinceOnboarding?: boolean;
}

/** Whether a message without a template may go out. `unknown`: the customer may have written before the number was watched. */
export type ServiceWindowStatus = 'open' | 'closed' | 'unknown';

/** A window at a moment. */
export interface ServiceWindowReading {
  readonly status: ServiceWindowStatus;
  /** When it closes, or closed; absent if no message of the customer is known. */
  readonly untilMs?: number;
  /** Until then every message is free, as the customer came from an ad (up to 7 days, 72 hours before 28 Sep 2026). It keeps no window open. */
  readonly freeUntilMs?: number;
}

const hourMs = 3_600_000;

/**
 * What an event says about the window of its customer, or `undefined` if it says nothing. Only a live message opens a window: no history, no
 * echo, and to be safe no edit, deletion, reaction, or message that Meta could not hand over (131060, 131051), as Meta does not document
 * those. Source: Meta, Onboard WhatsApp Business app users (11 Sep 2026).
 *
 * @example
 * ```ts
 * import { serviceWindowEvent } from 'wa-coexist/coexistence';
 * import { parseWebhook } from 'wa-coexist/webhooks';
 *
 * for (const event of parseWebhook({ entry: [] })) console.log(event.customer, serviceWindowEvent(event));
 * ```
 */
export function serviceWindowEvent(event: WebhookEvent): ServiceWindowEvent | undefined {
  if (event.type === 'message') {
    const atMs = event.occurredAt?.getTime();
    return atMs === undefined || opensNothing.has(event.message.type) ? undefined : { type: 'customer-wrote', atMs };
  }
  if (event.type !== 'status' || event.status.pricing?.type !== 'free_entry_point') return undefined;
  const expiresAt = Number(event.status.conversation?.expiration_timestamp);
  return expiresAt > 0 && expiresAt < farFuture ? { type: 'free-entry-point', untilMs: expiresAt * 1_000 } : undefined;
}

/** No time of Meta's is later: Unix seconds. */
const farFuture = 1e11;

const opensNothing: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'reaction',
  'unsupported',
  'system',
  'request_welcome',
  'media_placeholder',
]);

/**
 * The core of the service window: what is known of it after an event. Pure, and the same in whichever order, and however often, events come.
 *
 * @example
 * ```ts
 * import { readServiceWindow, serviceWindowChange } from 'wa-coexist/coexistence';
 *
 * const rules = { serviceWindowHours: 24 };
 * const state = serviceWindowChange({}, { type: 'customer-wrote', atMs: 0 });
 * readServiceWindow(state, 3_600_000, rules); // { status: 'open', untilMs: 86_400_000 }
 * ```
 */
export function serviceWindowChange(state: ServiceWindowState, event: ServiceWindowEvent): ServiceWindowState {
  return event.type === 'customer-wrote'
    ? { ...state, lastInboundAtMs: Math.max(state.lastInboundAtMs ?? 0, event.atMs) }
    : { ...state, freeUntilMs: Math.max(state.freeUntilMs ?? 0, event.untilMs) };
}

/** What a window is at a moment. */
export function readServiceWindow(state: ServiceWindowState, nowMs: number, rules: ServiceWindowRules): ServiceWindowReading {
  const { watchedFromMs, sinceOnboarding } = rules;
  const windowMs = rules.serviceWindowHours * hourMs;
  const { lastInboundAtMs, freeUntilMs } = state;
  const free = freeUntilMs !== undefined && nowMs < freeUntilMs ? { freeUntilMs } : {};
  // Meta's times are whole seconds.
  const counts =
    lastInboundAtMs !== undefined && !(sinceOnboarding && watchedFromMs !== undefined && lastInboundAtMs + 1_000 <= watchedFromMs);
  const untilMs = counts ? lastInboundAtMs + windowMs : undefined;
  if (untilMs !== undefined && nowMs < untilMs) return { status: 'open', untilMs, ...free };
  const isKnown = watchedFromMs !== undefined && (sinceOnboarding || nowMs - watchedFromMs >= windowMs);
  return { status: isKnown || untilMs !== undefined ? 'closed' : 'unknown', ...(untilMs !== undefined && { untilMs }), ...free };
}

/** Joins what is known of one customer under two ids. */
export function mergeServiceWindows(left: ServiceWindowState, right: ServiceWindowState): ServiceWindowState {
  const lastInboundAtMs = Math.max(left.lastInboundAtMs ?? 0, right.lastInboundAtMs ?? 0);
  const freeUntilMs = Math.max(left.freeUntilMs ?? 0, right.freeUntilMs ?? 0);
  return { ...(lastInboundAtMs > 0 && { lastInboundAtMs }), ...(freeUntilMs > 0 && { freeUntilMs }) };
}
